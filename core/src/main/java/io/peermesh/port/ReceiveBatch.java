package io.peermesh.port;

import io.peermesh.frame.Mem;
import java.lang.foreign.Arena;

/**
 * The result of one receive call: up to {@link #CAPACITY} buffers, each a run of datagrams of one
 * source that the kernel joined (UDP GRO): all {@code segmentBytes} long, the last maybe shorter.
 * Plain arrays, so that nothing is allocated per datagram. Owned by one thread.
 */
public final class ReceiveBatch {
    /** Buffers in a batch. */
    public static final int CAPACITY = 8;

    /** Size of each buffer. */
    public static final int BUFFER_BYTES = 65536;

    /** Where buffer i begins; the receiver may overwrite the content in place. */
    public final long[] address = new long[CAPACITY];

    /** Bytes in buffer i. */
    public final int[] bytes = new int[CAPACITY];

    /** Length of each datagram in buffer i but the last. */
    public final int[] segmentBytes = new int[CAPACITY];

    /** Upper half of the source address of buffer i. */
    public final long[] sourceHi = new long[CAPACITY];

    /** Lower half of the source address of buffer i; IPv4 is mapped. */
    public final long[] sourceLo = new long[CAPACITY];

    /** Source port of buffer i. */
    public final int[] sourcePort = new int[CAPACITY];

    /** Allocates the buffers for the life of the process. */
    public ReceiveBatch() {
        this(Arena.global());
    }

    /** Allocates the buffers for as long as {@code memory} lives. */
    public ReceiveBatch(Arena memory) {
        long base = Mem.allocate(memory, (long) CAPACITY * BUFFER_BYTES);
        for (int i = 0; i < CAPACITY; i++) {
            address[i] = base + (long) i * BUFFER_BYTES;
        }
    }
}
