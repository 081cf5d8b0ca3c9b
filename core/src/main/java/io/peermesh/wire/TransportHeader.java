package io.peermesh.wire;

import io.peermesh.frame.Mem;

/**
 * The header of a transport message, over raw memory:
 *
 * <pre>
 *  0        1        2                 4                 8                          16
 *  | type 4 | flags  | reserved 0      | receiver (LE)   | counter (LE)              | sealed ...
 * </pre>
 *
 * To and from stock clients the flags are always 0 and the header is not authenticated, as
 * WireGuard has it; on peer links all 16 bytes are additional data of the AEAD. A receiver refuses
 * flags that it does not know.
 */
public final class TransportHeader {
    /** Length of the header. */
    public static final int BYTES = 16;

    /** The shortest transport message: an empty packet with its tag. */
    public static final int MIN_MESSAGE_BYTES = BYTES + 16;

    /** The TCP or UDP checksum of the packet holds only the pseudo-header's sum; links only. */
    public static final int FLAG_CHECKSUM_UNFILLED = 1;

    /** All flags that a link may carry. */
    public static final int LINK_FLAGS = FLAG_CHECKSUM_UNFILLED;

    private TransportHeader() {}

    /** Writes all 16 bytes. */
    public static void write(long address, int flags, int receiver, long counter) {
        Mem.put32Le(address, MessageType.TRANSPORT | flags << 8);
        Mem.put32Le(address + 4, receiver);
        Mem.put64Le(address + 8, counter);
    }

    /**
     * Whether a datagram of {@code bytes} bytes starts with a transport header whose flags are
     * among {@code allowedFlags} ({@link #LINK_FLAGS}, or 0 for clients).
     */
    public static boolean isValid(long address, int bytes, int allowedFlags) {
        return bytes >= MIN_MESSAGE_BYTES
                && (Mem.i32Le(address) & ~(allowedFlags << 8)) == MessageType.TRANSPORT;
    }

    /** The flags. */
    public static int flags(long address) {
        return Mem.u8(address + 1);
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
