package io.peermesh.agent;

import io.peermesh.ip.Prefix;
import io.peermesh.linux.LinuxInterface;
import io.peermesh.linux.LinuxTun;
import io.peermesh.linux.OsException;
import io.peermesh.linux.Switches;
import io.peermesh.runtime.TunSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The TUN device of an agent with its address and routes. It is not persistent: when the process
 * ends, of whatever, the kernel takes all of it away. Used by one thread.
 */
final class AgentDevice implements AutoCloseable {
    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int ENXIO = 6;
    private static final int EACCES = 13;
    private static final int EBUSY = 16;
    private static final int EEXIST = 17;
    private static final int ENODEV = 19;
    private static final int EINVAL = 22;

    private final LinuxTun tun;
    private final List<String> problems = new ArrayList<>();

    private AgentDevice(LinuxTun tun) {
        this.tun = tun;
    }

    /**
     * Makes the device, switched on, with the pack's address and MTU and a route for each of its
     * subnets. A subnet that this machine routes elsewhere already is left there, and named in
     * {@link #problems}; without the overlay itself nothing would work.
     *
     * @throws AgentException when that is not possible; nothing is left behind
     */
    static AgentDevice open(String name, Pack pack) {
        LinuxTun tun = openTun(name);
        var device = new AgentDevice(tun);
        try (var settings = LinuxInterface.of(tun.name())) {
            TunSetup.prepare(settings, pack.mtuBytes());
            device.address(settings, pack);
            pack.allowed().forEach(prefix -> device.route(settings, prefix, pack));
            return device;
        } catch (OsException e) {
            tun.close();
            throw new AgentException("cannot set up the interface " + name + ": " + e.getMessage());
        } catch (AgentException e) {
            tun.close();
            throw e;
        }
    }

    private void address(LinuxInterface settings, Pack pack) {
        try {
            settings.addAddress(pack.address(), 32);
        } catch (OsException e) {
            throw e.errno() != EEXIST
                    ? e
                    : new AgentException(
                            e.getMessage()
                                    + ": the clientpack is in use on this machine. Stop what uses"
                                    + " it, WireGuard for example, or take another clientpack");
        }
    }

    private void route(LinuxInterface settings, Prefix prefix, Pack pack) {
        try {
            settings.addRoute(prefix);
        } catch (OsException e) {
            if (e.errno() != EEXIST) {
                throw e;
            }
            if (prefix.contains(pack.address())) {
                throw new AgentException(
                        e.getMessage()
                                + ": this is the overlay subnet. A machine is one client or one"
                                + " controller of a mesh, and no network of its own may have these"
                                + " addresses: take that interface down, or give the route away");
            }
            problems.add(
                    Objects.requireNonNullElse(e.getMessage(), e.toString())
                            + "; it stays there and does not go through the tunnel");
        }
    }

    private static LinuxTun openTun(String name) {
        try {
            return LinuxTun.open(name, Switches.ALL_ON);
        } catch (IllegalArgumentException e) {
            throw new AgentException(String.valueOf(e.getMessage()));
        } catch (OsException e) {
            throw new AgentException(
                    switch (e.errno()) {
                        case EPERM, EACCES ->
                                "making the interface "
                                        + name
                                        + " needs root or CAP_NET_ADMIN: run it with sudo, or give"
                                        + " the container that capability";
                        case ENOENT, ENODEV, ENXIO ->
                                "this machine has no TUN driver: run modprobe tun as root, or hand"
                                        + " /dev/net/tun to the container";
                        case EBUSY, EINVAL, EEXIST ->
                                "the interface "
                                        + name
                                        + " exists already: choose another --name, or remove it (ip"
                                        + " link del "
                                        + name
                                        + ") if nothing uses it";
                        default -> String.valueOf(e.getMessage());
                    });
        }
    }

    /** For the packet loop, which closes it. */
    LinuxTun tun() {
        return tun;
    }

    /** What could not be set up, in words. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    @Override
    public void close() {
        tun.close();
    }
}
