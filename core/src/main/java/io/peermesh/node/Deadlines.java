package io.peermesh.node;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Heaps of deadlines, so that a turn costs as much as there is to do, and not as much as there are
 * clients. Whoever changes a {@link Timed} calls {@link #reschedule}. An entry that was overtaken
 * by an earlier one stays in its heap and is skipped when its time comes.
 *
 * <p>Thousands of clients that do not answer may all be due for another handshake; links are probed
 * meanwhile, or the peers would take this controller for dead. So links go first, and clients wait
 * for the next turn when this one has made enough handshakes.
 */
final class Deadlines {
    /** At no time. */
    static final long NONE = Long.MAX_VALUE;

    /** Handshakes that the timers of clients start in a turn: about 3 ms of key agreements. */
    static final int HANDSHAKES_PER_RUN = 8;

    /** In the place of a time: it is being called, and is scheduled anew afterwards. */
    private static final long CALLED = Long.MIN_VALUE;

    private final LongSupplier handshakes;
    private final PriorityQueue<Entry> urgent = heap();
    private final PriorityQueue<Entry> patient = heap();
    private long order;

    private record Entry(long atNanos, long order, Timed timed) {}

    /** Nothing is due. {@code handshakes} tells how many this controller has started so far. */
    Deadlines(LongSupplier handshakes) {
        this.handshakes = handshakes;
    }

    private static PriorityQueue<Entry> heap() {
        return new PriorityQueue<>(
                Comparator.comparingLong(Entry::atNanos).thenComparingLong(Entry::order));
    }

    /** Takes over the deadline that {@code timed} has now. */
    void reschedule(Timed timed) {
        long deadline = timed.deadlineNanos();
        if (deadline < timed.scheduledNanos) {
            timed.scheduledNanos = deadline;
            (timed.mayWait() ? patient : urgent).add(new Entry(deadline, order++, timed));
        }
    }

    /** Forgets it. */
    void cancel(Timed timed) {
        timed.scheduledNanos = NONE;
    }

    /**
     * Calls what is due, each once; but who may wait waits when {@link #HANDSHAKES_PER_RUN} are
     * made. Then {@link #nextNanos} stays in the past.
     */
    void run(long nowNanos) {
        run(urgent, () -> true, nowNanos);
        long enough = handshakes.getAsLong() + HANDSHAKES_PER_RUN;
        run(patient, () -> handshakes.getAsLong() < enough, nowNanos);
    }

    private void run(PriorityQueue<Entry> heap, BooleanSupplier goesOn, long nowNanos) {
        List<Timed> called = new ArrayList<>();
        for (Entry top = heap.peek();
                top != null && top.atNanos <= nowNanos && goesOn.getAsBoolean();
                top = heap.peek()) {
            heap.remove();
            Timed timed = top.timed;
            if (timed.scheduledNanos == top.atNanos) {
                timed.scheduledNanos = CALLED;
                called.add(timed);
                if (timed.deadlineNanos() <= nowNanos) {
                    timed.onDue(nowNanos);
                }
            }
        }
        for (Timed timed : called) {
            timed.scheduledNanos = NONE;
            reschedule(timed);
        }
    }

    /** When {@link #run} has something to do. */
    long nextNanos() {
        return Math.min(nextNanos(urgent), nextNanos(patient));
    }

    private static long nextNanos(PriorityQueue<Entry> heap) {
        Entry top = heap.peek();
        return top == null ? NONE : top.atNanos;
    }
}
