package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.session.Activity;
import io.peermesh.wire.Payload.Advertisement;
import io.peermesh.wire.Payload.Ownership;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts together what the node is asked to show. */
final class StatusView {
    private StatusView() {}

    static NodeStatus of(
            long nowNanos,
            Desired desired,
            Databases databases,
            Links links,
            Clients clients,
            Routing routing,
            Optional<NodeStatus.Drain> drain) {
        return new NodeStatus(
                nowNanos,
                links.byId().values().stream().map(link -> link.status(nowNanos)).toList(),
                clients(desired.selfId(), databases.ownership(), clients, routing),
                routing.choice().routes(),
                controllers(desired.selfId(), databases, routing),
                drain);
    }

    /** Those here, and those at controllers that can be reached. */
    private static List<NodeStatus.Client> clients(
            int selfId, OwnershipTable ownership, Clients clients, Routing routing) {
        Stream<NodeStatus.Client> here =
                clients.all().stream()
                        .filter(session -> session.connected)
                        .map(session -> here(selfId, session, ownership));
        Stream<NodeStatus.Client> elsewhere =
                ownership.all().stream()
                        .filter(record -> record.owner() != selfId)
                        .filter(record -> routing.paths().to(record.owner()).isPresent())
                        .map(StatusView::elsewhere);
        return Stream.concat(here, elsewhere)
                .sorted(Comparator.comparing(NodeStatus.Client::overlayAddress))
                .toList();
    }

    private static NodeStatus.Client here(
            int selfId, ClientSession session, OwnershipTable ownership) {
        Activity activity = session.tunnel.activity;
        return new NodeStatus.Client(
                session.address(),
                selfId,
                session.machine.flatMap(machine -> machine.endpoint()),
                session.lastHandshakeNanos(),
                activity.lastReceivedNanos(),
                activity.sentBytes(),
                activity.receivedBytes(),
                ownership.find(session.address()).map(Ownership::epoch).orElse(0L));
    }

    private static NodeStatus.Client elsewhere(Ownership record) {
        return new NodeStatus.Client(
                record.client(),
                record.owner(),
                record.endpoint(),
                Activity.NEVER,
                Activity.NEVER,
                0,
                0,
                record.epoch());
    }

    private static List<NodeStatus.Controller> controllers(
            int selfId, Databases databases, Routing routing) {
        return databases.linkState().heads().stream()
                .filter(head -> head.origin() != selfId)
                .map(head -> controller(head, routing))
                .toList();
    }

    private static NodeStatus.Controller controller(Advertisement head, Routing routing) {
        boolean reachable = routing.paths().to(head.origin()).isPresent();
        return new NodeStatus.Controller(
                head.origin(), head.checksum(), head.clientEndpoint(), reachable);
    }
}
