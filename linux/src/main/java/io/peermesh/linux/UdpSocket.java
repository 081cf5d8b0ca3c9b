package io.peermesh.linux;

import io.peermesh.frame.Mem;
import io.peermesh.ip.IpAddress;
import io.peermesh.linux.Switches.Switch;
import java.lang.foreign.Arena;

/**
 * Opens and configures the socket of {@link LinuxDatagrams}: family, path MTU rule, buffers, GSO
 * and GRO, address.
 *
 * <p>Path MTU: IP_PMTUDISC_DONT on both families. An outer datagram that is larger than the path is
 * fragmented: on IPv4 by the router that cannot pass it (no DF bit), on IPv6 by this kernel after a
 * Packet Too Big. With DF set, one firewall that drops ICMP would turn every large packet into
 * silence. The price is slower traffic on a path whose MTU is set wrong, which an operator can see.
 *
 * @param fd the bound, non-blocking descriptor
 * @param family {@link SocketAddress#AF_INET6} (dual-stack) or, without IPv6, AF_INET
 */
record UdpSocket(
        int fd,
        int family,
        int port,
        boolean gso,
        boolean gro,
        boolean tellsErrors,
        boolean forced,
        int bufferBytes) {
    /** What is asked for in each direction: about 10 ms of a line with 5 Gb/s. */
    static final int BUFFER_BYTES = 7 << 20;

    static final int SOL_UDP = 17;
    static final int UDP_SEGMENT = 103;
    static final int UDP_GRO = 104;

    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_IP = 0;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int SOL_IPV6 = 41;
    private static final int IPV6_MTU_DISCOVER = 23;
    private static final int IPV6_V6ONLY = 26;
    private static final int PMTUDISC_DONT = 0;

    /**
     * Opens, configures and binds.
     *
     * @throws OsException when the address is not of this host or the port is taken
     */
    static UdpSocket open(
            Libc libc, IpAddress address, int port, Switches switches, boolean tellsErrors) {
        int family = SocketAddress.AF_INET6;
        int fd = switches.allows(Switch.IPV6) ? socket(libc, family) : -Errno.EAFNOSUPPORT;
        if (fd == -Errno.EAFNOSUPPORT) {
            family = SocketAddress.AF_INET;
            fd = socket(libc, family);
        }
        OsException.check(fd, "socket", "UDP");
        try (Arena arena = Arena.ofConfined()) {
            return new Setup(libc, fd, family, arena)
                    .configure(address, port, switches, tellsErrors);
        } catch (OsException e) {
            int ignored = libc.close(fd);
            throw e;
        }
    }

    private static int socket(Libc libc, int family) {
        return libc.socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    }

    /** The steps on one descriptor, with memory for their arguments. */
    private static final class Setup {
        private final Libc libc;
        private final int fd;
        private final int family;
        private final long scratch;

        Setup(Libc libc, int fd, int family, Arena arena) {
            this.libc = libc;
            this.fd = fd;
            this.family = family;
            this.scratch = Mem.allocate(arena, 64);
        }

        UdpSocket configure(IpAddress address, int port, Switches switches, boolean tellsErrors) {
            String subject = address.isV4() ? address + ":" + port : "[" + address + "]:" + port;
            if (family == SocketAddress.AF_INET6) {
                OsException.check(set(SOL_IPV6, IPV6_V6ONLY, 0), "IPV6_V6ONLY", subject);
                OsException.check(
                        set(SOL_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_DONT),
                        "IPV6_MTU_DISCOVER",
                        subject);
            }
            OsException.check(
                    set(SOL_IP, IP_MTU_DISCOVER, PMTUDISC_DONT), "IP_MTU_DISCOVER", subject);
            boolean forced = buffers(switches);
            boolean gso = switches.allows(Switch.GSO) && set(SOL_UDP, UDP_SEGMENT, 0) == 0;
            boolean gro = switches.allows(Switch.GRO) && set(SOL_UDP, UDP_GRO, 1) == 0;
            boolean errors = tellsErrors && switches.allows(Switch.ERRORS) && tellErrors();
            bind(address, port, subject);
            int granted = get(SOL_SOCKET, SO_RCVBUF) / 2; // the kernel reports it doubled
            return new UdpSocket(fd, family, localPort(), gso, gro, errors, forced, granted);
        }

        /** IPv4 inside a dual-stack socket has its own option. */
        private boolean tellErrors() {
            boolean v6 =
                    family != SocketAddress.AF_INET6
                            || set(SOL_IPV6, ErrorQueue.IPV6_RECVERR, 1) == 0;
            return v6 && set(SOL_IP, ErrorQueue.IP_RECVERR, 1) == 0;
        }

        private int set(int level, int option, int value) {
            Mem.put32Ne(scratch, value);
            return libc.setsockopt(fd, level, option, scratch, 4);
        }

        private int get(int level, int option) {
            Mem.put32Ne(scratch + 4, 4);
            OsException.check(
                    libc.getsockopt(fd, level, option, scratch, scratch + 4), "getsockopt", "UDP");
            return Mem.i32Ne(scratch);
        }

        /** Whether the kernel let us go above its limit (net.core.rmem_max). */
        private boolean buffers(Switches switches) {
            if (switches.allows(Switch.FORCED_BUFFERS)
                    && set(SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES) == 0
                    && set(SOL_SOCKET, SO_SNDBUFFORCE, BUFFER_BYTES) == 0) {
                return true;
            }
            OsException.check(set(SOL_SOCKET, SO_RCVBUF, BUFFER_BYTES), "SO_RCVBUF", "UDP");
            OsException.check(set(SOL_SOCKET, SO_SNDBUF, BUFFER_BYTES), "SO_SNDBUF", "UDP");
            return false;
        }

        private void bind(IpAddress address, int port, String subject) {
            if (family == SocketAddress.AF_INET && !address.isV4()) {
                if (!address.equals(IpAddress.UNSPECIFIED)) {
                    throw new OsException(
                            "bind", subject, Errno.EAFNOSUPPORT, "IPv6 is off on this host");
                }
                address = IpAddress.v4(0);
            }
            SocketAddress.write(scratch, family, address.hi(), address.lo(), port);
            int result = libc.bind(fd, scratch, SocketAddress.bytes(family));
            if (result < 0) {
                throw bindFailure(-result, address, port, subject);
            }
        }

        private static OsException bindFailure(
                int errno, IpAddress address, int port, String subject) {
            return switch (errno) {
                case Errno.EADDRINUSE ->
                        new OsException(
                                "bind",
                                "UDP " + subject,
                                errno,
                                PortHolder.find(address, port)
                                        .map(holder -> "the port is in use by " + holder)
                                        .orElse("the port is in use by another process"));
                case Errno.EADDRNOTAVAIL ->
                        new OsException(
                                "bind",
                                "UDP " + subject,
                                errno,
                                "no interface of this host has this address");
                case Errno.EACCES ->
                        new OsException(
                                "bind",
                                "UDP " + subject,
                                errno,
                                "ports below 1024 need root or CAP_NET_BIND_SERVICE");
                default -> OsException.of("bind", "UDP " + subject, errno);
            };
        }

        private int localPort() {
            Mem.put32Ne(scratch + 32, SocketAddress.MAX_BYTES);
            OsException.check(libc.getsockname(fd, scratch, scratch + 32), "getsockname", "UDP");
            return SocketAddress.port(scratch);
        }
    }
}
