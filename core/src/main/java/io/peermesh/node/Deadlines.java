package io.peermesh.node;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A heap of deadlines, so that a turn costs as much as there is to do, and not as much as there are
 * clients. Whoever changes a {@link Timed} calls {@link #reschedule}. An entry that was overtaken
 * by an earlier one stays in the heap and is skipped when its time comes.
 */
final class Deadlines {
    /** At no time. */
    static final long NONE = Long.MAX_VALUE;

    private final PriorityQueue<Entry> heap =
            new PriorityQueue<>(
                    Comparator.comparingLong(Entry::atNanos).thenComparingLong(Entry::order));
    private long order;

    private record Entry(long atNanos, long order, Timed timed) {}

    /** Takes over the deadline that {@code timed} has now. */
    void reschedule(Timed timed) {
        long deadline = timed.deadlineNanos();
        if (deadline < timed.scheduledNanos) {
            timed.scheduledNanos = deadline;
            heap.add(new Entry(deadline, order++, timed));
        }
    }

    /** Forgets it. */
    void cancel(Timed timed) {
        timed.scheduledNanos = NONE;
    }

    /** Calls everything that is due, each once. */
    void run(long nowNanos) {
        List<Timed> due = new ArrayList<>();
        for (Entry top = heap.peek(); top != null && top.atNanos <= nowNanos; top = heap.peek()) {
            heap.remove();
            if (top.timed.scheduledNanos == top.atNanos) {
                top.timed.scheduledNanos = NONE;
                due.add(top.timed);
            }
        }
        for (Timed timed : due) {
            if (timed.deadlineNanos() <= nowNanos) {
                timed.onDue(nowNanos);
            }
            reschedule(timed);
        }
    }

    /** When {@link #run} has something to do. */
    long nextNanos() {
        Entry top = heap.peek();
        return top == null ? NONE : top.atNanos;
    }
}
