package io.peermesh.sim;

import io.peermesh.ip.Prefix;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.node.Desired;
import io.peermesh.replication.SharedEntry;
import java.util.List;
import java.util.Map;

/** A configuration as an administrator changes it: one thing at a time, the rest as it was. */
record Configured(Desired desired) {
    Configured peers(Map<Integer, Desired.Peer> peers) {
        return with(peers, desired.advertised(), desired.load(), desired.probes());
    }

    Configured advertised(List<Prefix> advertised) {
        return with(desired.peers(), advertised, desired.load(), desired.probes());
    }

    Configured load(Desired.Load load) {
        return with(desired.peers(), desired.advertised(), load, desired.probes());
    }

    Configured probes(ProbeProfile probes) {
        return with(desired.peers(), desired.advertised(), desired.load(), probes);
    }

    private Configured with(
            Map<Integer, Desired.Peer> peers,
            List<Prefix> advertised,
            Desired.Load load,
            ProbeProfile probes) {
        return new Configured(
                new Desired(
                        desired.installation(),
                        desired.selfId(),
                        desired.keyset(),
                        desired.overlay(),
                        desired.controllers(),
                        desired.virtualAddress(),
                        peers,
                        desired.clients(),
                        advertised,
                        desired.clientEndpoint(),
                        desired.shared(),
                        desired.topologyChecksum(),
                        load,
                        probes));
    }

    /** What follows from the topology-wide state as stored. */
    Configured stored(
            List<Desired.Client> clients, List<SharedEntry> shared, String topologyChecksum) {
        return new Configured(
                new Desired(
                        desired.installation(),
                        desired.selfId(),
                        desired.keyset(),
                        desired.overlay(),
                        desired.controllers(),
                        desired.virtualAddress(),
                        desired.peers(),
                        clients,
                        desired.advertised(),
                        desired.clientEndpoint(),
                        shared,
                        topologyChecksum,
                        desired.load(),
                        desired.probes()));
    }
}
