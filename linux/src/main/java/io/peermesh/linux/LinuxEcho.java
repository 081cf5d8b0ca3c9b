package io.peermesh.linux;

import io.peermesh.frame.Mem;
import io.peermesh.ip.Checksum;
import io.peermesh.ip.IpAddress;
import java.lang.foreign.Arena;

/**
 * ICMP echo to one IPv4 address (ping), for measuring how long an outage lasts. Not thread-safe.
 * Needs root or CAP_NET_RAW.
 *
 * <pre>
 *   0      1      2          4           6          8
 *   | type | code | checksum | identifier | sequence |     type 8 asks, type 0 answers
 * </pre>
 */
public final class LinuxEcho implements AutoCloseable {
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int IPPROTO_ICMP = 1;
    private static final int POLLIN = 1;
    private static final int HEADER_BYTES = 8;
    private static final int BUFFER_BYTES = 2048;
    private static final int REQUEST = 8;
    private static final int REPLY = 0;
    private static final int MIN_IP_HEADER_BYTES = 20;

    private final Libc libc = new Libc();
    private final Arena memory = Arena.ofShared();
    private final long buffer = Mem.allocate(memory, BUFFER_BYTES);
    private final long pollfd = Mem.allocate(memory, 8);
    private final int identifier;
    private final int fd;

    /**
     * Prepares to ask this address.
     *
     * @param identifier tells our answers from those for others, 0..65535
     * @throws OsException without the right to open the socket, or without a route
     */
    public LinuxEcho(IpAddress address, int identifier) {
        this.identifier = identifier;
        int opened =
                libc.socket(
                        SocketAddress.AF_INET,
                        SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
                        IPPROTO_ICMP);
        if (opened < 0) {
            memory.close();
        }
        fd = OsException.check(opened, "socket", "for ICMP echo");
        SocketAddress.write(buffer, SocketAddress.AF_INET, 0, address.lo(), 0);
        int connected = libc.connect(fd, buffer, SocketAddress.bytes(SocketAddress.AF_INET));
        if (connected < 0) {
            close();
            throw OsException.of("connect", "to " + address, -connected);
        }
    }

    /** Asks; what the kernel does not take is as good as lost on the way. */
    public void send(int sequence) {
        Mem.zero(buffer, HEADER_BYTES);
        Mem.put16Be(buffer, REQUEST << 8);
        Mem.put16Be(buffer + 4, identifier);
        Mem.put16Be(buffer + 6, sequence);
        Mem.put16Be(buffer + 2, Checksum.of(buffer, HEADER_BYTES));
        long ignored = libc.write(fd, buffer, HEADER_BYTES);
    }

    /**
     * Waits for an answer.
     *
     * @return its sequence number, 0..65535; -1 when none came in time
     */
    public int receive(int timeoutMillis) {
        Mem.put32Ne(pollfd, fd);
        Mem.put32Ne(pollfd + 4, POLLIN);
        if (libc.poll(pollfd, 1, timeoutMillis) <= 0) {
            return -1;
        }
        long read = libc.read(fd, buffer, BUFFER_BYTES);
        if (read < MIN_IP_HEADER_BYTES) {
            return -1;
        }
        int ipBytes = (Mem.u8(buffer) & 0xf) * 4;
        long icmp = buffer + ipBytes;
        boolean ours =
                read >= ipBytes + HEADER_BYTES
                        && Mem.u8(icmp) == REPLY
                        && Mem.u16Be(icmp + 4) == identifier;
        return ours ? Mem.u16Be(icmp + 6) : -1;
    }

    /** Ends it. */
    @Override
    public void close() {
        int ignored = libc.close(fd);
        memory.close();
    }
}
