package io.peermesh.linux;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.linux.Netlink.Message;
import io.peermesh.linux.Netlink.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * IPv4 routes of the main table that bear our own routing protocol number, by rtnetlink: what
 * others have put there is neither seen nor changed. {@code ip route show proto 155} lists them.
 * They outlive the process; whoever starts next finds them by that number.
 *
 * <p>Not thread-safe. Needs root or CAP_NET_ADMIN.
 */
public final class LinuxRoutes implements AutoCloseable {
    /** Marks our routes; not assigned to any routing daemon. */
    public static final int PROTOCOL = 155;

    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_GETROUTE = 26;
    private static final int RTMSG_BYTES = 12;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RT_TABLE_MAIN = 254;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RTN_UNICAST = 1;

    private final Netlink netlink = new Netlink();

    /** Opens the conversation with the kernel. */
    public LinuxRoutes() {
        netlink.filterDumps();
    }

    /**
     * A route.
     *
     * @param prefix IPv4
     * @param gateway IPv4; empty for a network that is on the interface itself
     * @param interfaceName empty lets the kernel choose by the gateway
     * @param metric from 0; the lowest wins
     */
    public record Route(
            Prefix prefix, Optional<IpAddress> gateway, String interfaceName, int metric) {
        /** Whether an installed route is what this one asks for. */
        public boolean isMetBy(Route installed) {
            return prefix.equals(installed.prefix)
                    && gateway.equals(installed.gateway)
                    && metric == installed.metric
                    && (interfaceName.isEmpty() || interfaceName.equals(installed.interfaceName));
        }
    }

    /** Our routes as the kernel has them now. */
    public List<Route> installed() {
        var found = new ArrayList<Message>();
        netlink.dump(
                new Request(RTM_GETROUTE, 0)
                        .u8(SocketAddress.AF_INET, 0, 0, 0)
                        .u8(RT_TABLE_MAIN, PROTOCOL, 0, 0)
                        .i32(0),
                message -> {
                    if (message.u8(4) == RT_TABLE_MAIN && message.u8(5) == PROTOCOL) {
                        found.add(message);
                    }
                });
        return found.stream().map(this::route).toList();
    }

    private Route route(Message message) {
        byte[] destination = message.attribute(RTMSG_BYTES, RTA_DST);
        byte[] gateway = message.attribute(RTMSG_BYTES, RTA_GATEWAY);
        IpAddress network = destination.length == 4 ? IpAddress.of(destination) : IpAddress.v4(0);
        return new Route(
                Prefix.literal(network + "/" + message.u8(1)),
                gateway.length == 4 ? Optional.of(IpAddress.of(gateway)) : Optional.empty(),
                netlink.nameOf(message.number(RTMSG_BYTES, RTA_OIF, 0)),
                message.number(RTMSG_BYTES, RTA_PRIORITY, 0));
    }

    /**
     * Installs a route.
     *
     * @throws OsException when there is no such interface, the gateway is not on a network of this
     *     machine, or another route to this prefix has the same metric
     */
    public void add(Route route) {
        int errno = netlink.change(request(RTM_NEWROUTE, Netlink.F_CREATE | Netlink.F_EXCL, route));
        if (errno != 0) {
            throw new OsException("add route", words(route), errno, explanation(route, errno));
        }
    }

    private static String explanation(Route route, int errno) {
        return switch (errno) {
            case Errno.EEXIST ->
                    "this machine has another route to it with metric "
                            + route.metric()
                            + "; remove that one, or give another metric";
            case Errno.ENETUNREACH, Errno.EHOSTUNREACH ->
                    route.gateway().map(to -> "the gateway " + to).orElse("it")
                            + " is on no network of this machine";
            case Errno.ENETDOWN -> "the interface " + route.interfaceName() + " is down";
            default -> Libc.strerror(errno);
        };
    }

    /** Removes a route; one that is gone already is no error. */
    public void remove(Route route) {
        int errno = netlink.change(request(RTM_DELROUTE, 0, route));
        if (errno != 0 && errno != Errno.ESRCH && errno != Errno.ENODEV) {
            throw OsException.of("remove route", words(route), errno);
        }
    }

    private Request request(int type, int flags, Route route) {
        int length = route.prefix().length();
        int scope = route.gateway().isPresent() ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
        Request request =
                new Request(type, flags)
                        .u8(SocketAddress.AF_INET, length, 0, 0)
                        .u8(RT_TABLE_MAIN, PROTOCOL, scope, RTN_UNICAST)
                        .i32(0);
        if (length > 0) {
            request.attribute(RTA_DST, route.prefix().address().toBytes());
        }
        route.gateway().ifPresent(to -> request.attribute(RTA_GATEWAY, to.toBytes()));
        if (!route.interfaceName().isEmpty()) {
            request.attribute(RTA_OIF, indexOf(route));
        }
        return route.metric() == 0 ? request : request.attribute(RTA_PRIORITY, route.metric());
    }

    private int indexOf(Route route) {
        String name = route.interfaceName();
        int index = name.length() > LinuxTun.NAME_MAX_BYTES ? -Errno.ENODEV : netlink.indexOf(name);
        if (index < 0) {
            throw new OsException(
                    "use route",
                    words(route),
                    Errno.ENODEV,
                    "this machine has no interface " + name);
        }
        return index;
    }

    private static String words(Route route) {
        return route.prefix()
                + route.gateway().map(to -> " via " + to).orElse("")
                + (route.interfaceName().isEmpty() ? "" : " dev " + route.interfaceName());
    }

    /** Ends the conversation; the routes stay. */
    @Override
    public void close() {
        netlink.close();
    }
}
