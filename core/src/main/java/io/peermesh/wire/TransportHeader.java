package io.peermesh.wire;

import io.peermesh.frame.Mem;

/**
 * The header of a transport message, over raw memory:
 *
 * <pre>
 *  0        1        2                 4                 8                          16
 *  | type 4 | flags  | visited (LE)    | receiver (LE)   | counter (LE)              | sealed ...
 * </pre>
 *
 * To and from stock clients bytes 1-3 are always 0 and the header is not authenticated, as
 * WireGuard has it; on peer links all 16 bytes are additional data of the AEAD. A receiver refuses
 * bits that it does not know.
 *
 * <p>Visited: the controllers that the packet has passed, bit {@code id - 1} for each; the upper 6
 * bits are 0. No controller sends a packet to one that is in the set, so that it cannot run in a
 * circle, whatever the routing tables say.
 */
public final class TransportHeader {
    /** Length of the header. */
    public static final int BYTES = 16;

    /** The shortest transport message: an empty packet with its tag. */
    public static final int MIN_MESSAGE_BYTES = BYTES + 16;

    /** The TCP or UDP checksum of the packet holds only the pseudo-header's sum; links only. */
    public static final int FLAG_CHECKSUM_UNFILLED = 1;

    private static final int LINK_BITS =
            FLAG_CHECKSUM_UNFILLED << 8 | ((1 << LinkPorts.MAX_CONTROLLERS) - 1) << 16;

    private TransportHeader() {}

    /** Writes all 16 bytes. */
    public static void write(long address, int flags, int visited, int receiver, long counter) {
        Mem.put32Le(address, MessageType.TRANSPORT | (flags << 8) | (visited << 16));
        Mem.put32Le(address + 4, receiver);
        Mem.put64Le(address + 8, counter);
    }

    /** Whether a datagram of {@code bytes} bytes starts with a header that a link may carry. */
    public static boolean isValid(long address, int bytes) {
        return bytes >= MIN_MESSAGE_BYTES
                && (Mem.i32Le(address) & ~LINK_BITS) == MessageType.TRANSPORT;
    }

    /** Whether the header is one that a client may send: no flags, nothing visited. */
    public static boolean isPlain(long address) {
        return Mem.i32Le(address) == MessageType.TRANSPORT;
    }

    /** The flags. */
    public static int flags(long address) {
        return Mem.u8(address + 1);
    }

    /** The controllers that the packet has passed, a bit for each. */
    public static int visited(long address) {
        return Mem.i32Le(address) >>> 16;
    }

    /** The bit of a controller, id 1..10, in the set of visited ones. */
    public static int visitedBit(int controllerId) {
        return 1 << (controllerId - 1);
    }

    /** The index of the receiver's keypair. */
    public static int receiver(long address) {
        return Mem.i32Le(address + 4);
    }

    /** The counter, unsigned. */
    public static long counter(long address) {
        return Mem.i64Le(address + 8);
    }
}
