package io.peermesh.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * When a peer link was up within a span of time, or a client connected here, from its recorded
 * events. Pure and immutable.
 *
 * @param spans without gaps from the begin to the end; not empty unless both are the same
 * @param starts when this controller started
 * @param falls how often it went down
 */
public record LinkTimeline(List<Span> spans, List<Instant> starts, int falls) {
    /** Copies the lists. */
    public LinkTimeline {
        spans = List.copyOf(spans);
        starts = List.copyOf(starts);
    }

    /** What is known. */
    public enum State {
        /** It carried traffic. */
        UP,
        /** It did not. */
        DOWN,
        /** Nothing is recorded. */
        UNKNOWN
    }

    /** A part of the time. */
    public record Span(Instant from, Instant to, State state) {
        /** How long it is. */
        public Duration length() {
            return Duration.between(from, to);
        }
    }

    /**
     * Draws it up.
     *
     * @param ups ups and downs of the link or client, in any order; also from before the begin, so
     *     that its state then is known
     * @param started starts of this controller, in any order: everything is down then
     */
    public static LinkTimeline of(
            List<EventView> ups, List<EventView> started, Instant begin, Instant end) {
        List<EventView> all =
                Stream.concat(ups.stream(), started.stream())
                        .filter(event -> event.at().isBefore(end))
                        .sorted(
                                Comparator.comparing(EventView::at)
                                        .thenComparingLong(EventView::id))
                        .toList();
        var spans = new ArrayList<Span>();
        var starts = new ArrayList<Instant>();
        State state = State.UNKNOWN;
        Instant since = begin;
        int falls = 0;
        for (EventView event : all) {
            State next = isUp(event.kind()) ? State.UP : State.DOWN;
            boolean within = !event.at().isBefore(begin);
            if (within && event.kind() == EventKind.CONTROLLER_STARTED) {
                starts.add(event.at());
            }
            if (within && isFall(event.kind())) {
                falls++;
            }
            if (within && next != state) {
                add(spans, since, event.at(), state);
                since = event.at();
            }
            state = next;
        }
        add(spans, since, end, state);
        return new LinkTimeline(spans, starts, falls);
    }

    private static boolean isUp(EventKind kind) {
        return kind == EventKind.PEER_UP
                || kind == EventKind.CLIENTPACK_UP
                || kind == EventKind.CLIENT_MOVED;
    }

    private static boolean isFall(EventKind kind) {
        return kind == EventKind.PEER_DOWN || kind == EventKind.CLIENTPACK_DOWN;
    }

    private static void add(List<Span> spans, Instant from, Instant to, State state) {
        if (from.isBefore(to)) {
            spans.add(new Span(from, to, state));
        }
    }

    /** How long it was in a state. */
    public Duration total(State state) {
        return spans.stream()
                .filter(span -> span.state() == state)
                .map(Span::length)
                .reduce(Duration.ZERO, Duration::plus);
    }
}
