package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.forward.NextHop;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.routing.ShortestPaths;
import io.peermesh.wire.Payload.Ownership;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Computes the forwarding table from everything that has a say, least specific first; a later entry
 * for the same prefix wins. Pure, and linear in the number of entries.
 */
final class FibBuilder {
    private static final NextHop LOCAL = new NextHop.Local();
    private static final NextHop UNREACHABLE = new NextHop.Unreachable();

    private final Desired desired;
    private final ShortestPaths paths;
    private final Map<Integer, PeerLink> links;
    private final Map<Prefix, NextHop> routes = new HashMap<>();

    private FibBuilder(Desired desired, ShortestPaths paths, Map<Integer, PeerLink> links) {
        this.desired = desired;
        this.paths = paths;
        this.links = links;
    }

    static Map<Prefix, NextHop> build(
            Desired desired,
            ShortestPaths paths,
            Map<Integer, PeerLink> links,
            RouteChoice choice,
            Clients clients,
            OwnershipTable ownership) {
        var builder = new FibBuilder(desired, paths, links);
        builder.addSubnets(choice);
        builder.addClients(clients, ownership);
        builder.addControllers();
        return builder.routes;
    }

    private void addSubnets(RouteChoice choice) {
        choice.chosen()
                .forEach((prefix, controller) ->
                        routes.put(prefix, controller.map(this::towards).orElse(UNREACHABLE)));
    }

    private void addClients(Clients clients, OwnershipTable ownership) {
        for (Ownership record : ownership.all()) {
            if (record.owner() != OwnershipTable.NOBODY && record.owner() != desired.selfId()) {
                put(record.client(), towards(record.owner()));
            }
        }
        for (ClientSession session : clients.all()) {
            if (session.connected) {
                put(session.address(), new NextHop.Via(session.tunnel));
            } else {
                routes.putIfAbsent(Prefix.host(session.address()), UNREACHABLE);
            }
        }
    }

    private void addControllers() {
        desired.controllers().forEach((id, address) -> put(address, towards(id)));
        desired.virtualAddress().ifPresent(address -> put(address, LOCAL));
    }

    private NextHop towards(int controllerId) {
        if (controllerId == desired.selfId()) {
            return LOCAL;
        }
        return paths.to(controllerId)
                .map(path -> path.nextHops().getFirst())
                .flatMap(hop -> Optional.ofNullable(links.get(hop)))
                .<NextHop>map(link -> new NextHop.Via(link.tunnel))
                .orElse(UNREACHABLE);
    }

    private void put(IpAddress address, NextHop nextHop) {
        routes.put(Prefix.host(address), nextHop);
    }
}
