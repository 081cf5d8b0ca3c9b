package io.peermesh.port;

/** One bound UDP socket, non-blocking and unconnected. Owned by one thread. */
public interface Datagrams extends AutoCloseable {
    /** The most bytes that one {@link #send} takes: a UDP payload. */
    int MAX_SEND_BYTES = 65507;

    /**
     * The most datagrams that one {@link #send} takes (Linux's UDP_MAX_SEGMENTS of old kernels).
     */
    int MAX_SEND_SEGMENTS = 64;

    /**
     * Fills the batch with what waits.
     *
     * @return buffers filled, 0 when nothing waits
     */
    int receive(ReceiveBatch batch);

    /**
     * Sends {@code bytes} bytes as datagrams of {@code segmentBytes} each, the last maybe shorter,
     * to one destination. Never blocks: what the kernel does not take is lost and counted, as on a
     * congested line.
     *
     * @return datagrams that were not sent
     */
    int send(long toHi, long toLo, int toPort, long address, int bytes, int segmentBytes);

    /**
     * Whether the network has said since the last call that what was sent did not arrive. Anybody
     * may have forged that. Sockets that are never told so say no.
     */
    default boolean takeUnreachable() {
        return false;
    }

    @Override
    void close();
}
