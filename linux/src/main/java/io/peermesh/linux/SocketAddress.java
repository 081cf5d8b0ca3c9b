package io.peermesh.linux;

import io.peermesh.frame.Mem;

/**
 * {@code sockaddr_in} (ip(7)) and {@code sockaddr_in6} (ipv6(7)); port and address in network
 * order. An IPv6 socket carries IPv4 in mapped form, so one layout per socket is enough.
 *
 * <pre>
 *  sockaddr_in    0        2      4        8 .. 15
 *                 | family | port | IPv4   | zero |
 *  sockaddr_in6   0        2      4        8       24        27
 *                 | family | port | flow   | IPv6  | scope id |
 * </pre>
 */
final class SocketAddress {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    /** Room for either layout. */
    static final int MAX_BYTES = 28;

    private static final int V4_BYTES = 16;
    private static final long V4_MAPPED = 0xffffL;

    private SocketAddress() {}

    /** The length of an address of this family. */
    static int bytes(int family) {
        return family == AF_INET ? V4_BYTES : MAX_BYTES;
    }

    static boolean isV4(long hi, long lo) {
        return hi == 0 && lo >>> 32 == V4_MAPPED;
    }

    /** Writes the whole structure; an AF_INET one takes IPv4 addresses only. */
    static void write(long at, int family, long hi, long lo, int port) {
        Mem.put16Ne(at, family);
        Mem.put16Be(at + 2, port);
        if (family == AF_INET) {
            Mem.put32Be(at + 4, (int) lo);
            Mem.put64Be(at + 8, 0);
            return;
        }
        Mem.put32Be(at + 4, 0);
        Mem.put64Be(at + 8, hi);
        Mem.put64Be(at + 16, lo);
        Mem.put32Be(at + 24, 0);
    }

    static int port(long at) {
        return Mem.u16Be(at + 2);
    }

    static long hi(long at) {
        return Mem.u16Ne(at) == AF_INET ? 0 : Mem.i64Be(at + 8);
    }

    static long lo(long at) {
        return Mem.u16Ne(at) == AF_INET
                ? V4_MAPPED << 32 | (Mem.i32Be(at + 4) & 0xffff_ffffL)
                : Mem.i64Be(at + 16);
    }
}
