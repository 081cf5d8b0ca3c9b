package io.peermesh.agent;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The controllers that may be used, and which of them is the best. Owned by {@link Failover}. */
final class Candidates {
    /** A move to a nearer controller needs this much less round trip, and a third less. */
    static final long NEARER_NANOS = 10_000_000L;

    /** And this many handshakes in a row that it answered. */
    static final int NEARER_STREAK = 3;

    /** We do not go back by ourselves to a controller that we were moved away from for so long. */
    static final long LEFT_NANOS = 3_600_000_000_000L;

    private final SortedMap<Integer, Candidate> byId = new TreeMap<>();

    /** Adds one; known ones are let be. */
    void add(int id, long nowNanos) {
        byId.computeIfAbsent(id, each -> new Candidate(each, nowNanos));
    }

    boolean has(int id) {
        return byId.containsKey(id);
    }

    Optional<Candidate> find(int id) {
        return Optional.ofNullable(byId.get(id));
    }

    Candidate of(int id) {
        return find(id).orElseThrow(() ->
                new IllegalArgumentException("controller " + id + " is no candidate"));
    }

    /** By id; a view. */
    Collection<Candidate> all() {
        return byId.values();
    }

    /** When any of them last answered; {@link Candidate#NEVER} before. */
    long answeredNanos() {
        return all().stream().mapToLong(each -> each.answeredNanos).max().orElse(Candidate.NEVER);
    }

    /** The best that stands by: not one that we were moved away from, then the nearest. */
    Optional<Candidate> best(Predicate<Candidate> condition, long nowNanos) {
        return all().stream()
                .filter(each -> each.isReady(nowNanos))
                .filter(condition)
                .min(
                        Comparator.comparing((Candidate each) ->
                                        each.wasLeftWithin(LEFT_NANOS, nowNanos))
                                .thenComparingLong(each -> each.rttNanos)
                                .thenComparingInt(each -> each.id));
    }

    /**
     * Whether a controller is so much nearer than the one in use, for long, that it is worth it.
     */
    static boolean isClearlyNearer(Candidate other, Candidate current, long nowNanos) {
        long margin = Math.max(NEARER_NANOS, current.rttNanos / 3);
        return current.rttNanos > 0
                && other.rttNanos + margin <= current.rttNanos
                && other.streak >= NEARER_STREAK
                && !other.wasLeftWithin(LEFT_NANOS, nowNanos);
    }
}
