package io.peermesh.node;

import io.peermesh.crypto.Keyset;
import io.peermesh.ip.Prefix;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.replication.SharedEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A configuration with something changed. */
record Change(Desired desired) {
    static Change of(Desired desired) {
        return new Change(desired);
    }

    Change peer(int id, Desired.Peer peer) {
        var peers = new TreeMap<>(desired.peers());
        peers.put(id, peer);
        return with(
                desired.keyset(), peers, desired.clients(), desired.advertised(), desired.shared());
    }

    Change withoutPeer(int id) {
        var peers = new TreeMap<>(desired.peers());
        peers.remove(id);
        return with(
                desired.keyset(), peers, desired.clients(), desired.advertised(), desired.shared());
    }

    Change clients(List<Desired.Client> clients) {
        return with(
                desired.keyset(), desired.peers(), clients, desired.advertised(), desired.shared());
    }

    Change advertised(String... prefixes) {
        var list = new ArrayList<Prefix>();
        for (String prefix : prefixes) {
            list.add(Prefix.literal(prefix));
        }
        return with(desired.keyset(), desired.peers(), desired.clients(), list, desired.shared());
    }

    Change shared(List<SharedEntry> shared) {
        return with(
                desired.keyset(), desired.peers(), desired.clients(), desired.advertised(), shared);
    }

    Change keyset(Keyset keyset) {
        return with(
                keyset, desired.peers(), desired.clients(), desired.advertised(), desired.shared());
    }

    Change load(Desired.Load load) {
        return new Change(
                new Desired(
                        desired.installation(),
                        desired.selfId(),
                        desired.keyset(),
                        desired.overlay(),
                        desired.controllers(),
                        desired.virtualAddress(),
                        desired.peers(),
                        desired.clients(),
                        desired.advertised(),
                        desired.clientEndpoint(),
                        desired.shared(),
                        desired.topologyChecksum(),
                        load));
    }

    Change probing(ProbeProfile probes) {
        return new Change(
                new Desired(
                        desired.installation(),
                        desired.selfId(),
                        desired.keyset(),
                        desired.overlay(),
                        desired.controllers(),
                        desired.virtualAddress(),
                        desired.peers(),
                        desired.clients(),
                        desired.advertised(),
                        desired.clientEndpoint(),
                        desired.shared(),
                        desired.topologyChecksum(),
                        desired.load(),
                        probes));
    }

    private Change with(
            Keyset keyset,
            Map<Integer, Desired.Peer> peers,
            List<Desired.Client> clients,
            List<Prefix> advertised,
            List<SharedEntry> shared) {
        return new Change(
                new Desired(
                        desired.installation(),
                        desired.selfId(),
                        keyset,
                        desired.overlay(),
                        desired.controllers(),
                        desired.virtualAddress(),
                        peers,
                        clients,
                        advertised,
                        desired.clientEndpoint(),
                        shared,
                        desired.topologyChecksum(),
                        desired.load(),
                        desired.probes()));
    }
}
