package io.peermesh.sim;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
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

    /** More than any test sends in a second on purpose: the mesh talks to itself. */
    private static final int STORM = 30_000;

    /** A datagram on the wire. */
    record Sent(Endpoint from, Endpoint to, byte[] datagram) {}

    private final World world;
    private final Ledger ledger;
    private final CheckedCiphers ciphers;
    private final Map<Endpoint, SimDatagrams> sockets = new HashMap<>();
    private final Set<Cut> cuts = new HashSet<>();
    private final Set<Integer> blockedPorts = new HashSet<>();
    private Conditions conditions = Conditions.PERFECT;
    private Consumer<Sent> tap = sent -> {};
    private long carried;
    private long second;
    private int carriedInSecond;

    SimNet(World world, Ledger ledger, CheckedCiphers ciphers) {
        this.world = world;
        this.ledger = ledger;
        this.ciphers = ciphers;
    }

    void conditions(Conditions newConditions) {
        conditions = newConditions;
    }

    Conditions conditions() {
        return conditions;
    }

    /** Datagrams that were given to the network. */
    long carried() {
        return carried;
    }

    /** Shows every datagram that is sent, before anything happens to it. */
    void tap(Consumer<Sent> newTap) {
        tap = newTap;
    }

    /** Nothing passes between the two hosts from now on. */
    void cut(IpAddress one, IpAddress other) {
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    /** Nothing passes from the one to the other from now on. */
    void cutOneWay(IpAddress from, IpAddress to) {
        cuts.add(new Cut(from, to));
    }

    void heal(IpAddress one, IpAddress other) {
        cuts.remove(new Cut(one, other));
        cuts.remove(new Cut(other, one));
    }

    /** A firewall drops what goes to this port, on any host. */
    void blockPort(int port) {
        blockedPorts.add(port);
    }

    void unblockPort(int port) {
        blockedPorts.remove(port);
    }

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

    /** Whether a datagram of this size fits the underlay's MTU. */
    static boolean fits(Endpoint to, int bytes) {
        return bytes <= MTU_BYTES - (to.address().isV4() ? IPV4_AND_UDP_BYTES : IPV6_AND_UDP_BYTES);
    }

    void transmit(String sender, Endpoint from, Endpoint to, byte[] datagram) {
        carried++;
        demandNoStorm();
        tap.accept(new Sent(from, to, datagram.clone()));
        String what = from + " -> " + to + "  " + Describe.datagram(datagram, ciphers);
        if (cuts.contains(new Cut(from.address(), to.address()))) {
            lose(sender, what, "cut", datagram);
        } else if (blockedPorts.contains(to.port())) {
            lose(sender, what, "blocked", datagram);
        } else if (world.chance(conditions.loss)) {
            lose(sender, what, "lost", datagram);
        } else {
            world.note(sender, what);
            deliverLater(from, to, datagram);
            if (world.chance(conditions.duplication)) {
                deliverLater(from, to, datagram.clone());
            }
        }
    }

    private void demandNoStorm() {
        long now = world.elapsedNanos() / World.SECOND;
        carriedInSecond = now == second ? carriedInSecond + 1 : 1;
        second = now;
        if (carriedInSecond > STORM) {
            throw new AssertionError("a storm of datagrams");
        }
    }

    private void lose(String sender, String what, String how, byte[] datagram) {
        world.note(sender, what + "  " + how);
        lose(datagram);
    }

    /** Accounts for a datagram that goes no further. */
    void lose(byte[] datagram) {
        long packet = ciphers.packetIn(datagram);
        if (packet != TestPacket.NONE) {
            ledger.onLostInNet(packet);
        }
    }

    private void deliverLater(Endpoint from, Endpoint to, byte[] datagram) {
        long spread = conditions.maxDelayNanos - conditions.minDelayNanos;
        long delay = conditions.minDelayNanos + (spread == 0 ? 0 : world.random().nextLong(spread));
        world.after(delay, () -> deliver(from, to, datagram));
    }

    private void deliver(Endpoint from, Endpoint to, byte[] datagram) {
        SimDatagrams socket = sockets.get(to);
        if (socket == null || !socket.enqueue(from, datagram)) {
            world.note(to.toString(), "takes nothing  " + Describe.datagram(datagram, ciphers));
            lose(datagram);
        }
    }

    private record Cut(IpAddress from, IpAddress to) {}
}
