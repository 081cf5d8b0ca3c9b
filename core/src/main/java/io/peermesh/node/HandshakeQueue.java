package io.peermesh.node;

import io.peermesh.forward.DataEvent.HandshakeReceived;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * Handshake messages that wait for their turn, so that a flood of them delays neither probes nor
 * each other for ever: a turn handles a few, peers before clients, and what does not fit is dropped
 * and counted.
 */
final class HandshakeQueue {
    /** Handled per turn: about 5 ms of key agreements. */
    static final int PER_TURN = 16;

    /** Waiting messages on the clients' port. */
    static final int MAX_FROM_CLIENTS = 2_048;

    /** Waiting messages on all link ports. */
    static final int MAX_FROM_PEERS = 256;

    /** With more waiting than this, senders must prove their address first. */
    static final int BUSY_WAITING = 256;

    /** The same with more arriving per second than this. */
    static final int BUSY_PER_SECOND = 1_000;

    private static final long SECOND = 1_000_000_000L;

    private final Queue<HandshakeReceived> fromPeers = new ArrayDeque<>();
    private final Queue<HandshakeReceived> fromClients = new ArrayDeque<>();
    private long secondBeganNanos = Long.MIN_VALUE;
    private int arrivedThisSecond;
    private long busyUntilNanos = Long.MIN_VALUE;
    private long dropped;

    void add(HandshakeReceived message, long nowNanos) {
        boolean fromPeer = message.socket() != 0;
        Queue<HandshakeReceived> queue = fromPeer ? fromPeers : fromClients;
        if (queue.size() >= (fromPeer ? MAX_FROM_PEERS : MAX_FROM_CLIENTS)) {
            dropped++;
        } else {
            queue.add(message);
        }
        noteLoad(nowNanos);
    }

    private void noteLoad(long nowNanos) {
        if (secondBeganNanos == Long.MIN_VALUE || nowNanos - secondBeganNanos >= SECOND) {
            secondBeganNanos = nowNanos;
            arrivedThisSecond = 0;
        }
        arrivedThisSecond++;
        if (arrivedThisSecond > BUSY_PER_SECOND
                || fromPeers.size() + fromClients.size() > BUSY_WAITING) {
            busyUntilNanos = nowNanos + SECOND;
        }
    }

    Optional<HandshakeReceived> next() {
        HandshakeReceived peer = fromPeers.poll();
        return Optional.ofNullable(peer != null ? peer : fromClients.poll());
    }

    /** Whether there is so much to do that senders must prove their address first. */
    boolean isBusy(long nowNanos) {
        return nowNanos < busyUntilNanos;
    }

    boolean isEmpty() {
        return fromPeers.isEmpty() && fromClients.isEmpty();
    }

    /** How many messages did not fit. */
    long dropped() {
        return dropped;
    }
}
