package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.forward.NextHop;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.wire.LinkPorts;
import io.peermesh.wire.Payload.Ownership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Computes the forwarding table from everything that has a say, least specific first; a later entry
 * for the same prefix wins. It says which controller has what, not how to get there: that are the
 * {@link io.peermesh.forward.Paths}. Pure, and linear in the number of entries.
 */
final class FibBuilder {
    private static final NextHop LOCAL = new NextHop.Local();
    private static final NextHop UNREACHABLE = new NextHop.Unreachable();
    private static final List<NextHop> TOWARDS =
            IntStream.rangeClosed(0, LinkPorts.MAX_CONTROLLERS)
                    .<NextHop>mapToObj(NextHop.Towards::new)
                    .toList();

    private final Desired desired;
    private final Map<Prefix, NextHop> routes = new HashMap<>();

    private FibBuilder(Desired desired) {
        this.desired = desired;
    }

    static Map<Prefix, NextHop> build(
            Desired desired, RouteChoice choice, Clients clients, OwnershipTable ownership) {
        var builder = new FibBuilder(desired);
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
        return controllerId == desired.selfId() ? LOCAL : TOWARDS.get(controllerId);
    }

    private void put(IpAddress address, NextHop nextHop) {
        routes.put(Prefix.host(address), nextHop);
    }
}
