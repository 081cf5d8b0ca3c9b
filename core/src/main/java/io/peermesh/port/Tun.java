package io.peermesh.port;

/**
 * A TUN device, non-blocking. Every packet is preceded by the 10-byte {@code virtio_net_hdr} of
 * Linux ({@code include/uapi/linux/virtio_net.h}, native byte order); an implementation whose
 * device has none reads it as zeros and drops it on writing.
 *
 * <pre>
 *  0        1         2          4          6           8            10
 *  | flags  | gso type| hdr len  | gso size | csum start| csum offset| IP packet ...
 * </pre>
 *
 * <p>Owned by one thread.
 */
public interface Tun extends AutoCloseable {
    /** Length of the header before each packet. */
    int HEADER_BYTES = 10;

    /** The largest packet with header that {@link #read} can deliver and {@link #write} take. */
    int MAX_BYTES = HEADER_BYTES + 65535;

    /**
     * Reads one (super-)packet to {@code address}, where {@link #MAX_BYTES} are free.
     *
     * @return bytes read with the header, or 0 when none waits
     */
    int read(long address);

    /**
     * Writes one (super-)packet with its header.
     *
     * @return false when the kernel refused it; the packet is gone
     */
    boolean write(long address, int bytes);

    /** Whether the device takes and gives TCP super-packets and unfinished checksums. */
    boolean offloads();

    /** Whether it also takes UDP super-packets (GSO_UDP_L4, Linux 6.2). */
    boolean udpOffload();

    @Override
    void close();
}
