package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.license.Addressing;
import io.peermesh.node.Desired;
import io.peermesh.runtime.MeshPlan;
import io.peermesh.store.Routes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From what is configured to what the mesh shall do. Pure. */
final class Plans {
    private final Settings settings;

    Plans(Settings settings) {
        this.settings = settings;
    }

    /** Empty until license, keyset and own id are there. */
    Optional<MeshPlan> of(Configuration configuration) {
        if (configuration.checksum().isEmpty() || configuration.selfId().isEmpty()) {
            return Optional.empty();
        }
        Addressing addressing = configuration.addressing().orElseThrow();
        int selfId = configuration.selfId().orElseThrow();
        return Optional.of(
                new MeshPlan(
                        configuration.installation(),
                        selfId,
                        configuration.keyset().orElseThrow().keyset(),
                        addressing.overlay(),
                        controllers(addressing),
                        addressing.virtualAddress(),
                        peers(configuration),
                        clients(configuration, addressing),
                        advertised(configuration),
                        ClientEndpoints.own(configuration, settings),
                        configuration.shared().all(),
                        configuration.checksum().orElseThrow(),
                        LocalRoutes.of(configuration),
                        MemberSettings.load(configuration),
                        MemberSettings.probes(configuration)));
    }

    private static Map<Integer, IpAddress> controllers(Addressing addressing) {
        var controllers = new HashMap<Integer, IpAddress>();
        for (int id = 1; id <= addressing.controllers().size(); id++) {
            controllers.put(id, addressing.controller(id));
        }
        return controllers;
    }

    private static Map<Integer, MeshPlan.PeerAddress> peers(Configuration configuration) {
        var peers = new HashMap<Integer, MeshPlan.PeerAddress>();
        configuration
                .peers()
                .forEach((id, peer) ->
                        peers.put(id, new MeshPlan.PeerAddress(peer.host(), peer.outerMtuBytes())));
        return peers;
    }

    private static List<Desired.Client> clients(
            Configuration configuration, Addressing addressing) {
        int mtuBytes = PackMtu.of(configuration);
        var clients = new ArrayList<Desired.Client>();
        int sequentialId = 0;
        for (IpAddress address : addressing.clients()) {
            sequentialId++;
            PackState pack = configuration.pack(address);
            if (!pack.disabled()) {
                clients.add(new Desired.Client(sequentialId, address, pack.generation(), mtuBytes));
            }
        }
        return clients;
    }

    /**
     * The subnets that this controller advertises, each once. A route that was added before the
     * license may overlap the overlay subnet, which is never advertised.
     */
    static List<Prefix> advertised(Configuration configuration) {
        return configuration.routes().values().stream()
                .filter(route -> route.advertise() && route.enabled())
                .map(Routes.Row::cidr)
                .filter(cidr -> cidr.length() == 0 || !overlapsOverlay(configuration, cidr))
                .distinct()
                .sorted()
                .toList();
    }

    private static boolean overlapsOverlay(Configuration configuration, Prefix cidr) {
        return configuration.addressing().map(each -> each.overlay().overlaps(cidr)).orElse(false);
    }
}
