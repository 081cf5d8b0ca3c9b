package io.peermesh.ip;

import java.util.Optional;

/**
 * An IPv4 or IPv6 address. IPv4 is held in its IPv6-mapped form (::ffff:a.b.c.d, RFC 4291
 * §2.5.5.2), so that one type, one comparison and one table serve both families.
 *
 * @param hi the upper 64 bits
 * @param lo the lower 64 bits
 */
public record IpAddress(long hi, long lo) implements Comparable<IpAddress> {
    private static final long V4_MAPPED = 0x0000_ffff_0000_0000L;

    /** The IPv6 unspecified address, "::". */
    public static final IpAddress UNSPECIFIED = new IpAddress(0, 0);

    /** From the 32 bits of an IPv4 address, big-endian as in {@code 0x0a000001} = 10.0.0.1. */
    public static IpAddress v4(int bits) {
        return new IpAddress(0, V4_MAPPED | (bits & 0xffff_ffffL));
    }

    /** From 4 or 16 bytes in network order. */
    public static IpAddress of(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> v4((int) bits(bytes, 0, 4));
            case 16 -> new IpAddress(bits(bytes, 0, 8), bits(bytes, 8, 8));
            default ->
                    throw new IllegalArgumentException(
                            "an address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    /** Parses a literal (never a host name, never through a resolver); empty when malformed. */
    public static Optional<IpAddress> parse(String text) {
        return AddressText.parse(text);
    }

    /** Parses a literal that is known to be right, such as a constant. */
    public static IpAddress literal(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException("not an IP address: " + text));
    }

    private static long bits(byte[] bytes, int offset, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | (bytes[offset + i] & 0xff);
        }
        return value;
    }

    /** Whether this is an IPv4 address. */
    public boolean isV4() {
        return hi == 0 && lo >>> 32 == 0xffff;
    }

    /** The 32 bits of an IPv4 address. */
    public int v4Bits() {
        return (int) lo;
    }

    /** 4 bytes for IPv4, 16 for IPv6, network order. */
    public byte[] toBytes() {
        byte[] bytes = new byte[isV4() ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            bytes[i] = (byte) (fromEnd < 8 ? lo >>> (fromEnd * 8) : hi >>> ((fromEnd - 8) * 8));
        }
        return bytes;
    }

    /** Unsigned order; all IPv4 addresses are neighbours. */
    @Override
    public int compareTo(IpAddress other) {
        int upper = Long.compareUnsigned(hi, other.hi);
        return upper != 0 ? upper : Long.compareUnsigned(lo, other.lo);
    }

    /** The canonical text: dotted quad, or RFC 5952 for IPv6. */
    @Override
    public String toString() {
        return AddressText.format(this);
    }
}
