package io.peermesh.sim;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The underlay: every datagram is lost, delayed, doubled or delivered, as the conditions and the
 * world's chance will. Different delays are what reorders.
 */
final class SimNet {
    /**
     * How well the network works.
     *
     * @param loss probability that a datagram is lost
     * @param duplication probability that it arrives twice
     * @param joined probability that the receiving kernel joins it with the one before
     */
    record Conditions(
            double loss,
            double duplication,
            long minDelayNanos,
            long maxDelayNanos,
            double joined) {
        static final Conditions PERFECT =
                new Conditions(0, 0, World.MILLISECOND, World.MILLISECOND, 0.5);
        static final Conditions JITTERY =
                new Conditions(0, 0, World.MILLISECOND, 40 * World.MILLISECOND, 0.5);
        static final Conditions BAD =
                new Conditions(0.05, 0.05, World.MILLISECOND, 30 * World.MILLISECOND, 0.5);
    }

    private static final int IPV4_AND_UDP_BYTES = 28;
    private static final int IPV6_AND_UDP_BYTES = 48;
    private static final int MTU_BYTES = 1500;

    /** A NAT forgets whom a host has talked to after this (RFC 4787 asks for two minutes). */
    private static final long NAT_NANOS = 120 * World.SECOND;

    /** A datagram on the wire. */
    record Sent(Endpoint from, Endpoint to, byte[] datagram) {}

    private final World world;
    private final Ledger ledger;
    private final CheckedCiphers ciphers;
    private final Map<Endpoint, SimDatagrams> sockets = new HashMap<>();
    private final Set<Way> cuts = new HashSet<>();
    private final Set<Integer> blockedPorts = new HashSet<>();
    private final Map<Way, Conditions> special = new HashMap<>();
    private final Map<IpAddress, Long> filtered = new HashMap<>(); // how long a NAT remembers
    private final Map<Way, Long> talkedNanos = new HashMap<>();
    private final List<Consumer<Sent>> taps = new ArrayList<>();
    private Conditions conditions = Conditions.PERFECT;
    private long storm = 30_000;
    private long carried;
    private long second;
    private long carriedInSecond;
    private long busiest;

    SimNet(World world, Ledger ledger, CheckedCiphers ciphers) {
        this.world = world;
        this.ledger = ledger;
        this.ciphers = ciphers;
    }

    // ---- how it works

    /** Everywhere, but for what {@link #conditionsBetween} says. */
    void conditions(Conditions newConditions) {
        conditions = newConditions;
    }

    Conditions conditions() {
        return conditions;
    }

    /** Between two hosts, in both directions. */
    void conditionsBetween(IpAddress one, IpAddress other, Conditions newConditions) {
        special.put(new Way(one, other), newConditions);
        special.put(new Way(other, one), newConditions);
    }

    /** The same conditions everywhere again. */
    void forgetSpecialConditions() {
        special.clear();
    }

    /** More datagrams in a second mean that the mesh talks to itself. */
    void stormBeyond(long datagramsPerSecond) {
        storm = datagramsPerSecond;
    }

    /** Datagrams that were given to the network. */
    long carried() {
        return carried;
    }

    /** The most datagrams of a second that is over. */
    long busiest() {
        return busiest;
    }

    /** Shows every datagram that is sent, before anything happens to it. */
    void tap(Consumer<Sent> tap) {
        taps.add(tap);
    }

    /** No more is shown to those who tapped. */
    void untap() {
        taps.clear();
    }

    /** Nothing passes between the two hosts from now on. */
    void cut(IpAddress one, IpAddress other) {
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    /** Nothing passes from the one to the other from now on. */
    void cutOneWay(IpAddress from, IpAddress to) {
        cuts.add(new Way(from, to));
    }

    void heal(IpAddress one, IpAddress other) {
        cuts.remove(new Way(one, other));
        cuts.remove(new Way(other, one));
    }

    /** No host is cut off from another any more. */
    void healAll() {
        cuts.clear();
    }

    boolean isCut(IpAddress from, IpAddress to) {
        return cuts.contains(new Way(from, to));
    }

    /** A firewall drops what goes to this port, on any host. */
    void blockPort(int port) {
        blockedPorts.add(port);
    }

    void unblockPort(int port) {
        blockedPorts.remove(port);
    }

    /** From now on this host hears only those whom it has sent something lately. */
    void filter(IpAddress host) {
        filter(host, NAT_NANOS);
    }

    /** The same, "lately" being this. */
    void filter(IpAddress host, long rememberedNanos) {
        filtered.put(host, rememberedNanos);
    }

    boolean isFiltered(IpAddress host) {
        return filtered.containsKey(host);
    }

    // ---- sockets

    /** Binds a socket; a port in use is a bug of the test. */
    SimDatagrams open(String owner, Endpoint local, Runnable onReadable) {
        var socket = new SimDatagrams(world, this, owner, local, onReadable);
        if (sockets.putIfAbsent(local, socket) != null) {
            throw new AssertionError(local + " is in use");
        }
        return socket;
    }

    void close(SimDatagrams socket) {
        sockets.remove(socket.local(), socket);
    }

    /** Somebody forges an ICMP error to this socket, if there is one. */
    void forgeUnreachable(Endpoint local) {
        Optional.ofNullable(sockets.get(local)).ifPresent(SimDatagrams::tellUnreachable);
    }

    /** Whether a datagram of this size fits the underlay's MTU. */
    static boolean fits(Endpoint to, int bytes) {
        return bytes <= MTU_BYTES - (to.address().isV4() ? IPV4_AND_UDP_BYTES : IPV6_AND_UDP_BYTES);
    }

    // ---- the way of a datagram

    /**
     * Somebody else sends what he has recorded, maybe changed: one more copy, as far as it goes.
     */
    void replay(Endpoint from, Endpoint to, byte[] datagram) {
        twice(datagram);
        transmit("replayer", from, to, datagram);
    }

    void transmit(String sender, Endpoint from, Endpoint to, byte[] datagram) {
        carried++;
        demandNoStorm();
        ciphers.census().onCarried(datagram);
        if (TestPacket.isReadableIn(datagram)) {
            throw new AssertionError(sender + " sends a packet in clear to " + to);
        }
        taps.forEach(tap -> tap.accept(new Sent(from, to, datagram.clone())));
        var way = new Way(from.address(), to.address());
        if (filtered.containsKey(from.address())) {
            talkedNanos.put(way, world.nowNanos());
        }
        Conditions here = special.isEmpty() ? conditions : special.getOrDefault(way, conditions);
        if (!cuts.isEmpty() && cuts.contains(way)) {
            lose(sender, from, to, "cut", datagram);
        } else if (!blockedPorts.isEmpty() && blockedPorts.contains(to.port())) {
            lose(sender, from, to, "blocked", datagram);
        } else if (isFiltered(way)) {
            lose(sender, from, to, "filtered", datagram);
        } else if (world.chance(here.loss)) {
            lose(sender, from, to, "lost", datagram);
        } else {
            note(sender, from, to, "", datagram);
            deliverLater(here, from, to, datagram);
            if (world.chance(here.duplication)) {
                twice(datagram);
                deliverLater(here, from, to, datagram.clone());
            }
        }
    }

    private boolean isFiltered(Way way) {
        Long remembered = filtered.get(way.to);
        if (remembered == null) {
            return false;
        }
        Long talked = talkedNanos.get(new Way(way.to, way.from));
        return talked == null || world.nowNanos() - talked > remembered;
    }

    private void demandNoStorm() {
        long now = world.elapsedNanos() / World.SECOND;
        if (now != second) {
            busiest = Math.max(busiest, carriedInSecond);
            second = now;
            carriedInSecond = 0;
            ciphers.census().clear();
        }
        carriedInSecond++;
        if (carriedInSecond > storm) {
            throw new AssertionError("a storm of datagrams: " + ciphers.census());
        }
    }

    private void note(String sender, Endpoint from, Endpoint to, String fate, byte[] datagram) {
        world.note(
                sender,
                () -> from + " -> " + to + "  " + Describe.datagram(datagram, ciphers) + fate);
    }

    private void lose(String sender, Endpoint from, Endpoint to, String how, byte[] datagram) {
        note(sender, from, to, "  " + how, datagram);
        lose(datagram);
    }

    private void twice(byte[] datagram) {
        long packet = ciphers.packetIn(datagram);
        if (packet != TestPacket.NONE) {
            ledger.onDoubled(packet);
        }
    }

    /** Accounts for a datagram that goes no further. */
    void lose(byte[] datagram) {
        long packet = ciphers.packetIn(datagram);
        if (packet != TestPacket.NONE) {
            ledger.onLostInNet(packet);
        }
    }

    private void deliverLater(Conditions here, Endpoint from, Endpoint to, byte[] datagram) {
        long spread = here.maxDelayNanos - here.minDelayNanos;
        long delay = here.minDelayNanos + (spread == 0 ? 0 : world.random().nextLong(spread));
        world.after(delay, () -> deliver(from, to, datagram));
    }

    private void deliver(Endpoint from, Endpoint to, byte[] datagram) {
        SimDatagrams socket = sockets.get(to);
        if (socket == null || !socket.enqueue(from, datagram)) {
            note(to.toString(), from, to, "  taken by nobody", datagram);
            lose(datagram);
        } else {
            long packet = ciphers.packetIn(datagram);
            if (packet != TestPacket.NONE) {
                ledger.onReached(packet, socket.owner());
            }
        }
    }

    /** One direction between two hosts. */
    private record Way(IpAddress from, IpAddress to) {}
}
