package io.peermesh.linux;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.linux.Netlink.Message;
import io.peermesh.linux.Netlink.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Addresses, routes and settings of one interface, by rtnetlink (no ip(8) needed). Adding what is
 * there and removing what is not are no errors.
 *
 * <p>A TUN device of ours is not persistent: when {@link LinuxTun} is closed or the process dies,
 * the kernel removes the device with all its addresses and routes, so that nothing stays behind.
 * {@link #close} therefore only ends the conversation with the kernel.
 *
 * <p>Not thread-safe. Needs root or CAP_NET_ADMIN.
 */
public final class LinuxInterface implements AutoCloseable {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_GETROUTE = 26;

    private static final int IFF_UP = 1;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_TXQLEN = 13;
    private static final int IFLA_GSO_MAX_SIZE = 41;
    private static final int IFADDRMSG_BYTES = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_F_NODAD = 2;
    private static final int RTMSG_BYTES = 12;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RT_TABLE_MAIN = 254;
    private static final int RTPROT_STATIC = 4;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RTN_UNICAST = 1;

    private final Netlink netlink;
    private final String name;
    private final int index;

    private LinuxInterface(Netlink netlink, String name, int index) {
        this.netlink = netlink;
        this.name = name;
        this.index = index;
    }

    /**
     * The interface of this name.
     *
     * @throws OsException when there is none
     */
    public static LinuxInterface of(String name) {
        LinuxTun.checkName(name);
        var netlink = new Netlink();
        int index = netlink.indexOf(name);
        if (index < 0) {
            netlink.close();
            throw new OsException("find interface", name, -index, "there is no such interface");
        }
        return new LinuxInterface(netlink, name, index);
    }

    /** Sets the MTU (bytes of an inner packet), 68..65535. */
    public void mtu(int bytes) {
        change(link(0, 0).attribute(IFLA_MTU, bytes), "set MTU " + bytes);
    }

    /** Sets how many (super-)packets the kernel queues for us; fewer mean less delay under load. */
    public void transmitQueueLength(int packets) {
        change(
                link(0, 0).attribute(IFLA_TXQLEN, packets),
                "set the transmit queue length " + packets);
    }

    /**
     * Limits super-packets, so that one fits into one UDP send.
     *
     * @return false when this kernel cannot change it
     */
    public boolean maxSuperPacket(int bytes) {
        return netlink.change(link(0, 0).attribute(IFLA_GSO_MAX_SIZE, bytes)) == 0;
    }

    /** Switches the interface on; routes need that. */
    public void up() {
        change(link(IFF_UP, IFF_UP), "bring up");
    }

    /** Switches the interface off; the kernel forgets its routes. */
    public void down() {
        change(link(0, IFF_UP), "bring down");
    }

    private Request link(int flags, int mask) {
        return new Request(RTM_NEWLINK, 0).u8(0, 0, 0, 0).i32(index).i32(flags).i32(mask);
    }

    /**
     * Adds an address, and with it the route to its prefix.
     *
     * @param prefixBits as written after the slash: 0..32 for IPv4, 0..128 for IPv6
     * @throws OsException also when another interface has this address (EEXIST)
     */
    public void addAddress(IpAddress address, int prefixBits) {
        addressHolder(address)
                .ifPresent(other -> {
                    throw conflict("add address " + address, "has this address", other);
                });
        Request request = address(RTM_NEWADDR, Netlink.F_CREATE | Netlink.F_EXCL, address);
        int errno = netlink.change(finish(request, address, prefixBits));
        if (errno != 0 && errno != Errno.EEXIST) {
            throw OsException.of("add address " + address + "/" + prefixBits, name, errno);
        }
    }

    /** Removes an address. */
    public void removeAddress(IpAddress address, int prefixBits) {
        int errno = netlink.change(finish(address(RTM_DELADDR, 0, address), address, prefixBits));
        if (errno != 0 && errno != Errno.EADDRNOTAVAIL && errno != Errno.ENODEV) {
            throw OsException.of("remove address " + address + "/" + prefixBits, name, errno);
        }
    }

    private static Request address(int type, int flags, IpAddress address) {
        return new Request(type, flags).u8(family(address));
    }

    private Request finish(Request request, IpAddress address, int prefixBits) {
        // IPv6: no duplicate address detection, nobody else is on a TUN device
        request.u8(prefixBits, address.isV4() ? 0 : IFA_F_NODAD, 0).i32(index);
        return request.attribute(IFA_LOCAL, address.toBytes())
                .attribute(IFA_ADDRESS, address.toBytes());
    }

    /** The index of another interface with this address. */
    private Optional<Integer> addressHolder(IpAddress address) {
        int[] holder = {index};
        netlink.dump(
                new Request(RTM_GETADDR, 0).u8(family(address), 0, 0, 0).i32(0),
                message -> {
                    byte[] local = message.attribute(IFADDRMSG_BYTES, IFA_LOCAL);
                    byte[] at =
                            local.length > 0
                                    ? local
                                    : message.attribute(IFADDRMSG_BYTES, IFA_ADDRESS);
                    if (Arrays.equals(at, address.toBytes())) {
                        holder[0] = message.i32(4);
                    }
                });
        return holder[0] == index ? Optional.empty() : Optional.of(holder[0]);
    }

    /**
     * Routes a prefix into the interface, which must be up.
     *
     * @throws OsException also when the main table routes exactly this prefix elsewhere (EEXIST)
     */
    public void addRoute(Prefix prefix) {
        routeHolder(prefix)
                .ifPresent(other -> {
                    throw conflict("add route " + prefix, "has this route", other);
                });
        int errno = netlink.change(route(RTM_NEWROUTE, Netlink.F_CREATE | Netlink.F_EXCL, prefix));
        if (errno != 0 && errno != Errno.EEXIST) {
            throw OsException.of("add route " + prefix, name, errno);
        }
    }

    /** Removes a route into the interface. */
    public void removeRoute(Prefix prefix) {
        int errno = netlink.change(route(RTM_DELROUTE, 0, prefix));
        if (errno != 0 && errno != Errno.ESRCH) {
            throw OsException.of("remove route " + prefix, name, errno);
        }
    }

    private Request route(int type, int flags, Prefix prefix) {
        IpAddress address = prefix.address();
        Request request =
                new Request(type, flags)
                        .u8(family(address), length(prefix), 0, 0)
                        .u8(RT_TABLE_MAIN, RTPROT_STATIC, RT_SCOPE_LINK, RTN_UNICAST)
                        .i32(0);
        if (length(prefix) > 0) {
            request.attribute(RTA_DST, address.toBytes());
        }
        return request.attribute(RTA_OIF, index);
    }

    /** The index of another interface with a route to exactly this prefix; 0 when it has none. */
    private Optional<Integer> routeHolder(Prefix prefix) {
        int[] holder = {index};
        netlink.dump(
                new Request(RTM_GETROUTE, 0)
                        .u8(family(prefix.address()), 0, 0, 0)
                        .u8(0, 0, 0, 0)
                        .i32(0),
                message -> {
                    if (isRouteTo(prefix, message)) {
                        holder[0] = message.number(RTMSG_BYTES, RTA_OIF, 0);
                    }
                });
        return holder[0] == index ? Optional.empty() : Optional.of(holder[0]);
    }

    private static boolean isRouteTo(Prefix prefix, Message message) {
        byte[] destination = message.attribute(RTMSG_BYTES, RTA_DST);
        boolean same =
                length(prefix) == 0
                        ? destination.length == 0
                        : Arrays.equals(destination, prefix.address().toBytes());
        return same && message.u8(1) == length(prefix) && message.u8(4) == RT_TABLE_MAIN;
    }

    private OsException conflict(String attempt, String what, int otherIndex) {
        return new OsException(
                attempt,
                "to " + name,
                Errno.EEXIST,
                netlink.nameOf(otherIndex) + " " + what + " already");
    }

    private static int family(IpAddress address) {
        return address.isV4() ? SocketAddress.AF_INET : SocketAddress.AF_INET6;
    }

    /** As written after the slash. */
    private static int length(Prefix prefix) {
        return prefix.address().isV4() ? prefix.bits() - 96 : prefix.bits();
    }

    /**
     * Lets the interface carry packets that the overlay forwards: reverse path filter loose (a
     * reply may come by another controller), no ICMP redirects.
     *
     * @return the settings that could not be made (read-only /proc in a container), as file names
     */
    public List<String> forwardingSettings() {
        var failed = new ArrayList<String>();
        write("ipv4/conf/" + name + "/rp_filter", "2", failed);
        write("ipv4/conf/" + name + "/send_redirects", "0", failed);
        write("ipv4/conf/" + name + "/accept_redirects", "0", failed);
        return failed;
    }

    private static void write(String key, String value, List<String> failed) {
        Path file = Path.of("/proc/sys/net", key);
        try {
            Files.writeString(file, value);
        } catch (NoSuchFileException e) {
            failed.add(file + " is missing");
        } catch (IOException e) {
            failed.add(file.toString());
        }
    }

    private void change(Request request, String attempt) {
        int errno = netlink.change(request);
        if (errno != 0) {
            throw OsException.of(attempt, name, errno);
        }
    }

    /** Ends the conversation with the kernel; the interface stays as it is. */
    @Override
    public void close() {
        netlink.close();
    }
}
