package io.peermesh.forward;

import java.util.ArrayDeque;

/**
 * The way out to the control side. What can be repeated or is asked for again is lost when the
 * queue is full, and counted; what happens once is kept here until the queue takes it.
 */
final class Events {
    /** Events that wait for room in the queue, at most. */
    static final int PENDING_LIMIT = 4096;

    private final EventSink sink;
    private final Counters counters;
    private final ArrayDeque<DataEvent> pending = new ArrayDeque<>();

    Events(EventSink sink, Counters counters) {
        this.sink = sink;
        this.counters = counters;
    }

    /** Tells it now or never. */
    void offer(DataEvent event) {
        if (!pending.isEmpty() || !sink.offer(event)) {
            counters.drop(DropReason.CONTROL_QUEUE_FULL);
        }
    }

    /** Tells it now, or as soon as there is room. */
    void tell(DataEvent event) {
        if (pending.isEmpty() && sink.offer(event)) {
            return;
        }
        if (pending.size() == PENDING_LIMIT) {
            counters.drop(DropReason.CONTROL_QUEUE_FULL);
            return;
        }
        pending.add(event);
    }

    void retry() {
        while (!pending.isEmpty() && sink.offer(pending.peek())) {
            pending.remove();
        }
    }
}
