package io.peermesh.linux;

import io.peermesh.frame.Mem;
import java.lang.foreign.Arena;

/**
 * What the network says about datagrams that did not arrive (IP_RECVERR, ip(7)): read when a call
 * on the socket has failed, since the kernel raises each such error once on the next call.
 *
 * <pre>
 *  cmsghdr  0        8       12     16
 *           | length | level | type | sock_extended_err, sender of the ICMP |
 *  sock_extended_err  0       4        5      6      7     8      12     16
 *                     | errno | origin | type | code | pad | info | data |
 * </pre>
 *
 * <p>Owned by the thread of its socket. What stays unread keeps the socket ready for ever, so
 * {@link #take} reads all of it.
 */
final class ErrorQueue {
    static final int IP_RECVERR = 11;
    static final int IPV6_RECVERR = 25;

    /** Entries read in one call: more than the kernel queues for a socket's worth of datagrams. */
    private static final int ENTRIES_MAX = 1024;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_ERRQUEUE = 0x2000;
    private static final int SOL_IP = 0;
    private static final int SOL_IPV6 = 41;
    private static final int ORIGIN_ICMP = 2;
    private static final int ORIGIN_ICMP6 = 3;

    private static final int HEADER_BYTES = 64;
    private static final int CONTROL = 32;
    private static final int CONTROL_SPACE = 256;
    private static final int CONTROL_USED = 40;
    private static final int CMSG_HEADER_BYTES = 16;
    private static final int CMSG_ERROR_BYTES = CMSG_HEADER_BYTES + 16;

    private final Libc libc;
    private final int fd;
    private final long header; // without room for the datagram: only what is said of it counts
    private final long control;
    private boolean waiting;

    ErrorQueue(Libc libc, int fd, Arena memory) {
        this.libc = libc;
        this.fd = fd;
        this.header = Mem.allocate(memory, HEADER_BYTES);
        this.control = Mem.allocate(memory, CONTROL_SPACE);
        Mem.put64Ne(header + CONTROL, control);
    }

    /** A call on the socket has failed, or has sent less than it was given. */
    void onFailure() {
        waiting = true;
    }

    /** Empties the queue; whether there was an ICMP message that says "unreachable". */
    boolean take() {
        if (!waiting) {
            return false;
        }
        waiting = false;
        boolean unreachable = false;
        for (int i = 0; i < ENTRIES_MAX; i++) {
            Mem.put64Ne(header + CONTROL_USED, CONTROL_SPACE);
            if (libc.recvmmsg(fd, header, 1, MSG_ERRQUEUE | MSG_DONTWAIT) <= 0) {
                return unreachable;
            }
            unreachable |= saysUnreachable();
        }
        waiting = true;
        return unreachable;
    }

    private boolean saysUnreachable() {
        long end = control + Math.min(Mem.i64Ne(header + CONTROL_USED), CONTROL_SPACE);
        long at = control;
        while (at + CMSG_ERROR_BYTES <= end) {
            long bytes = Mem.i64Ne(at);
            if (isError(Mem.i32Ne(at + 8), Mem.i32Ne(at + 12)) && bytes >= CMSG_ERROR_BYTES) {
                return isUnreachable(at + CMSG_HEADER_BYTES);
            }
            if (bytes < CMSG_HEADER_BYTES) {
                return false;
            }
            at += (bytes + 7) & ~7L;
        }
        return false;
    }

    private static boolean isError(int level, int type) {
        return (level == SOL_IP && type == IP_RECVERR)
                || (level == SOL_IPV6 && type == IPV6_RECVERR);
    }

    private static boolean isUnreachable(long error) {
        int origin = Mem.u8(error + 4);
        int errno = Mem.i32Ne(error);
        return (origin == ORIGIN_ICMP || origin == ORIGIN_ICMP6)
                && (errno == Errno.ECONNREFUSED
                        || errno == Errno.EHOSTUNREACH
                        || errno == Errno.ENETUNREACH
                        || errno == Errno.EACCES); // "administratively prohibited"
    }
}
