package io.peermesh.runtime;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeCounters;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Topology;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The running data plane as the administration sees it. Safe from any thread. */
public interface Mesh {
    /**
     * Carries out a plan; empty stops all links and clients. Returns at once, the control loop does
     * the work.
     */
    void apply(Optional<MeshPlan> plan);

    /** What the node does now; empty without a plan. At most a second old. */
    Optional<NodeStatus> status();

    /** Features in use and drops by reason. At most a second old. */
    default DataPlane dataPlane() {
        return DataPlane.NONE;
    }

    /** How often a limit or a check of the node said no. At most a second old. */
    default NodeCounters counters() {
        return NodeCounters.NONE;
    }

    /** Links and loads of all controllers, as they tell. At most a second old. */
    default Topology topology() {
        return Topology.NONE;
    }

    /** Why routes for this machine's kernel are not in force, by their id. */
    default Map<Integer, String> routeProblems() {
        return Map.of();
    }

    /** Ends the session of a client that is connected here; it may connect again at once. */
    void disconnect(IpAddress client);

    /**
     * Moves a client that is connected here to another controller, which calls it; it stays here
     * until it has answered there. Waits for the control loop, some milliseconds.
     *
     * @return whether that was begun: the client is connected here, the other controller can be
     *     reached and takes clients
     */
    default boolean move(IpAddress client, int controllerId) {
        return false;
    }

    /**
     * Takes the link to a peer down for a while, and measures the outage; returns at once. It is
     * over when the peer answers on the link again.
     *
     * @param overlay where the peer answers an echo inside the mesh
     * @param done told once, on another thread, when it is over
     */
    default void drill(
            int peerId, IpAddress overlay, Duration lasting, Consumer<DrillResult> done) {
        done.accept(DrillResult.failed("nothing runs"));
    }
}
