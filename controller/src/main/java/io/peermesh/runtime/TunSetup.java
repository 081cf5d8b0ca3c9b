package io.peermesh.runtime;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.linux.LinuxInterface;
import io.peermesh.linux.LinuxTun;
import io.peermesh.linux.OsException;
import io.peermesh.node.Desired;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the TUN device what the configuration asks for: addresses, MTU, the routes into the overlay
 * and to subnets that other controllers advertise. The device is not persistent, so the kernel
 * takes all of it away with the device. Control loop only; without a device it does nothing.
 */
public final class TunSetup {
    /** MTU of the overlay as seen from this host; what stock WireGuard uses, too. */
    static final int MTU_BYTES = 1420;

    /** Packets that the kernel queues for us; super-packets count as one. */
    private static final int QUEUE_PACKETS = 100;

    /** So that the segments of one super-packet fit one UDP send. */
    private static final int MAX_SUPER_PACKET_BYTES = 61_000;

    private static final Logger LOG = LoggerFactory.getLogger(TunSetup.class);

    private final Optional<LinuxInterface> device;
    private final Set<IpAddress> addresses = new HashSet<>();
    private final Set<Prefix> routes = new HashSet<>();
    private final Map<String, String> problems = new LinkedHashMap<>();
    private Set<Prefix> overlay = Set.of();
    private Set<Prefix> remote = Set.of();

    TunSetup(Optional<LinuxTun> tun) {
        device = tun.map(each -> LinuxInterface.of(each.name()));
        device.ifPresent(each -> prepare(each, MTU_BYTES));
    }

    /** Switches a TUN device of ours on, with queues and sizes that fit the packet path. */
    public static void prepare(LinuxInterface device, int mtuBytes) {
        device.mtu(mtuBytes);
        device.transmitQueueLength(QUEUE_PACKETS);
        boolean limited = device.maxSuperPacket(MAX_SUPER_PACKET_BYTES);
        LOG.debug("super-packets limited to {} bytes: {}", MAX_SUPER_PACKET_BYTES, limited);
        device.up();
    }

    /** Sets addresses and the overlay's route. */
    void configure(Desired desired) {
        var wanted = new HashSet<IpAddress>();
        Optional.ofNullable(desired.controllers().get(desired.selfId())).ifPresent(wanted::add);
        desired.virtualAddress().ifPresent(wanted::add);
        addressesTo(wanted);
        overlay = Set.of(desired.overlay());
        syncRoutes();
        if (!desired.advertised().isEmpty()) {
            allowForwarding();
        }
    }

    /** Takes addresses and routes away. */
    void withdraw() {
        overlay = Set.of();
        remote = Set.of();
        syncRoutes();
        addressesTo(Set.of());
    }

    /** Routes exactly these subnets of other controllers into the device. */
    void routesTo(Collection<Prefix> subnets) {
        Set<Prefix> wanted = Set.copyOf(subnets);
        if (!wanted.equals(remote)) {
            remote = wanted;
            syncRoutes();
        }
    }

    /** Tries again what failed. */
    void onTimer(long nowNanos) {
        if (!problems.isEmpty()) {
            syncRoutes();
        }
    }

    private void addressesTo(Set<IpAddress> wanted) {
        for (IpAddress gone : List.copyOf(addresses)) {
            if (!wanted.contains(gone)
                    && attempt("address " + gone, to -> to.removeAddress(gone, bits(gone)))) {
                addresses.remove(gone);
            }
        }
        for (IpAddress added : wanted) {
            if (!addresses.contains(added)
                    && attempt("address " + added, to -> to.addAddress(added, bits(added)))) {
                addresses.add(added);
            }
        }
    }

    private static int bits(IpAddress address) {
        return address.isV4() ? 32 : 128;
    }

    private void syncRoutes() {
        var wanted = new HashSet<>(overlay);
        wanted.addAll(remote);
        for (Prefix gone : List.copyOf(routes)) {
            if (!wanted.contains(gone) && attempt("route " + gone, to -> to.removeRoute(gone))) {
                routes.remove(gone);
            }
        }
        for (Prefix added : wanted) {
            if (!routes.contains(added) && attempt("route " + added, to -> to.addRoute(added))) {
                routes.add(added);
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        void on(LinuxInterface to);
    }

    private boolean attempt(String what, Step step) {
        if (device.isEmpty()) {
            return true;
        }
        try {
            step.on(device.get());
            problems.remove(what);
            return true;
        } catch (OsException e) {
            String message = Objects.requireNonNullElse(e.getMessage(), e.toString());
            if (!message.equals(problems.put(what, message))) {
                LOG.error("cannot set up {}: {}", what, message);
            }
            return false;
        }
    }

    /** A controller with subnets behind it is a router: its kernel has to forward. */
    private void allowForwarding() {
        if (device.isEmpty()) {
            return;
        }
        Path file = Path.of("/proc/sys/net/ipv4/ip_forward");
        try {
            if (Files.readString(file).strip().equals("0")) {
                Files.writeString(file, "1");
                LOG.info(
                        "switched on net.ipv4.ip_forward, since this controller advertises subnets");
            }
            problems.remove("forwarding");
        } catch (IOException | UncheckedIOException e) {
            problems.put(
                    "forwarding",
                    "this controller advertises subnets, and its kernel does not forward: "
                            + "run sysctl -w net.ipv4.ip_forward=1 ("
                            + e.getMessage()
                            + ")");
        }
    }

    /** What could not be set up, in words. */
    List<String> problems() {
        return List.copyOf(problems.values());
    }

    /** Ends the conversation with the kernel. */
    void close() {
        device.ifPresent(LinuxInterface::close);
    }
}
