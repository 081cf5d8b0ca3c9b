package io.peermesh.admin;

import io.peermesh.clients.FailureAnalysis;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.Desired;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Topology;
import io.peermesh.runtime.Mesh;
import io.peermesh.wire.Payload;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What would happen if something failed now. */
public final class Resilience {
    private final Changes changes;
    private final Mesh mesh;

    Resilience(Changes changes, Mesh mesh) {
        this.changes = changes;
        this.mesh = mesh;
    }

    /** For each controller that can be reached, and each link between them. */
    public Outcome<List<FailureAnalysis.Consequence>> nMinusOne() {
        return Prerequisites.keyset(changes.current())
                .<Outcome<List<FailureAnalysis.Consequence>>>map(Outcome::refused)
                .orElseGet(() -> Outcome.done(mesh().map(FailureAnalysis::all).orElse(List.of())));
    }

    /** The mesh as it is now, as far as it can be reached; empty while it does not run. */
    Optional<FailureAnalysis.Mesh> mesh() {
        Configuration now = changes.current();
        Optional<NodeStatus> status = now.selfId().isPresent() ? mesh.status() : Optional.empty();
        return status.map(each -> mesh(now.selfId().orElseThrow(), each, mesh.topology()));
    }

    private static FailureAnalysis.Mesh mesh(int selfId, NodeStatus status, Topology topology) {
        var weights = new HashMap<Integer, Integer>();
        var draining = new HashSet<Integer>();
        var reachable = new HashSet<Integer>();
        reachable.add(selfId);
        status.controllers().stream()
                .filter(NodeStatus.Controller::reachable)
                .forEach(each -> reachable.add(each.id()));
        for (int id : reachable) {
            Optional<Payload.Load> load = Optional.ofNullable(topology.loads().get(id));
            weights.put(id, load.map(Payload.Load::weight).orElse(Desired.Load.NORMAL.weight()));
            if (load.map(Payload.Load::draining).orElse(false)) {
                draining.add(id);
            }
        }
        var owners = new HashMap<IpAddress, Integer>();
        status.clients().forEach(client -> owners.put(client.overlayAddress(), client.owner()));
        return new FailureAnalysis.Mesh(topology.graph(), Map.copyOf(owners), weights, draining);
    }
}
