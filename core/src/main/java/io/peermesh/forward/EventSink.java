package io.peermesh.forward;

/** Where the packet path puts what it has to tell the control side: a bounded queue. */
@FunctionalInterface
public interface EventSink {
    /**
     * Takes the event without blocking.
     *
     * @return false when the queue is full; the forwarder then counts the loss, or keeps what the
     *     control side cannot do without ({@link DataEvent.Retired}, for instance) and tries again
     *     at the next {@link Forwarder#flush}
     */
    boolean offer(DataEvent event);
}
