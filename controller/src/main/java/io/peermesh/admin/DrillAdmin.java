package io.peermesh.admin;

import io.peermesh.admin.EventDetail.Measure;
import io.peermesh.clients.FailureAnalysis;
import io.peermesh.clients.FailureAnalysis.Consequence;
import io.peermesh.clients.FailureAnalysis.Failure;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.DrillResult;
import io.peermesh.runtime.Mesh;
import io.peermesh.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Failover drills: takes one link down on purpose for a while, and measures what that does to
 * packets between this controller and the peer. One at a time; the link heals by itself, even when
 * this process does not live to see it.
 */
public final class DrillAdmin {
    /** The longest drill, seconds. */
    public static final int MAX_SECONDS = 60;

    private final Changes changes;
    private final Mesh mesh;
    private final Resilience resilience;
    private final EventLog events;
    private final AtomicReference<Optional<View>> latest = new AtomicReference<>(Optional.empty());

    DrillAdmin(Changes changes, Mesh mesh, Resilience resilience, EventLog events) {
        this.changes = changes;
        this.mesh = mesh;
        this.resilience = resilience;
        this.events = events;
    }

    /**
     * A drill.
     *
     * @param result empty while it runs
     * @param figures what the link's own event says, such as the time to detect
     */
    public record View(
            int peer,
            int seconds,
            Instant started,
            Optional<DrillResult> result,
            Map<Measure, Long> figures) {
        /** Copies the map. */
        public View {
            figures = Map.copyOf(figures);
        }

        /** Whether it is still going on. */
        public boolean isRunning() {
            return result.isEmpty();
        }
    }

    /** The one that runs, or ran last since the start. */
    public Optional<View> latest() {
        return latest.get();
    }

    /**
     * Starts a drill and returns at once.
     *
     * @param force also when somebody would be stranded or cut off
     */
    public Outcome<View> start(Actor actor, int peerId, int seconds, boolean force) {
        Optional<Problem> problem = problem(peerId, seconds, force);
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        var view = new View(peerId, seconds, changes.now(), Optional.empty(), Map.of());
        Optional<View> before = latest.get();
        boolean running = before.map(View::isRunning).orElse(false);
        if (running || !latest.compareAndSet(before, Optional.of(view))) {
            return Outcome.refused(
                    Problem.prerequisite("A drill is going on already; wait until it is over."));
        }
        String target = "controller " + peerId + ", " + seconds + " s";
        Outcome<Boolean> noted;
        try {
            noted = changes.change(actor, "drill", target, _ -> Outcome.done(true));
        } catch (StoreException e) {
            latest.set(before);
            throw e;
        }
        mesh.drill(
                peerId,
                changes.current().addressing().orElseThrow().controller(peerId),
                Duration.ofSeconds(seconds),
                result -> finish(view, result));
        return noted.map(_ -> view);
    }

    private Optional<Problem> problem(int peerId, int seconds, boolean force) {
        Optional<Problem> unready = Prerequisites.keyset(changes.current());
        if (unready.isPresent()) {
            return unready;
        }
        if (seconds < 1 || seconds > MAX_SECONDS) {
            return Optional.of(
                    Problem.argument(
                            "seconds is invalid: a drill lasts 1 to %d s, not %d"
                                    .formatted(MAX_SECONDS, seconds)));
        }
        boolean up =
                mesh.status()
                        .map(status ->
                                status.links().stream()
                                        .anyMatch(link ->
                                                link.peerId() == peerId
                                                        && link.state() == NodeStatus.LinkState.UP))
                        .orElse(false);
        if (!up) {
            return Optional.of(
                    Problem.argument(
                            "There is no link to controller %d that is up, so there is nothing to"
                                            .formatted(peerId)
                                    + " learn from taking it down."));
        }
        return force ? Optional.empty() : harm(peerId);
    }

    /** What a cut of this link would break for good, by the same analysis that operators see. */
    private Optional<Problem> harm(int peerId) {
        int selfId = changes.current().selfId().orElseThrow();
        var failure = new Failure.OfLink(Math.min(selfId, peerId), Math.max(selfId, peerId));
        Optional<Consequence> consequence =
                resilience
                        .mesh()
                        .filter(all ->
                                all.weights().containsKey(selfId)
                                        && all.weights().containsKey(peerId))
                        .map(all -> FailureAnalysis.of(all, failure));
        if (consequence.map(Consequence::isHarmless).orElse(false)) {
            return Optional.empty();
        }
        return Optional.of(
                Problem.prerequisite(
                        "Without the link to controller %d, %d pairs of controllers would be cut"
                                        .formatted(
                                                peerId,
                                                consequence
                                                        .map(each -> each.cutOff().size())
                                                        .orElse(0))
                                + " off from each other and %d clients stranded while the drill"
                                        .formatted(consequence.map(Consequence::stranded).orElse(0))
                                + " lasts. Add a link, or drill with force."));
    }

    private void finish(View started, DrillResult result) {
        Map<Measure, Long> figures = figures(started);
        latest.set(
                Optional.of(
                        new View(
                                started.peer(),
                                started.seconds(),
                                started.started(),
                                Optional.of(result),
                                figures)));
        EventDetail detail = EventDetail.ofPeer(started.peer(), "drill");
        for (Map.Entry<Measure, Long> figure : figures.entrySet()) {
            detail = detail.with(figure.getKey(), figure.getValue());
        }
        detail = detail.withNanos(Measure.OUTAGE_MICROS, result.outageNanos());
        if (result.done()) {
            detail = detail.withNanos(Measure.RETURN_MICROS, result.returnNanos());
        }
        events.record(
                EventKind.DRILL, "controller " + started.peer(), words(started, result), detail);
    }

    private Map<Measure, Long> figures(View started) {
        EventQuery newest = EventQuery.newest(1).of(started.peer(), EventKind.PEER_DOWN);
        try {
            return events.find(newest).stream()
                    .filter(event -> !event.at().isBefore(started.started()))
                    .findFirst()
                    .map(event -> event.detail().measures())
                    .orElse(Map.of());
        } catch (StoreException e) {
            return Map.of(); // a drill ends in any case
        }
    }

    private static String words(View drill, DrillResult result) {
        if (!result.done()) {
            return "The drill on the link to controller %d was not carried out: %s."
                    .formatted(drill.peer(), result.obstacle());
        }
        return "The link to controller %d was taken down for %d s in a drill: %s; %s."
                .formatted(drill.peer(), drill.seconds(), outage(result), returned(result));
    }

    private static String outage(DrillResult result) {
        if (result.outageNanos() < 0) {
            return "the outage could not be measured, since " + result.obstacle();
        }
        return "no answer for %.0f ms, %d of %d echo requests lost"
                .formatted(result.outageNanos() / 1e6, result.lost(), result.sent());
    }

    private static String returned(DrillResult result) {
        return result.ending() == DrillResult.Ending.OVER
                ? "the link answered again %.0f ms after it".formatted(result.returnNanos() / 1e6)
                : "the link did not come back by itself, see peermesh status";
    }
}
