package io.peermesh.forward;

/** What happens to packets from tunnels for this controller itself and for what is behind it. */
sealed interface Local permits TunWriter, NoTun {
    /** Takes a packet that stands in a receive buffer. */
    void deliver(Packet packet, long nowNanos);

    /** Lets go of what waits for more to join it. */
    void flush();
}
