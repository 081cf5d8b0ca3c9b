package io.peermesh.admin;

import io.peermesh.admin.MeshMap.Edge;
import io.peermesh.store.LinkSamples;
import io.peermesh.store.MeshStates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the mesh looked at a time, and its links over a time, as far as it was recorded. */
public final class MeshHistory {
    /** A state counts for so long after it was last seen: twice what lies between two notes. */
    public static final Duration SLACK = MeshRecorder.SAMPLE.multipliedBy(2);

    private static final long NANOS_PER_MICRO = 1000;
    private static final double PPM = 1e6;

    private final Changes changes;

    MeshHistory(Changes changes) {
        this.changes = changes;
    }

    /**
     * The mesh as it was.
     *
     * @param since when controllers and links had become like that
     */
    public record Past(MeshMap map, Instant since) {}

    /** A stretch of time: how many of the links were up. */
    public record Stretch(Instant from, Instant to, int up, int links) {
        /** A row per minute may say the same. */
        private boolean isLike(Stretch next) {
            return to.equals(next.from) && up == next.up && links == next.links;
        }

        private Stretch until(Instant end) {
            return new Stretch(from, end, up, links);
        }
    }

    /**
     * A link over some time.
     *
     * @param at when it began
     * @param rttMostMicros the longest round trip
     * @param loss mean, 0..1
     */
    public record Sample(Instant at, long rttMicros, long rttMostMicros, double loss) {}

    /** The mesh at a time; empty when nothing is recorded of it. */
    public Optional<Past> at(Instant time) {
        return changes.store()
                .read(tx ->
                        tx.meshStates()
                                .at(time)
                                .filter(row -> !time.isAfter(row.until().plus(SLACK)))
                                .flatMap(row -> MeshStateText.parse(row.state()))
                                .map(map ->
                                        new Past(
                                                withQuality(map, time, tx.linkSamples()),
                                                since(tx.meshStates(), time))));
    }

    private static Instant since(MeshStates states, Instant time) {
        return states.changeBefore(time.plusMillis(1)).orElse(time);
    }

    private static MeshMap withQuality(MeshMap map, Instant time, LinkSamples samples) {
        List<Edge> edges =
                map.edges().stream().map(edge -> withQuality(map, edge, time, samples)).toList();
        return new MeshMap(
                map.selfId(), map.nowNanos(), map.members(), edges, map.graph(), map.draining());
    }

    private static Edge withQuality(MeshMap map, Edge edge, Instant time, LinkSamples samples) {
        boolean own = edge.low() == map.selfId() || edge.high() == map.selfId();
        if (!own) {
            return edge;
        }
        int peer = edge.low() == map.selfId() ? edge.high() : edge.low();
        Optional<MeshMap.Quality> quality =
                samples
                        .find(
                                peer,
                                time.minus(MeshRecorder.SAMPLE),
                                time.plusMillis(1),
                                MeshRecorder.SAMPLE)
                        .stream()
                        .reduce((_, newer) -> newer)
                        .map(row ->
                                new MeshMap.Quality(
                                        row.rttMicros() * NANOS_PER_MICRO, row.lossPpm() / PPM));
        return new Edge(
                edge.low(), edge.high(), edge.state(), edge.cost(), quality, Optional.empty());
    }

    /** When controllers or links last changed before a time. */
    public Optional<Instant> changeBefore(Instant time) {
        return changes.store().read(tx -> tx.meshStates().changeBefore(time));
    }

    /** When controllers or links next changed after a time. */
    public Optional<Instant> changeAfter(Instant time) {
        return changes.store().read(tx -> tx.meshStates().changeAfter(time));
    }

    /** What is recorded of a span, oldest first; in the gaps between the stretches nothing is. */
    public List<Stretch> stretches(Instant begin, Instant end) {
        List<MeshStates.Row> rows =
                changes.store().read(tx -> tx.meshStates().between(begin.minus(SLACK), end));
        var stretches = new ArrayList<Stretch>();
        for (int at = 0; at < rows.size(); at++) {
            MeshStates.Row row = rows.get(at);
            Instant next = at + 1 < rows.size() ? rows.get(at + 1).at() : end;
            Instant until = next.isAfter(row.until().plus(SLACK)) ? row.until() : next;
            Stretch stretch = new Stretch(row.at(), until, row.up(), row.links());
            boolean goesOn = !stretches.isEmpty() && stretches.getLast().isLike(stretch);
            stretches.add(goesOn ? stretches.removeLast().until(until) : stretch);
        }
        return List.copyOf(stretches);
    }

    /** Samples of the link to a peer, oldest first, at most one per step. */
    public List<Sample> samples(int peer, Instant begin, Instant end, Duration step) {
        Duration coarse = step.compareTo(MeshRecorder.SAMPLE) < 0 ? MeshRecorder.SAMPLE : step;
        return changes.store().read(tx -> tx.linkSamples().find(peer, begin, end, coarse)).stream()
                .map(row ->
                        new Sample(
                                row.at(),
                                row.rttMicros(),
                                row.rttMostMicros(),
                                row.lossPpm() / PPM))
                .toList();
    }
}
