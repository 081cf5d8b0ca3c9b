package io.peermesh.admin;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.node.NodeStatus;
import java.util.List;
import java.util.Optional;

/** What a mesh may tell of itself. */
final class Statuses {
    private Statuses() {}

    static NodeStatus of(
            List<NodeStatus.Link> links,
            List<NodeStatus.Client> clients,
            List<NodeStatus.Route> routes,
            List<NodeStatus.Controller> controllers) {
        return new NodeStatus(0, links, clients, routes, controllers, java.util.Optional.empty());
    }

    static NodeStatus.Link link(int id, NodeStatus.LinkState state, String reason) {
        return new NodeStatus.Link(
                id,
                state,
                reason,
                Optional.empty(),
                1_000_000,
                0,
                NodeStatus.Health.UNKNOWN,
                0,
                0,
                "",
                0,
                0,
                0,
                0);
    }

    static NodeStatus.Client client(String overlay, int owner, String endpoint) {
        return new NodeStatus.Client(
                IpAddress.literal(overlay), owner, Endpoint.parse(endpoint), 0, 0, 0, 0, 1);
    }

    static NodeStatus.Route route(String prefix, int controllerId) {
        return new NodeStatus.Route(Prefix.literal(prefix), controllerId, true);
    }

    static NodeStatus.Controller controller(int id, String checksum, String endpoint) {
        return new NodeStatus.Controller(id, checksum, endpoint, true);
    }
}
