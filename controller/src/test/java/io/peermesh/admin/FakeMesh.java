package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Topology;
import io.peermesh.runtime.DrillResult;
import io.peermesh.runtime.Mesh;
import io.peermesh.runtime.MeshPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Remembers what it was told, and tells what it is set to. */
final class FakeMesh implements Mesh {
    final List<Optional<MeshPlan>> plans = new ArrayList<>();
    final List<Drill> drills = new ArrayList<>();
    final List<IpAddress> disconnected = new ArrayList<>();
    final List<Move> moves = new ArrayList<>();
    boolean takesMoves = true;
    final Map<Integer, String> routeProblems = new HashMap<>();
    Optional<NodeStatus> status = Optional.empty();
    Topology topology = Topology.NONE;

    @Override
    public synchronized void apply(Optional<MeshPlan> plan) {
        plans.add(plan);
    }

    @Override
    public Optional<NodeStatus> status() {
        return status;
    }

    @Override
    public Map<Integer, String> routeProblems() {
        return routeProblems;
    }

    @Override
    public Topology topology() {
        return topology;
    }

    @Override
    public void disconnect(IpAddress client) {
        disconnected.add(client);
    }

    /** A client that was to be moved. */
    record Move(IpAddress client, int controllerId) {}

    @Override
    public boolean move(IpAddress client, int controllerId) {
        moves.add(new Move(client, controllerId));
        return takesMoves;
    }

    MeshPlan plan() {
        return plans.getLast().orElseThrow();
    }

    /** A drill that was asked for; the test tells how it went. */
    record Drill(int peerId, IpAddress overlay, Duration lasting, Consumer<DrillResult> done) {}

    @Override
    public void drill(int peerId, IpAddress overlay, Duration lasting, Consumer<DrillResult> done) {
        drills.add(new Drill(peerId, overlay, lasting, done));
    }
}
