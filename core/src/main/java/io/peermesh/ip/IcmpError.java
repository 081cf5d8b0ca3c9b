package io.peermesh.ip;

import io.peermesh.frame.Mem;

/**
 * Builds the ICMP errors that a router owes to the sender of a packet that it cannot forward (RFC
 * 792, RFC 1191, RFC 1812 §4.3; RFC 4443 for IPv6), and answers echo requests. Allocates nothing;
 * limiting the rate is the caller's part.
 *
 * <pre>
 *  0       1       2       3       4       5       6       7
 *  | type  | code  |   checksum    |      0 | MTU when "too big"  |
 *  |  the offending packet from its IP header, as much as fits ...
 * </pre>
 */
public final class IcmpError {
    /** Room that an error needs: as long as the smallest IPv6 MTU. */
    public static final int MAX_BYTES = 1280;

    private static final int MAX_V4_BYTES = 576; // RFC 1812 §4.3.2.3
    private static final int ICMP_HEADER_BYTES = 8;
    private static final int INTERNETWORK_CONTROL = 0xc0; // precedence 6, RFC 1812 §4.3.2.5
    private static final int TTL = 64;
    private static final int ECHO_REQUEST_V4 = 8;
    private static final int ECHO_REPLY_V4 = 0;
    private static final int ECHO_REQUEST_V6 = 128;
    private static final int ECHO_REPLY_V6 = 129;
    private static final int REDIRECT_V6 = 137;

    /** Why the packet could not go on. */
    public enum Cause {
        /** TTL or hop limit used up. */
        TIME_EXCEEDED(11, 0, 3, 0),
        /** There is no route to its network. */
        NO_ROUTE(3, 0, 1, 0),
        /** The destination is known and cannot be reached now. */
        HOST_UNREACHABLE(3, 1, 1, 3),
        /** Nobody listens there. */
        PORT_UNREACHABLE(3, 3, 1, 4),
        /** Forbidden by a rule. */
        PROHIBITED(3, 13, 1, 1),
        /** Larger than the next hop takes, and not to be fragmented. */
        TOO_BIG(3, 4, 2, 0);

        private final int v4;
        private final int v6;

        Cause(int v4Type, int v4Code, int v6Type, int v6Code) {
            v4 = v4Type << 8 | v4Code;
            v6 = v6Type << 8 | v6Code;
        }
    }

    private IcmpError() {}

    /**
     * Writes the error about a packet.
     *
     * @param mtu what the next hop takes, for {@link Cause#TOO_BIG}; else ignored
     * @param packet the offending packet, valid by its version's header
     * @param sourceHi upper half of our own address, of the packet's version (IPv4 is mapped)
     * @param sourceLo lower half
     * @param to where to write, {@link #MAX_BYTES} free, not overlapping the packet
     * @return length of the error, or 0 when none may be sent
     */
    public static int write(
            Cause cause, int mtu, long packet, long sourceHi, long sourceLo, long to) {
        boolean mapped = sourceHi == 0 && sourceLo >>> 32 == 0xffff;
        if (Ipv4Header.version(packet) == 4) {
            return mapped && mayAnswerV4(packet)
                    ? writeV4(cause, mtu, packet, (int) sourceLo, to)
                    : 0;
        }
        return !mapped && mayAnswerV6(cause, packet)
                ? writeV6(cause, mtu, packet, sourceHi, sourceLo, to)
                : 0;
    }

    /** RFC 1812 §4.3.2.7; a subnet's own broadcast address is known only to the caller. */
    private static boolean mayAnswerV4(long packet) {
        int source = Ipv4Header.source(packet);
        int network = source >>> 24;
        return !Ipv4Header.isMulticastOrBroadcast(source)
                && network != 0
                && network != 127
                && !Ipv4Header.isMulticastOrBroadcast(Ipv4Header.destination(packet))
                && Ipv4Header.fragmentOffsetBytes(packet) == 0
                && !isErrorV4(packet);
    }

    private static boolean isErrorV4(long packet) {
        if (Ipv4Header.protocol(packet) != Ipv4Header.ICMP) {
            return false;
        }
        int header = Ipv4Header.headerBytes(packet);
        if (Ipv4Header.totalLength(packet) <= header) {
            return true; // cut off: might be one
        }
        return switch (Mem.u8(packet + header)) {
            case 0, 8, 9, 10, 13, 14, 15, 16, 17, 18 -> false; // the queries and their replies
            default -> true;
        };
    }

    private static int writeV4(Cause cause, int mtu, long packet, int source, long to) {
        int quoted =
                Math.min(
                        Ipv4Header.totalLength(packet),
                        MAX_V4_BYTES - Ipv4Header.MIN_BYTES - ICMP_HEADER_BYTES);
        int total = Ipv4Header.MIN_BYTES + ICMP_HEADER_BYTES + quoted;
        Ipv4Header.write(
                to,
                INTERNETWORK_CONTROL,
                total,
                TTL,
                Ipv4Header.ICMP,
                source,
                Ipv4Header.source(packet));
        Ipv4Header.sum(to);
        long icmp = to + Ipv4Header.MIN_BYTES;
        writeIcmp(icmp, cause.v4, cause == Cause.TOO_BIG ? Math.min(mtu, 0xffff) : 0);
        Mem.copy(packet, icmp + ICMP_HEADER_BYTES, quoted);
        Mem.put16Be(icmp + 2, Checksum.of(icmp, ICMP_HEADER_BYTES + quoted));
        return total;
    }

    /** RFC 4443 §2.4 (e). */
    private static boolean mayAnswerV6(Cause cause, long packet) {
        long sourceHi = Ipv6Header.sourceHi(packet);
        long sourceLo = Ipv6Header.sourceLo(packet);
        boolean loopbackOrUnspecified = sourceHi == 0 && sourceLo >>> 1 == 0;
        if (loopbackOrUnspecified || Ipv6Header.isMulticast(sourceHi)) {
            return false;
        }
        if (cause != Cause.TOO_BIG && Ipv6Header.isMulticast(Ipv6Header.destinationHi(packet))) {
            return false;
        }
        int upper = Ipv6Header.upperLayer(packet);
        if (upper < 0) {
            return cause == Cause.TOO_BIG; // what it is cannot be seen; path MTU needs an answer
        }
        return upper >>> 16 != Ipv6Header.ICMPV6 || !isErrorV6(packet, upper & 0xffff);
    }

    private static boolean isErrorV6(long packet, int offset) {
        if (Ipv6Header.totalLength(packet) <= offset) {
            return true; // cut off: might be one
        }
        int type = Mem.u8(packet + offset);
        return type < 128 || type == REDIRECT_V6;
    }

    private static int writeV6(
            Cause cause, int mtu, long packet, long sourceHi, long sourceLo, long to) {
        int quoted =
                Math.min(
                        Ipv6Header.totalLength(packet),
                        MAX_BYTES - Ipv6Header.BYTES - ICMP_HEADER_BYTES);
        int l4Bytes = ICMP_HEADER_BYTES + quoted;
        int total = Ipv6Header.BYTES + l4Bytes;
        Ipv6Header.write(
                to,
                0,
                total,
                TTL,
                Ipv6Header.ICMPV6,
                sourceHi,
                sourceLo,
                Ipv6Header.sourceHi(packet),
                Ipv6Header.sourceLo(packet));
        long icmp = to + Ipv6Header.BYTES;
        writeIcmp(icmp, cause.v6, cause == Cause.TOO_BIG ? mtu : 0);
        Mem.copy(packet, icmp + ICMP_HEADER_BYTES, quoted);
        int sum =
                Checksum.add(
                        Checksum.pseudo(to, Ipv6Header.ICMPV6, l4Bytes),
                        Checksum.sum(icmp, l4Bytes));
        Mem.put16Be(icmp + 2, ~sum);
        return total;
    }

    private static void writeIcmp(long icmp, int typeAndCode, int rest) {
        Mem.put16Be(icmp, typeAndCode);
        Mem.put16Be(icmp + 2, 0);
        Mem.put32Be(icmp + 4, rest);
    }

    /**
     * Turns an echo request into its reply, in place; for a controller that has no kernel
     * interface. The caller knows that the packet is for its own address. A wrong ICMP checksum
     * stays wrong, so that the asker sees it.
     *
     * @param packet valid by its version's header
     * @return whether it was an echo request, whole and without IP options
     */
    public static boolean toEchoReply(long packet) {
        return Ipv4Header.version(packet) == 4 ? toEchoReplyV4(packet) : toEchoReplyV6(packet);
    }

    private static boolean toEchoReplyV4(long packet) {
        long icmp = packet + Ipv4Header.MIN_BYTES;
        if (Ipv4Header.headerBytes(packet) != Ipv4Header.MIN_BYTES
                || Ipv4Header.protocol(packet) != Ipv4Header.ICMP
                || Ipv4Header.isFragment(packet)
                || Ipv4Header.totalLength(packet) < Ipv4Header.MIN_BYTES + ICMP_HEADER_BYTES
                || Mem.u16Be(icmp) != ECHO_REQUEST_V4 << 8) {
            return false;
        }
        Ipv4Header.write(
                packet,
                Mem.u8(packet + 1),
                Ipv4Header.totalLength(packet),
                TTL,
                Ipv4Header.ICMP,
                Ipv4Header.destination(packet),
                Ipv4Header.source(packet));
        Ipv4Header.sum(packet);
        retype(icmp, ECHO_REPLY_V4 << 8);
        return true;
    }

    private static boolean toEchoReplyV6(long packet) {
        long icmp = packet + Ipv6Header.BYTES;
        if (Ipv6Header.nextHeader(packet) != Ipv6Header.ICMPV6
                || Ipv6Header.totalLength(packet) < Ipv6Header.BYTES + ICMP_HEADER_BYTES
                || Mem.u16Be(icmp) != ECHO_REQUEST_V6 << 8) {
            return false;
        }
        Ipv6Header.write(
                packet,
                0,
                Ipv6Header.totalLength(packet),
                TTL,
                Ipv6Header.ICMPV6,
                /* sourceHi= */ Ipv6Header.destinationHi(packet),
                /* sourceLo= */ Ipv6Header.destinationLo(packet),
                /* destinationHi= */ Ipv6Header.sourceHi(packet),
                /* destinationLo= */ Ipv6Header.sourceLo(packet));
        retype(icmp, ECHO_REPLY_V6 << 8);
        return true;
    }

    private static void retype(long icmp, int typeAndCode) {
        int checksum = Checksum.update(Mem.u16Be(icmp + 2), Mem.u16Be(icmp), typeAndCode);
        Mem.put16Be(icmp, typeAndCode);
        Mem.put16Be(icmp + 2, checksum);
    }
}
