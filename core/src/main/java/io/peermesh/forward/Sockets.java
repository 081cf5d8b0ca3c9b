package io.peermesh.forward;

import io.peermesh.port.Datagrams;
import io.peermesh.session.Tunnel;
import org.jspecify.annotations.Nullable;

/** The sockets by number: 0 is the clients' port, 1..10 the link to that controller. */
final class Sockets {
    /** One for the clients and one for each controller id. */
    static final int COUNT = 11;

    private final @Nullable Datagrams[] sockets = new @Nullable Datagrams[COUNT];
    private final boolean[] muted = new boolean[COUNT];
    private final Counters counters;

    Sockets(Counters counters) {
        this.counters = counters;
    }

    @Nullable Datagrams at(int socket) {
        return sockets[socket];
    }

    void put(int socket, @Nullable Datagrams datagrams) {
        sockets[socket] = datagrams;
    }

    /** Lets nothing out by this socket, or again everything. */
    void mute(int socket, boolean on) {
        muted[socket] = on;
    }

    boolean isMuted(int socket) {
        return muted[socket];
    }

    /** Sends to where the tunnel's other end is now; what does not go is counted. */
    void send(Tunnel tunnel, long address, int bytes, int segmentBytes, int count) {
        send(
                tunnel.socket,
                tunnel.endpointHi,
                tunnel.endpointLo,
                tunnel.endpointPort,
                address,
                bytes,
                segmentBytes,
                count);
    }

    void send(
            int socket,
            long toHi,
            long toLo,
            int toPort,
            long address,
            int bytes,
            int segmentBytes,
            int count) {
        Datagrams datagrams = sockets[socket];
        if (datagrams == null || toPort == 0) {
            counters.drop(DropReason.SEND_FAILED, count);
            return;
        }
        if (muted[socket]) {
            counters.drop(DropReason.MUTED, count);
            return;
        }
        int lost = datagrams.send(toHi, toLo, toPort, address, bytes, segmentBytes);
        counters.sent(count);
        if (lost > 0) {
            counters.drop(DropReason.SEND_FAILED, lost);
        }
    }
}
