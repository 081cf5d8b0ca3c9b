package io.peermesh.admin;

import io.peermesh.admin.Configuration.Field;
import io.peermesh.clients.FailureAnalysis;
import io.peermesh.clients.FailureAnalysis.Failure;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.Mesh;
import java.util.List;
import java.util.Optional;

/** Empties this controller before maintenance; stored, so that a restart goes on draining. */
public final class DrainAdmin {
    private static final String NOT_DRAINING = "this controller does not drain";

    private final Changes changes;
    private final Mesh mesh;
    private final Resilience resilience;
    private final EventLog events;

    DrainAdmin(Changes changes, Mesh mesh, Resilience resilience, EventLog events) {
        this.changes = changes;
        this.mesh = mesh;
        this.resilience = resilience;
        this.events = events;
    }

    /**
     * How far a drain is.
     *
     * @param draining whether this controller is to be emptied
     * @param clientsLeft connected here now
     * @param stranded of these, how many no other controller could reach
     * @param transit pairs of other controllers that reach each other through here alone
     * @param safeToStop whether this controller may be stopped without anybody noticing
     * @param obstacle why it is not safe, in words; empty when it is
     */
    public record View(
            boolean draining,
            int clientsLeft,
            int stranded,
            List<FailureAnalysis.Pair> transit,
            boolean safeToStop,
            String obstacle) {
        /** Copies the list. */
        public View {
            transit = List.copyOf(transit);
        }
    }

    /** How far it is; also while this controller does not drain. */
    public View view() {
        Configuration now = changes.current();
        boolean draining = MemberSettings.isDraining(now);
        Optional<NodeStatus> status = now.selfId().isPresent() ? mesh.status() : Optional.empty();
        if (status.isEmpty()) {
            return new View(draining, 0, 0, List.of(), draining, draining ? "" : NOT_DRAINING);
        }
        int selfId = now.selfId().orElseThrow();
        List<FailureAnalysis.Pair> transit = transit(selfId);
        Optional<NodeStatus.Drain> drain = status.get().drain();
        int clients =
                (int)
                        status.get().clients().stream()
                                .filter(client -> client.owner() == selfId)
                                .count();
        String obstacle = obstacle(draining, drain, clients, transit);
        return new View(
                draining,
                drain.map(NodeStatus.Drain::clientsLeft).orElse(clients),
                drain.map(NodeStatus.Drain::stranded).orElse(0),
                transit,
                obstacle.isEmpty(),
                obstacle);
    }

    private List<FailureAnalysis.Pair> transit(int selfId) {
        return resilience
                .mesh()
                .filter(all -> all.weights().containsKey(selfId))
                .map(all -> FailureAnalysis.of(all, new Failure.OfController(selfId)).cutOff())
                .orElse(List.of());
    }

    private static String obstacle(
            boolean draining,
            Optional<NodeStatus.Drain> drain,
            int clients,
            List<FailureAnalysis.Pair> transit) {
        if (!draining) {
            return NOT_DRAINING;
        }
        if (drain.isPresent() && !drain.get().obstacle().isEmpty()) {
            return drain.get().obstacle();
        }
        if (clients > 0) {
            return clients + " clients are connected here";
        }
        return transit.isEmpty()
                ? ""
                : "controllers %d and %d reach each other through this one alone"
                        .formatted(transit.getFirst().low(), transit.getFirst().high());
    }

    /**
     * Switches draining on or off.
     *
     * @param force drain even when no other controller can take the clients
     */
    public Outcome<View> set(Actor actor, boolean draining, boolean force) {
        boolean alone = resilience.mesh().map(all -> all.weights().size() < 2).orElse(true);
        if (draining && alone && !force && !MemberSettings.isDraining(changes.current())) {
            return Outcome.refused(
                    Problem.prerequisite(
                            "No other controller can be reached, so nobody could take the clients"
                                    + " of this one. Bring up a peer first, or drain with force."));
        }
        boolean before = MemberSettings.isDraining(changes.current());
        Outcome<Boolean> outcome =
                changes.change(
                        actor,
                        draining ? "drain" : "undrain",
                        "",
                        tx -> {
                            tx.local().put(Field.DRAINING, draining ? "1" : "0");
                            return Outcome.done(true);
                        });
        if (before != draining) {
            events.record(
                    EventKind.DRAIN_CHANGED,
                    "controller",
                    draining
                            ? "This controller drains: its clients go to the others."
                            : "This controller does not drain any more.");
        }
        return outcome.map(_ -> view());
    }
}
