package io.peermesh.forward;

import io.peermesh.port.Datagrams;
import io.peermesh.session.Tunnel;
import org.jspecify.annotations.Nullable;

/**
 * Sealed datagrams for one tunnel that lie one behind the other in memory: all of one length, only
 * the last may be shorter, so that one call sends them (UDP GSO).
 */
final class SendRun {
    private final Sockets sockets;

    private @Nullable Tunnel tunnel;
    private long start;
    private int bytes;
    private int segmentBytes;
    private int count;
    private boolean complete; // a shorter one was the last
    private boolean data;

    SendRun(Sockets sockets) {
        this.sockets = sockets;
    }

    /** Where the next datagram has to lie to join, 0 when none of this length may. */
    long joint(Tunnel to, int datagramBytes) {
        boolean joins =
                to == tunnel
                        && !complete
                        && datagramBytes <= segmentBytes
                        && count < Datagrams.MAX_SEND_SEGMENTS
                        && bytes + datagramBytes <= Datagrams.MAX_SEND_BYTES;
        return joins ? start + bytes : 0;
    }

    /**
     * Adds a datagram, after sending what it cannot join.
     *
     * @param carriesData false for keepalives
     */
    void add(Tunnel to, long address, int datagramBytes, boolean carriesData, long nowNanos) {
        if (address != joint(to, datagramBytes)) {
            flush(nowNanos);
            tunnel = to;
            start = address;
            segmentBytes = datagramBytes;
        }
        bytes += datagramBytes;
        count++;
        complete = datagramBytes < segmentBytes;
        data |= carriesData;
    }

    void flush(long nowNanos) {
        Tunnel to = tunnel;
        if (to == null) {
            return;
        }
        sockets.send(to, start, bytes, segmentBytes, count);
        to.activity.sent(count, bytes, data, nowNanos);
        tunnel = null;
        bytes = 0;
        count = 0;
        complete = false;
        data = false;
    }
}
