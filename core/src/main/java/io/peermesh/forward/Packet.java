package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.ip.Checksum;
import io.peermesh.ip.Ipv4Header;
import io.peermesh.ip.Ipv6Header;
import io.peermesh.ip.TcpHeader;
import io.peermesh.ip.UdpHeader;
import io.peermesh.session.Tunnel;
import org.jspecify.annotations.Nullable;

/**
 * The IP packet that is being worked on: where it stands and what its headers say, parsed once. One
 * object per step, filled again for each packet.
 */
final class Packet {
    private static final long V4_MAPPED = 0xffffL << 32;

    /** Where the IP header begins. */
    long address;

    /** Length by the IP header; padding is beyond. */
    int bytes;

    /** How many bytes were given, padding included. */
    int availableBytes;

    /** IPv4, else IPv6. */
    boolean v4;

    /** Where the next header begins; for IPv6 the one after the fixed header. */
    int headerBytes;

    /** Protocol of what begins there. */
    int protocol;

    /** Whether this is one fragment of several. */
    boolean fragment;

    long sourceHi;
    long sourceLo;
    long destinationHi;
    long destinationLo;

    /** Whether the TCP or UDP checksum field is still to be filled in. */
    boolean unfilled;

    /** The controllers that it has passed, a bit for each as {@code TransportHeader} has them. */
    int visited;

    /** The tunnel that it came out of; null when it comes from the TUN or from core itself. */
    @Nullable Tunnel from;

    /**
     * Reads the headers.
     *
     * @return false when this is not a well-formed IP packet of at most {@code available} bytes
     */
    boolean parse(long at, int available, @Nullable Tunnel origin) {
        address = at;
        availableBytes = available;
        from = origin;
        unfilled = false;
        visited = 0;
        if (Ipv4Header.isValid(at, available)) {
            return parseV4();
        }
        return Ipv6Header.isValid(at, available) && parseV6();
    }

    private boolean parseV4() {
        v4 = true;
        bytes = Ipv4Header.totalLength(address);
        headerBytes = Ipv4Header.headerBytes(address);
        protocol = Ipv4Header.protocol(address);
        fragment = Ipv4Header.isFragment(address);
        sourceHi = 0;
        sourceLo = V4_MAPPED | Integer.toUnsignedLong(Ipv4Header.source(address));
        destinationHi = 0;
        destinationLo = V4_MAPPED | Integer.toUnsignedLong(Ipv4Header.destination(address));
        return Ipv4Header.checksumIsRight(address);
    }

    private boolean parseV6() {
        v4 = false;
        bytes = Ipv6Header.totalLength(address);
        headerBytes = Ipv6Header.BYTES;
        protocol = Ipv6Header.nextHeader(address);
        fragment = protocol == Ipv6Header.FRAGMENT;
        sourceHi = Ipv6Header.sourceHi(address);
        sourceLo = Ipv6Header.sourceLo(address);
        destinationHi = Ipv6Header.destinationHi(address);
        destinationLo = Ipv6Header.destinationLo(address);
        return true;
    }

    /** Becomes the same view as another one. */
    void copyFrom(Packet other) {
        address = other.address;
        bytes = other.bytes;
        availableBytes = other.availableBytes;
        v4 = other.v4;
        headerBytes = other.headerBytes;
        protocol = other.protocol;
        fragment = other.fragment;
        sourceHi = other.sourceHi;
        sourceLo = other.sourceLo;
        destinationHi = other.destinationHi;
        destinationLo = other.destinationLo;
        unfilled = other.unfilled;
        visited = other.visited;
        from = other.from;
    }

    /** Where TCP or UDP begins. */
    long l4() {
        return address + headerBytes;
    }

    int l4Bytes() {
        return bytes - headerBytes;
    }

    /** A whole TCP segment with a sound header right behind the IP header. */
    boolean isTcp() {
        return !fragment && protocol == Ipv4Header.TCP && TcpHeader.isValid(l4(), l4Bytes());
    }

    /** A whole UDP datagram that fills the packet, right behind the IP header. */
    boolean isUdp() {
        return !fragment
                && protocol == Ipv4Header.UDP
                && UdpHeader.isValid(l4(), l4Bytes())
                && UdpHeader.length(l4()) == l4Bytes();
    }

    /** Where the checksum stands, counted from {@link #l4}; only for TCP and UDP. */
    int checksumOffset() {
        return protocol == Ipv4Header.TCP ? TcpHeader.CHECKSUM_OFFSET : UdpHeader.CHECKSUM_OFFSET;
    }

    /** Puts the pseudo-header's sum into the checksum field, as the kernel wants it unfilled. */
    void putPseudoSum() {
        int sum = Checksum.pseudo(address, protocol, l4Bytes());
        if (protocol == Ipv4Header.TCP) {
            TcpHeader.checksum(l4(), sum);
        } else {
            UdpHeader.checksum(l4(), sum);
        }
    }

    /** Fills the TCP or UDP checksum in, from scratch. */
    void completeChecksum() {
        putPseudoSum();
        Checksum.complete(address, bytes, headerBytes, checksumOffset());
        unfilled = false;
    }

    /** Whether the TCP or UDP checksum is there and right. */
    boolean checksumIsRight() {
        if (protocol == Ipv4Header.UDP && UdpHeader.checksum(l4()) == 0) {
            return false;
        }
        int pseudo = Checksum.pseudo(address, protocol, l4Bytes());
        return Checksum.add(pseudo, Checksum.sum(l4(), l4Bytes())) == 0xffff;
    }

    /**
     * Spreads flows over equal paths: the same for all packets of one flow, with ports where every
     * packet has them. Fragments have none but for the first, so none counts.
     */
    int flowHash(int seed) {
        long mixed = sourceHi * 31 + sourceLo;
        mixed = mixed * 31 + destinationHi;
        mixed = mixed * 31 + destinationLo;
        mixed = mixed * 31 + protocol;
        boolean ports = protocol == Ipv4Header.TCP || protocol == Ipv4Header.UDP;
        if (ports && !fragment && l4Bytes() >= 4) {
            mixed = mixed * 31 + Mem.i32Be(l4());
        }
        mixed = (mixed ^ (long) seed << 48) * 0x9e37_79b9_7f4a_7c15L;
        mixed = (mixed ^ mixed >>> 32) * 0xd6e8_feb8_6659_fd93L;
        return (int) (mixed >>> 32);
    }

    int ttl() {
        return v4 ? Ipv4Header.ttl(address) : Ipv6Header.hopLimit(address);
    }

    void decrementTtl() {
        if (v4) {
            Ipv4Header.decrementTtl(address);
        } else {
            Ipv6Header.decrementHopLimit(address);
        }
    }

    /** Whether a router may cut it into fragments. */
    boolean mayFragment() {
        return v4 && !Ipv4Header.dontFragment(address);
    }

    /** Makes a SYN announce no larger segments than fit into {@code mtuBytes}. */
    void clampMss(int mtuBytes) {
        if (!fragment && protocol == Ipv4Header.TCP) {
            int maxMss = mtuBytes - headerBytes - TcpHeader.MIN_BYTES;
            TcpHeader.clampMss(l4(), l4Bytes(), maxMss, unfilled);
        }
    }
}
