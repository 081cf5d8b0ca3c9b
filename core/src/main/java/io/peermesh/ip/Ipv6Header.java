package io.peermesh.ip;

import io.peermesh.frame.Mem;

/**
 * The IPv6 header (RFC 8200) at an address. Apart from {@link #isValid}, call only on what {@link
 * #isValid} accepted. Allocates nothing.
 *
 * <pre>
 *  0       1       2       3       4       5       6       7
 *  | ver | class |   flow label    | payload length | next  | hops  |    0
 *  |                            source                              |    8
 *  |                                                                |   16
 *  |                          destination                           |   24
 *  |                                                                |   32
 * </pre>
 */
public final class Ipv6Header {
    /** Length of the fixed header. */
    public static final int BYTES = 40;

    /** Next-header number of ICMPv6. */
    public static final int ICMPV6 = 58;

    /** Next-header number of the fragment header. */
    public static final int FRAGMENT = 44;

    /** Most extension headers that {@link #upperLayer} walks. */
    public static final int MAX_EXTENSIONS = 8;

    private static final int PAYLOAD_LENGTH = 4;
    private static final int NEXT_HEADER = 6;
    private static final int HOP_LIMIT = 7;
    private static final int SOURCE = 8;
    private static final int DESTINATION = 24;

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;

    private Ipv6Header() {}

    /**
     * Whether a well-formed IPv6 packet begins at {@code packet}, whose length fits into {@code
     * bytes} (padding may follow). Jumbograms are not known here.
     */
    public static boolean isValid(long packet, int bytes) {
        return bytes >= BYTES && Ipv4Header.version(packet) == 6 && totalLength(packet) <= bytes;
    }

    /** Length of the whole packet with this header, bytes. */
    public static int totalLength(long packet) {
        return BYTES + Mem.u16Be(packet + PAYLOAD_LENGTH);
    }

    /** Sets the length of the whole packet. */
    public static void totalLength(long packet, int bytes) {
        Mem.put16Be(packet + PAYLOAD_LENGTH, bytes - BYTES);
    }

    /** Number of the header that follows this one. */
    public static int nextHeader(long packet) {
        return Mem.u8(packet + NEXT_HEADER);
    }

    /** Hops left. */
    public static int hopLimit(long packet) {
        return Mem.u8(packet + HOP_LIMIT);
    }

    /** Takes one hop off; the hop limit must be at least 1. */
    public static void decrementHopLimit(long packet) {
        Mem.put8(packet + HOP_LIMIT, hopLimit(packet) - 1);
    }

    /** Upper half of the source address. */
    public static long sourceHi(long packet) {
        return Mem.i64Be(packet + SOURCE);
    }

    /** Lower half of the source address. */
    public static long sourceLo(long packet) {
        return Mem.i64Be(packet + SOURCE + 8);
    }

    /** Upper half of the destination address. */
    public static long destinationHi(long packet) {
        return Mem.i64Be(packet + DESTINATION);
    }

    /** Lower half of the destination address. */
    public static long destinationLo(long packet) {
        return Mem.i64Be(packet + DESTINATION + 8);
    }

    /** Writes a header with flow label 0. */
    public static void write(
            long packet,
            int trafficClass,
            int bytes,
            int hopLimit,
            int nextHeader,
            long sourceHi,
            long sourceLo,
            long destinationHi,
            long destinationLo) {
        Mem.put32Be(packet, 6 << 28 | trafficClass << 20);
        totalLength(packet, bytes);
        Mem.put8(packet + NEXT_HEADER, nextHeader);
        Mem.put8(packet + HOP_LIMIT, hopLimit);
        Mem.put64Be(packet + SOURCE, sourceHi);
        Mem.put64Be(packet + SOURCE + 8, sourceLo);
        Mem.put64Be(packet + DESTINATION, destinationHi);
        Mem.put64Be(packet + DESTINATION + 8, destinationLo);
    }

    /** Whether an address whose upper half is given is a multicast address (ff00::/8). */
    public static boolean isMulticast(long hi) {
        return hi >>> 56 == 0xff;
    }

    /**
     * Walks the extension headers to the upper layer.
     *
     * @return {@code protocol << 16 | offset}; -1 when it is cut off, hidden by too many headers,
     *     or elsewhere, since this is a fragment other than the first
     */
    public static int upperLayer(long packet) {
        int end = totalLength(packet);
        int at = BYTES;
        int next = nextHeader(packet);
        for (int i = 0; i <= MAX_EXTENSIONS; i++) {
            if (!isExtension(next)) {
                return at <= end ? next << 16 | at : -1;
            }
            if (at + 8 > end) {
                return -1;
            }
            int length = extensionBytes(packet + at, next);
            if (length < 0) {
                return -1;
            }
            next = Mem.u8(packet + at);
            at += length;
        }
        return -1;
    }

    /** Length of an extension header of at least 8 bytes; -1 for a fragment that is not a first. */
    private static int extensionBytes(long extension, int kind) {
        if (kind == FRAGMENT) {
            return (Mem.u16Be(extension + 2) & 0xfff8) == 0 ? 8 : -1;
        }
        int units = Mem.u8(extension + 1);
        return kind == AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8;
    }

    private static boolean isExtension(int nextHeader) {
        return nextHeader == HOP_BY_HOP
                || nextHeader == ROUTING
                || nextHeader == FRAGMENT
                || nextHeader == AUTHENTICATION
                || nextHeader == DESTINATION_OPTIONS;
    }
}
