package io.peermesh.http;

import io.peermesh.forward.DropReason;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeCounters;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Topology;
import io.peermesh.runtime.DataPlane;
import io.peermesh.runtime.DrillResult;
import io.peermesh.runtime.Mesh;
import io.peermesh.runtime.MeshPlan;
import io.peermesh.session.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Takes plans, and tells what a test sets. */
public final class FakeMesh implements Mesh {
    /** What {@link #status} answers. */
    public volatile Optional<NodeStatus> status = Optional.empty();

    /** What {@link #topology} answers. */
    public volatile Topology topology = Topology.NONE;

    /** Clients that were disconnected. */
    public final List<IpAddress> disconnected = new CopyOnWriteArrayList<>();

    @Override
    public void apply(Optional<MeshPlan> plan) {}

    @Override
    public Optional<NodeStatus> status() {
        return status;
    }

    @Override
    public DataPlane dataPlane() {
        return new DataPlane(
                List.of(new DataPlane.Feature("UDP GSO", false, "switched off by no-gso")),
                Map.of(DropReason.REPLAYED, 3L),
                List.of());
    }

    @Override
    public Topology topology() {
        return topology;
    }

    @Override
    public NodeCounters counters() {
        return new NodeCounters(
                Map.of(Refusal.WRONG_MAC1, 4L), Map.of(), 5, 6, 7, NodeCounters.Moves.NONE);
    }

    /** Clients that were moved, and where to. */
    public final List<String> moves = new CopyOnWriteArrayList<>();

    @Override
    public boolean move(IpAddress client, int controllerId) {
        return moves.add(client + " to " + controllerId);
    }

    @Override
    public void disconnect(IpAddress client) {
        disconnected.add(client);
    }

    @Override
    public void drill(int peerId, IpAddress overlay, Duration lasting, Consumer<DrillResult> done) {
        done.accept(new DrillResult(true, 150_000_000, 100, 15, 80_000_000, ""));
    }
}
