package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.ConnectionTest;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PeeringView;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.Mesh;
import io.peermesh.web.view.Numbers;
import io.peermesh.web.view.PeerStateView;
import io.peermesh.web.view.Pill;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** How the rows of the peering table come up. */
final class PeerStates {
    private final Administration administration;
    private final Mesh mesh;

    PeerStates(Administration administration, Mesh mesh) {
        this.administration = administration;
        this.mesh = mesh;
    }

    /** One per controller of the license, by id; empty before the keyset. */
    List<PeerStateView> all() {
        if (!(administration.peering().view()
                instanceof Outcome.Done<PeeringView>(PeeringView table))) {
            return List.of();
        }
        Map<Integer, NodeStatus.Link> links =
                mesh.status().map(NodeStatus::links).orElse(List.of()).stream()
                        .collect(Collectors.toMap(NodeStatus.Link::peerId, each -> each));
        return table.rows().stream()
                .map(row -> state(table.selfId(), row, Optional.ofNullable(links.get(row.id()))))
                .toList();
    }

    private static PeerStateView state(
            OptionalInt selfId, PeeringView.Row row, Optional<NodeStatus.Link> link) {
        return switch (row) {
            case PeeringView.Self self ->
                    new PeerStateView(self.id(), Pill.good("this instance"), "", "");
            case PeeringView.NotSet unset ->
                    new PeerStateView(unset.id(), Pill.plain("not set"), "", "");
            case PeeringView.Peer peer -> state(selfId, peer, link);
        };
    }

    private static PeerStateView state(
            OptionalInt selfId, PeeringView.Peer peer, Optional<NodeStatus.Link> link) {
        String rtt =
                link.filter(each -> peer.reachable() && each.rttNanos() > 0)
                        .map(each -> "RTT " + Numbers.millis(each.rttNanos()))
                        .orElse("");
        // a held link answers; what it waits for is no port
        boolean silent = !peer.reachable() && !peer.state().equals("held");
        boolean hasPorts = selfId.isPresent() && selfId.getAsInt() != peer.id();
        return new PeerStateView(
                peer.id(),
                Pill.link(peer.state()),
                peer.reason().isEmpty() ? rtt : peer.reason(),
                silent && hasPorts ? ConnectionTest.portAdvice(selfId.getAsInt(), peer.id()) : "");
    }
}
