package io.peermesh.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What the packet loop did with a tunnel and when. One writer, any number of readers: values are
 * written with opaque stores, so a reader sees each of them whole and soon, but not all of one
 * moment. Times are {@link #NEVER} until something happened; WireGuard's timers are computed from
 * them (whitepaper §6).
 */
public final class Activity {
    /** The time of what did not happen. */
    public static final long NEVER = Long.MIN_VALUE;

    private static final VarHandle LAST_SENT = handle("lastSent");
    private static final VarHandle LAST_RECEIVED = handle("lastReceived");
    private static final VarHandle UNANSWERED_SINCE = handle("unansweredSince");
    private static final VarHandle KEEPALIVE_OWED_SINCE = handle("keepaliveOwedSince");
    private static final VarHandle SENT_PACKETS = handle("sentPackets");
    private static final VarHandle SENT_BYTES = handle("sentBytes");
    private static final VarHandle RECEIVED_PACKETS = handle("receivedPackets");
    private static final VarHandle RECEIVED_BYTES = handle("receivedBytes");

    @SuppressWarnings("UnusedVariable") // read through its VarHandle
    private long lastSent = NEVER;

    @SuppressWarnings("UnusedVariable") // read through its VarHandle
    private long lastReceived = NEVER;

    private long unansweredSince = NEVER;
    private long keepaliveOwedSince = NEVER;
    private long sentPackets;
    private long sentBytes;
    private long receivedPackets;
    private long receivedBytes;

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(Activity.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Notes {@code packets} sealed and sent, {@code bytes} outer bytes in all.
     *
     * @param data whether any of them carried data (keepalives do not)
     */
    public void sent(int packets, long bytes, boolean data, long nowNanos) {
        LAST_SENT.setOpaque(this, nowNanos);
        KEEPALIVE_OWED_SINCE.setOpaque(this, NEVER);
        if (data && unansweredSince == NEVER) {
            UNANSWERED_SINCE.setOpaque(this, nowNanos);
        }
        SENT_PACKETS.setOpaque(this, sentPackets + packets);
        SENT_BYTES.setOpaque(this, sentBytes + bytes);
    }

    /**
     * Notes {@code packets} that were authentic, {@code bytes} outer bytes in all.
     *
     * @param data whether any of them carried data
     */
    public void received(int packets, long bytes, boolean data, long nowNanos) {
        LAST_RECEIVED.setOpaque(this, nowNanos);
        UNANSWERED_SINCE.setOpaque(this, NEVER);
        if (data && keepaliveOwedSince == NEVER) {
            KEEPALIVE_OWED_SINCE.setOpaque(this, nowNanos);
        }
        RECEIVED_PACKETS.setOpaque(this, receivedPackets + packets);
        RECEIVED_BYTES.setOpaque(this, receivedBytes + bytes);
    }

    /** When anything was last sent. */
    public long lastSentNanos() {
        return (long) LAST_SENT.getOpaque(this);
    }

    /** When anything authentic was last received. */
    public long lastReceivedNanos() {
        return (long) LAST_RECEIVED.getOpaque(this);
    }

    /** When the first data went out that nothing was received after. */
    public long unansweredSinceNanos() {
        return (long) UNANSWERED_SINCE.getOpaque(this);
    }

    /** When the first data came in that nothing was sent after. */
    public long keepaliveOwedSinceNanos() {
        return (long) KEEPALIVE_OWED_SINCE.getOpaque(this);
    }

    /** Packets sent. */
    public long sentPackets() {
        return (long) SENT_PACKETS.getOpaque(this);
    }

    /** Outer bytes sent. */
    public long sentBytes() {
        return (long) SENT_BYTES.getOpaque(this);
    }

    /** Authentic packets received. */
    public long receivedPackets() {
        return (long) RECEIVED_PACKETS.getOpaque(this);
    }

    /** Outer bytes received in authentic packets. */
    public long receivedBytes() {
        return (long) RECEIVED_BYTES.getOpaque(this);
    }
}
