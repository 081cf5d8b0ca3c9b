package io.peermesh.forward;

import io.peermesh.session.Tunnel;

/** What happens to packets from tunnels for this controller itself and for what is behind it. */
sealed interface Local permits TunWriter, NoTun {
    /** Takes a packet that stands in a receive buffer. */
    void deliver(Packet packet, long nowNanos);

    /**
     * Where the next packet of a tunnel should be opened, because it probably joins one that is
     * here. What {@link #join} does not take has to be moved away before {@link #cancel}.
     *
     * @return 0 for no wish
     */
    long reserve(Tunnel from, int plainBytes);

    /**
     * Takes a packet that was opened where {@link #reserve} said. It is one of a flow, of whose
     * earlier packets the router has said that they belong here.
     *
     * @return false when it is something else
     */
    boolean join(Packet packet);

    /** Puts back what a packet that was not taken has covered. */
    void cancel();

    /** Lets go of what waits for more to join it. */
    void flush();
}
