package io.peermesh.ip;

import java.util.Optional;

/**
 * A CIDR prefix. The length counts the bits of the IPv6(-mapped) form: an IPv4 /24 has {@code bits}
 * = 120. Host bits are always zero.
 *
 * @param address the network address
 * @param bits 0..128; 96..128 for IPv4
 */
public record Prefix(IpAddress address, int bits) implements Comparable<Prefix> {
    private static final int V4_OFFSET = 96;

    /** Clears the host bits. */
    public Prefix {
        if (bits < 0 || bits > 128 || (address.isV4() && bits < V4_OFFSET)) {
            throw new IllegalArgumentException("prefix length out of range: " + bits);
        }
        address = new IpAddress(address.hi() & maskHi(bits), address.lo() & maskLo(bits));
    }

    /** The prefix of exactly one address. */
    public static Prefix host(IpAddress address) {
        return new Prefix(address, 128);
    }

    /** Parses {@code a.b.c.d/n} or {@code x::y/n}; empty when malformed or with host bits set. */
    public static Optional<Prefix> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        Optional<IpAddress> address = IpAddress.parse(text.substring(0, slash));
        int length = AddressText.number(text.substring(slash + 1), 10, 3, 128);
        if (address.isEmpty() || length < 0 || (address.get().isV4() && length > 32)) {
            return Optional.empty();
        }
        var prefix = new Prefix(address.get(), length + (address.get().isV4() ? V4_OFFSET : 0));
        return prefix.address.equals(address.get()) ? Optional.of(prefix) : Optional.empty();
    }

    /** Parses a prefix that is known to be right, such as a constant. */
    public static Prefix literal(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a prefix: " + text));
    }

    static long maskHi(int bits) {
        return bits >= 64 ? -1L : bits == 0 ? 0 : -1L << (64 - bits);
    }

    static long maskLo(int bits) {
        return bits <= 64 ? 0 : -1L << (128 - bits);
    }

    /** Whether the address lies in this prefix. */
    public boolean contains(IpAddress other) {
        return contains(other.hi(), other.lo());
    }

    /** The same, without an object. An IPv6 prefix, even ::/0, contains no IPv4 address. */
    public boolean contains(long hi, long lo) {
        return (bits >= V4_OFFSET || hi != 0 || lo >>> 32 != 0xffff)
                && ((hi ^ address.hi()) & maskHi(bits)) == 0
                && ((lo ^ address.lo()) & maskLo(bits)) == 0;
    }

    /** Whether {@code other} lies wholly in this prefix. */
    public boolean contains(Prefix other) {
        return bits <= other.bits && contains(other.address);
    }

    /** Whether the two share any address. */
    public boolean overlaps(Prefix other) {
        return contains(other) || other.contains(this);
    }

    /** Whether this is an IPv4 prefix. */
    public boolean isV4() {
        return address.isV4();
    }

    /** The length as written: 0..32 for IPv4, 0..128 for IPv6. */
    public int length() {
        return isV4() ? bits - V4_OFFSET : bits;
    }

    /** By address, then the shorter prefix first. */
    @Override
    public int compareTo(Prefix other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(bits, other.bits);
    }

    @Override
    public String toString() {
        return address + "/" + length();
    }
}
