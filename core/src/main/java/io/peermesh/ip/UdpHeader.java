package io.peermesh.ip;

import io.peermesh.frame.Mem;

/**
 * The UDP header (RFC 768) at an address. Call only on what {@link #isValid} accepted. Allocates
 * nothing.
 *
 * <pre>
 *  0       1       2       3       4       5       6       7
 *  |  source port  |   dest. port  |     length    |    checksum   |
 * </pre>
 */
public final class UdpHeader {
    /** Length of the header. */
    public static final int BYTES = 8;

    /** Where the checksum stands. */
    public static final int CHECKSUM_OFFSET = 6;

    private static final int LENGTH = 4;

    private UdpHeader() {}

    /** Whether a header and the length that it states lie within {@code bytes}. */
    public static boolean isValid(long udp, int bytes) {
        if (bytes < BYTES) {
            return false;
        }
        int length = length(udp);
        return length >= BYTES && length <= bytes;
    }

    /** Source port. */
    public static int sourcePort(long udp) {
        return Mem.u16Be(udp);
    }

    /** Destination port. */
    public static int destinationPort(long udp) {
        return Mem.u16Be(udp + 2);
    }

    /** Length of header and data, bytes. */
    public static int length(long udp) {
        return Mem.u16Be(udp + LENGTH);
    }

    /** Sets the length of header and data; the checksum is the caller's. */
    public static void length(long udp, int bytes) {
        Mem.put16Be(udp + LENGTH, bytes);
    }

    /** The checksum as it stands; 0 for none. */
    public static int checksum(long udp) {
        return Mem.u16Be(udp + CHECKSUM_OFFSET);
    }

    /** Sets the checksum, or the pseudo-header's sum where the rest is left to others. */
    public static void checksum(long udp, int value) {
        Mem.put16Be(udp + CHECKSUM_OFFSET, value);
    }
}
