package io.peermesh.ip;

import io.peermesh.frame.Mem;
import java.nio.ByteOrder;

/**
 * The internet checksum (RFC 1071, RFC 1624) over off-heap memory.
 *
 * <p>A <i>sum</i> here is the folded one's complement sum, 0..0xffff, in network order and not
 * inverted; a <i>checksum</i> is what stands in a header: the inverted sum. Allocates nothing, safe
 * from any thread.
 */
public final class Checksum {
    private static final boolean SWAP = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long LOW = 0xffff_ffffL;

    private Checksum() {}

    /** The sum of {@code bytes} bytes; an odd last byte counts as if a zero followed. */
    public static int sum(long address, int bytes) {
        // Two 32-bit halves per 8 bytes into a 64-bit sum: no carry to catch, and the two chains
        // run side by side. Summing in native order and swapping once is right (RFC 1071 §2.B).
        long even = 0;
        long odd = 0;
        long at = address;
        long end = address + bytes;
        for (; end - at >= 32; at += 32) {
            long a = Mem.i64Ne(at);
            long b = Mem.i64Ne(at + 8);
            long c = Mem.i64Ne(at + 16);
            long d = Mem.i64Ne(at + 24);
            even += (a & LOW) + (b & LOW) + (c & LOW) + (d & LOW);
            odd += (a >>> 32) + (b >>> 32) + (c >>> 32) + (d >>> 32);
        }
        for (; end - at >= 8; at += 8) {
            long a = Mem.i64Ne(at);
            even += a & LOW;
            odd += a >>> 32;
        }
        return foldNative(even + odd + tail(at, (int) (end - at)));
    }

    /** The sum of the last 0..7 bytes, in native order, not folded. */
    private static long tail(long address, int bytes) {
        long at = address;
        int left = bytes;
        long sum = 0;
        if (left >= 4) {
            sum += Mem.i32Ne(at) & LOW;
            at += 4;
            left -= 4;
        }
        if (left >= 2) {
            sum += Mem.u16Ne(at);
            at += 2;
            left -= 2;
        }
        if (left == 1) {
            int last = Mem.u8(at);
            sum += SWAP ? last : last << 8;
        }
        return sum;
    }

    private static int foldNative(long sum) {
        int folded = fold(sum);
        return SWAP ? (folded & 0xff) << 8 | folded >>> 8 : folded;
    }

    private static int fold(long sum) {
        long folded = (sum & LOW) + (sum >>> 32);
        folded = (folded & 0xffff) + (folded >>> 16 & 0xffff) + (folded >>> 32);
        folded = (folded & 0xffff) + (folded >>> 16);
        return (int) ((folded & 0xffff) + (folded >>> 16));
    }

    /** The sum of two sums. */
    public static int add(int sum, int other) {
        int total = sum + other;
        return (total & 0xffff) + (total >>> 16);
    }

    /** The checksum of {@code bytes} bytes, ready for a header. */
    public static int of(long address, int bytes) {
        return ~sum(address, bytes) & 0xffff;
    }

    /**
     * The sum of the IPv4 pseudo-header (RFC 9293 §3.1).
     *
     * @param l4Bytes length of the TCP or UDP header and data
     */
    public static int pseudoV4(int source, int destination, int protocol, int l4Bytes) {
        return fold((source & LOW) + (destination & LOW) + protocol + l4Bytes);
    }

    /**
     * The sum of the IPv6 pseudo-header (RFC 8200 §8.1).
     *
     * @param l4Bytes length of the upper-layer header and data
     */
    public static int pseudoV6(
            long sourceHi,
            long sourceLo,
            long destinationHi,
            long destinationLo,
            int protocol,
            int l4Bytes) {
        return fold(
                halves(sourceHi)
                        + halves(sourceLo)
                        + halves(destinationHi)
                        + halves(destinationLo)
                        + protocol
                        + l4Bytes);
    }

    private static long halves(long value) {
        return (value & LOW) + (value >>> 32);
    }

    /**
     * The pseudo-header sum of a whole, validated packet of either version.
     *
     * @param l4Bytes length of the TCP, UDP or ICMPv6 header and data
     */
    public static int pseudo(long packet, int protocol, int l4Bytes) {
        if (Ipv4Header.version(packet) == 4) {
            return pseudoV4(
                    Ipv4Header.source(packet), Ipv4Header.destination(packet), protocol, l4Bytes);
        }
        return pseudoV6(
                Ipv6Header.sourceHi(packet),
                Ipv6Header.sourceLo(packet),
                Ipv6Header.destinationHi(packet),
                Ipv6Header.destinationLo(packet),
                protocol,
                l4Bytes);
    }

    /**
     * Finishes an L4 checksum whose field holds only the pseudo-header's sum (CHECKSUM_PARTIAL, as
     * in the virtio header): sums from {@code csumStart} to the end of the packet and stores the
     * result at {@code csumStart + csumOffset}. A result of 0 is stored as 0xffff, which is the
     * same number, since 0 means "none" in UDP (RFC 768).
     *
     * <p>The caller has checked {@code csumStart + csumOffset + 2 <= bytes}.
     *
     * @param bytes length of the IP packet without padding
     */
    public static void complete(long packet, int bytes, int csumStart, int csumOffset) {
        long start = packet + csumStart;
        int checksum = of(start, bytes - csumStart);
        Mem.put16Be(start + csumOffset, checksum == 0 ? 0xffff : checksum);
    }

    /**
     * The checksum after one 16-bit word of what it covers has changed (RFC 1624, equation 3).
     *
     * @param oldWord the word as it was, 0..0xffff
     * @param newWord as it is
     */
    public static int update(int checksum, int oldWord, int newWord) {
        int sum = (~checksum & 0xffff) + (~oldWord & 0xffff) + newWord;
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        return ~sum & 0xffff;
    }
}
