package io.peermesh.admin;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long it took to notice that links were down and to move traffic and clients, since the start;
 * and how often for each cause. Safe from any thread.
 */
public final class MoveTimes {
    private final Histogram linkDetect = new Histogram();
    private final Histogram linkRepair = new Histogram();
    private final Histogram clientDetect = new Histogram();
    private final Histogram clientMove = new Histogram();
    private final Map<String, LongAdder> linkDowns = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> clientMoves = new ConcurrentHashMap<>();

    MoveTimes() {}

    /** Counts of durations up to each bound, and above all. */
    public static final class Histogram {
        /** Upper bounds of the buckets, nanoseconds. */
        public static final List<Long> BOUNDS_NANOS =
                List.of(
                        1_000_000L,
                        10_000_000L,
                        20_000_000L,
                        50_000_000L,
                        100_000_000L,
                        200_000_000L,
                        500_000_000L,
                        1_000_000_000L,
                        2_000_000_000L,
                        5_000_000_000L,
                        30_000_000_000L);

        private final AtomicLongArray buckets = new AtomicLongArray(BOUNDS_NANOS.size() + 1);
        private final LongAdder sumNanos = new LongAdder();

        private Histogram() {}

        private void add(long nanos) {
            int bucket = 0;
            while (bucket < BOUNDS_NANOS.size() && nanos > BOUNDS_NANOS.get(bucket)) {
                bucket++;
            }
            buckets.incrementAndGet(bucket);
            sumNanos.add(nanos);
        }

        /** How many were at most as long as bound {@code index}; with the last index, all. */
        public long countUpTo(int index) {
            long count = 0;
            for (int bucket = 0; bucket <= index; bucket++) {
                count += buckets.get(bucket);
            }
            return count;
        }

        /** Of all durations. */
        public long sumNanos() {
            return sumNanos.sum();
        }
    }

    /** A negative time is unknown, and left out. */
    void onLinkDown(String cause, long detectNanos, long repairNanos) {
        linkDowns.computeIfAbsent(cause, _ -> new LongAdder()).increment();
        addKnown(linkDetect, detectNanos);
        addKnown(linkRepair, repairNanos);
    }

    void onClientMoved(String cause, long detectNanos, long moveNanos) {
        clientMoves.computeIfAbsent(cause, _ -> new LongAdder()).increment();
        addKnown(clientDetect, detectNanos);
        addKnown(clientMove, moveNanos);
    }

    private static void addKnown(Histogram histogram, long nanos) {
        if (nanos >= 0) {
            histogram.add(nanos);
        }
    }

    /** From the last sign of life to the decision that a link is down. */
    public Histogram linkDetect() {
        return linkDetect;
    }

    /** From the decision until other paths were in use. */
    public Histogram linkRepair() {
        return linkRepair;
    }

    /** From the last sign of life of a client's former owner to the decision to take over. */
    public Histogram clientDetect() {
        return clientDetect;
    }

    /** From the decision until the client had proven its session here. */
    public Histogram clientMove() {
        return clientMove;
    }

    /** How often links went down, by cause. */
    public Map<String, Long> linkDowns() {
        return counts(linkDowns);
    }

    /** How often clients moved here, by cause. */
    public Map<String, Long> clientMoves() {
        return counts(clientMoves);
    }

    private static Map<String, Long> counts(Map<String, LongAdder> adders) {
        var counts = new TreeMap<String, Long>();
        adders.forEach((cause, adder) -> counts.put(cause, adder.sum()));
        return counts;
    }
}
