package io.peermesh.ip;

import io.peermesh.frame.Mem;

/**
 * The IPv4 header (RFC 791) at an address. Apart from {@link #version} and {@link #isValid}, call
 * only on what {@link #isValid} accepted. Allocates nothing.
 *
 * <pre>
 *  0       1       2       3       4       5       6       7
 *  | ver ihl | dscp |  total length | identification |fl| fragment offset |    0
 *  |  ttl  | proto | header checksum|             source                  |    8
 *  |           destination          |    options (ihl * 4 - 20 bytes) ...     16
 * </pre>
 */
public final class Ipv4Header {
    /** Length without options. */
    public static final int MIN_BYTES = 20;

    /** Protocol number of ICMP. */
    public static final int ICMP = 1;

    /** Protocol number of TCP. */
    public static final int TCP = 6;

    /** Protocol number of UDP. */
    public static final int UDP = 17;

    /** The flag "don't fragment" within {@link #fragmentField}. */
    public static final int DONT_FRAGMENT = 0x4000;

    /** The flag "more fragments" within {@link #fragmentField}. */
    public static final int MORE_FRAGMENTS = 0x2000;

    private static final int OFFSET_MASK = 0x1fff;
    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FRAGMENT = 6;
    private static final int TTL = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;

    private Ipv4Header() {}

    /** The version nibble of a packet of at least one byte: 4, 6, or something else. */
    public static int version(long packet) {
        return Mem.u8(packet) >>> 4;
    }

    /**
     * Whether a well-formed IPv4 packet begins at {@code packet}: version, header length, and a
     * total length that fits into {@code bytes} (padding may follow). Does not sum the header, see
     * {@link #checksumIsRight}.
     */
    public static boolean isValid(long packet, int bytes) {
        if (bytes < MIN_BYTES || version(packet) != 4) {
            return false;
        }
        int header = headerBytes(packet);
        int total = totalLength(packet);
        return header >= MIN_BYTES && header <= total && total <= bytes;
    }

    /** Whether the header checksum is right. */
    public static boolean checksumIsRight(long packet) {
        return Checksum.sum(packet, headerBytes(packet)) == 0xffff;
    }

    /** Length of the header with options, bytes. */
    public static int headerBytes(long packet) {
        return (Mem.u8(packet) & 15) * 4;
    }

    /** Length of the whole packet, bytes. */
    public static int totalLength(long packet) {
        return Mem.u16Be(packet + TOTAL_LENGTH);
    }

    /** Sets the length of the whole packet; the checksum is stale until {@link #sum}. */
    public static void totalLength(long packet, int bytes) {
        Mem.put16Be(packet + TOTAL_LENGTH, bytes);
    }

    /** The identification of the datagram that a fragment belongs to. */
    public static int identification(long packet) {
        return Mem.u16Be(packet + IDENTIFICATION);
    }

    /** Sets the identification; the checksum is stale until {@link #sum}. */
    public static void identification(long packet, int value) {
        Mem.put16Be(packet + IDENTIFICATION, value);
    }

    /** Flags and fragment offset as they stand in the header. */
    public static int fragmentField(long packet) {
        return Mem.u16Be(packet + FRAGMENT);
    }

    /** Where this fragment begins in its datagram, bytes. */
    public static int fragmentOffsetBytes(long packet) {
        return (fragmentField(packet) & OFFSET_MASK) * 8;
    }

    /** Whether routers must not fragment it. */
    public static boolean dontFragment(long packet) {
        return (fragmentField(packet) & DONT_FRAGMENT) != 0;
    }

    /** Whether it is a fragment, the first one included. */
    public static boolean isFragment(long packet) {
        return (fragmentField(packet) & (MORE_FRAGMENTS | OFFSET_MASK)) != 0;
    }

    /** Hops left. */
    public static int ttl(long packet) {
        return Mem.u8(packet + TTL);
    }

    /**
     * Takes one hop off and adjusts the header checksum (RFC 1624). The TTL must be at least 1; at
     * 1 the packet is not to be forwarded (RFC 1812 §5.3.1), so ask first.
     */
    public static void decrementTtl(long packet) {
        int before = Mem.u16Be(packet + TTL); // TTL and protocol share a word
        int after = before - 0x100;
        int checksum = Checksum.update(Mem.u16Be(packet + CHECKSUM), before, after);
        Mem.put16Be(packet + TTL, after);
        Mem.put16Be(packet + CHECKSUM, checksum);
    }

    /** The upper protocol. */
    public static int protocol(long packet) {
        return Mem.u8(packet + PROTOCOL);
    }

    /** The header checksum as it stands. */
    public static int checksum(long packet) {
        return Mem.u16Be(packet + CHECKSUM);
    }

    /** Computes and stores the header checksum. */
    public static void sum(long packet) {
        Mem.put16Be(packet + CHECKSUM, 0);
        Mem.put16Be(packet + CHECKSUM, Checksum.of(packet, headerBytes(packet)));
    }

    /** Source address, big-endian bits. */
    public static int source(long packet) {
        return Mem.i32Be(packet + SOURCE);
    }

    /** Destination address, big-endian bits. */
    public static int destination(long packet) {
        return Mem.i32Be(packet + DESTINATION);
    }

    /**
     * Writes a header without options, not summed, with "don't fragment" set: an atomic datagram,
     * whose identification means nothing (RFC 6864).
     */
    public static void write(
            long packet, int dscp, int bytes, int ttl, int protocol, int source, int destination) {
        Mem.put16Be(packet, 0x4500 | dscp);
        Mem.put16Be(packet + TOTAL_LENGTH, bytes);
        Mem.put16Be(packet + IDENTIFICATION, 0);
        Mem.put16Be(packet + FRAGMENT, DONT_FRAGMENT);
        Mem.put8(packet + TTL, ttl);
        Mem.put8(packet + PROTOCOL, protocol);
        Mem.put16Be(packet + CHECKSUM, 0);
        Mem.put32Be(packet + SOURCE, source);
        Mem.put32Be(packet + DESTINATION, destination);
    }

    /** Whether an address is a multicast or the limited broadcast address, or of no use (240/4). */
    public static boolean isMulticastOrBroadcast(int address) {
        return address >>> 28 >= 0xe;
    }
}
