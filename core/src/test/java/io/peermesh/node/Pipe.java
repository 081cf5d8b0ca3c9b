package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.crypto.Aead;
import io.peermesh.crypto.AeadProvider;
import io.peermesh.crypto.CipherSuite;
import io.peermesh.crypto.Identity;
import io.peermesh.crypto.Keyset;
import io.peermesh.crypto.Secret;
import io.peermesh.crypto.TopologyKeys;
import io.peermesh.forward.DataEvent;
import io.peermesh.forward.NextHop;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.node.NodeStatus.LinkState;
import io.peermesh.session.Dialect;
import io.peermesh.session.HandshakeGate;
import io.peermesh.session.IndexTable;
import io.peermesh.session.SessionMachine;
import io.peermesh.session.SessionPolicy;
import io.peermesh.session.SessionPorts;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.LinkPorts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Some nodes and WireGuard clients on a virtual clock, joined by lines of 1 ms. Controller i has
 * the underlay address 192.0.2.i, the overlay address 10.0.0.i, and advertises 172.16.i.0/24;
 * client k has 10.0.1.k.
 */
final class Pipe {
    static final long MS = 1_000_000L;
    static final long SECOND = 1_000 * MS;
    static final Prefix OVERLAY = Prefix.literal("10.0.0.0/16");

    final Random random;
    final Keyset keyset;
    final TopologyKeys keys;
    final Map<Integer, Controller> controllers = new TreeMap<>();
    final List<Client> clients = new ArrayList<>();

    /** Which datagrams get lost, by the hosts of sender and receiver. */
    BiPredicate<Host, Host> lost = (from, to) -> false;

    long delayNanos = MS;
    long now = -77 * SECOND;

    private final PriorityQueue<Delivery> queue =
            new PriorityQueue<>(
                    Comparator.comparingLong(Delivery::atNanos).thenComparingLong(Delivery::order));
    private final Map<Endpoint, Port> ports = new HashMap<>();
    private long order;

    sealed interface Datagram {}

    record Handshake(byte[] message) implements Datagram {}

    record Transport(int index, byte[] plaintext) implements Datagram {}

    private record Delivery(long atNanos, long order, Port to, Endpoint from, Datagram datagram) {}

    private record Port(Host host, int socket) {}

    Pipe(long seed) {
        random = new Random(seed);
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        keyset = new Keyset(new UUID(1, seed), 1, 0, Secret.of(secret));
        keys = new TopologyKeys(keyset);
    }

    /** A pipe with running controllers 1..count, all peered, and packs for the clients. */
    static Pipe mesh(int count, int packs) {
        var pipe = new Pipe(42);
        for (int id = 1; id <= count; id++) {
            pipe.start(pipe.desired(id, count, packs));
        }
        return pipe;
    }

    /** The same, when all links are up and everything is told. */
    static Pipe settled(int controllers, int packs) {
        Pipe pipe = mesh(controllers, packs);
        assertThat(pipe.runUntil(pipe::allUp, 5 * SECOND)).isTrue();
        pipe.run(SECOND);
        return pipe;
    }

    /** Nothing passes between two controllers any more, and everything between others. */
    void cut(int one, int other) {
        cut(Set.of(one), Set.of(other));
    }

    /** The same between two groups of controllers. */
    void cut(Set<Integer> some, Set<Integer> others) {
        lost =
                (from, to) ->
                        (some.contains(id(from)) && others.contains(id(to)))
                                || (others.contains(id(from)) && some.contains(id(to)));
    }

    private static int id(Host host) {
        return host instanceof Controller controller ? controller.desired.selfId() : 0;
    }

    // ---- hosts

    abstract class Host {
        final PipePath path = new PipePath(Pipe.this, this);

        abstract void onEvent(DataEvent event);

        abstract void turn();

        abstract long deadlineNanos();

        abstract IpAddress address();

        abstract int port(int socket);
    }

    final class Controller extends Host {
        final List<Report> reports = new ArrayList<>();
        final Node node;
        Desired desired;

        Controller(Desired desired) {
            this.desired = desired;
            node = new Node(random.nextLong(), ciphers(), random::nextBytes, now);
            node.onWallClock(1_800_000_000L * SECOND, 0);
            node.configure(desired, now);
        }

        void configure(UnaryOperator<Change> change) {
            desired = change.apply(Change.of(desired)).desired();
            node.configure(desired, now);
            listen(this);
        }

        @Override
        IpAddress address() {
            return underlay(desired.selfId());
        }

        @Override
        int port(int socket) {
            return socket == 0 ? 51820 : LinkPorts.local(desired.selfId(), socket);
        }

        @Override
        void onEvent(DataEvent event) {
            node.onEvent(event, now);
        }

        @Override
        void turn() {
            if (node.nextDeadlineNanos() <= now) {
                node.onTimer(now);
            }
            node.drainCommands(path::execute);
            node.drainReports(reports::add);
        }

        @Override
        long deadlineNanos() {
            return node.nextDeadlineNanos();
        }

        NodeStatus.Link link(int peer) {
            return node.status(now).links().stream()
                    .filter(link -> link.peerId() == peer)
                    .findFirst()
                    .orElseThrow();
        }

        boolean isUp(int peer) {
            return link(peer).state() == LinkState.UP;
        }

        Optional<NextHop> route(String address) {
            IpAddress to = IpAddress.literal(address);
            return path.fib.flatMap(
                    fib -> Optional.ofNullable(fib.routes().lookup(to.hi(), to.lo())));
        }

        /** The peer or client that packets to an address are sent to; 0 for anything else. */
        String via(String address) {
            return switch (route(address).orElse(null)) {
                case null -> "none";
                case NextHop.Local _ -> "local";
                case NextHop.Unreachable _ -> "unreachable";
                case NextHop.Towards(int id) ->
                        linkTo(id).map(link -> "link " + link.id).orElse("unreachable");
                case NextHop.Via(Tunnel tunnel) -> "client " + tunnel.id;
            };
        }

        /** The link that packets to a controller take first. */
        Optional<Tunnel> linkTo(int id) {
            return path.fib.flatMap(fib -> fib.paths().linksTo(id).stream().findFirst());
        }
    }

    /** A stock WireGuard client, moved from controller to controller by {@link #connect}. */
    class Client extends Host {
        final int k;
        final Tunnel tunnel;
        final SessionMachine machine;
        private final HandshakeGate gate;
        private final IndexTable indices = new IndexTable(0, 64, random::nextBytes);
        private final Effects effects = new Effects();
        long clockErrorNanos;

        Client(int k) {
            this.k = k;
            IpAddress overlay = client(k);
            tunnel = new Tunnel(Tunnel.Kind.CLIENT, k, overlay, 0, 1420);
            var ports = new SessionPorts(indices, ciphers(), random::nextBytes, effects);
            var self = Identity.of(keys.clientKey(overlay.v4Bits(), 1));
            var gateway = Identity.of(keys.gatewayKey()).publicKey();
            var dialect = new Dialect.WireGuard();
            machine =
                    new SessionMachine(
                            tunnel,
                            dialect,
                            self,
                            gateway,
                            keys.clientPresharedKey(overlay.v4Bits(), 1),
                            SessionPolicy.wireGuard(25 * SECOND),
                            ports);
            gate = new HandshakeGate(dialect, self, (socket, key) -> Optional.of(machine), ports);
        }

        void connect(int controller) {
            machine.onEndpointSet(new Endpoint(underlay(controller), 51820), now);
            machine.startHandshake(now, wall());
        }

        private long wall() {
            return 1_800_000_000L * SECOND + now + clockErrorNanos;
        }

        @Override
        IpAddress address() {
            return IpAddress.v4(0xc633_6400 + k);
        }

        @Override
        int port(int socket) {
            return 40_000;
        }

        @Override
        void onEvent(DataEvent event) {
            switch (event) {
                case DataEvent.HandshakeReceived message ->
                        gate.onMessage(0, message.from(), message.message(), false, now);
                case DataEvent.Confirmed confirmed -> machine.onConfirmed(confirmed.keypair(), now);
                case DataEvent.Roamed roamed -> machine.onRoamed(roamed.endpoint());
                case DataEvent.Retired retired -> indices.release(retired.keypair().localIndex);
                case DataEvent.SessionNeeded _,
                        DataEvent.ControlReceived _,
                        DataEvent.Unreachable _,
                        DataEvent.Relayed _ -> {}
            }
        }

        @Override
        void turn() {
            machine.onTimer(now, wall());
            effects.drainCommands(path::execute);
            while (effects.nextNotice().isPresent()) {}
        }

        @Override
        long deadlineNanos() {
            return machine.nextDeadlineNanos();
        }
    }

    Controller start(Desired desired) {
        var controller = new Controller(desired);
        controllers.put(desired.selfId(), controller);
        listen(controller);
        return controller;
    }

    /** Dies without a word. */
    void crash(int id) {
        Host gone = controller(id);
        ports.values().removeIf(port -> port.host.equals(gone));
        controllers.remove(id);
    }

    Client addClient(int k) {
        var client = new Client(k);
        clients.add(client);
        listen(client);
        return client;
    }

    /** A second machine with the clientpack of client k. */
    Client addTwin(int k) {
        var twin =
                new Client(k) {
                    @Override
                    IpAddress address() {
                        return IpAddress.v4(0xc633_6480 + k);
                    }
                };
        clients.add(twin);
        listen(twin);
        return twin;
    }

    private void listen(Host host) {
        ports.values().removeIf(port -> port.host.equals(host));
        for (int socket = 0; socket <= LinkPorts.MAX_CONTROLLERS; socket++) {
            boolean self = host instanceof Controller c && c.desired.selfId() == socket;
            if (!self && (socket == 0 || host instanceof Controller)) {
                ports.put(new Endpoint(host.address(), host.port(socket)), new Port(host, socket));
            }
        }
    }

    Controller controller(int id) {
        return Optional.ofNullable(controllers.get(id)).orElseThrow();
    }

    private List<Host> hosts() {
        var hosts = new ArrayList<Host>(controllers.values());
        hosts.addAll(clients);
        return hosts;
    }

    // ---- configuration

    static IpAddress underlay(int id) {
        return IpAddress.literal("192.0.2." + id);
    }

    static IpAddress overlay(int id) {
        return IpAddress.literal("10.0.0." + id);
    }

    static IpAddress client(int k) {
        return IpAddress.v4(0x0a000100 + k);
    }

    Desired desired(int id, int controllers, int packs) {
        var addresses = new TreeMap<Integer, IpAddress>();
        var peers = new TreeMap<Integer, Desired.Peer>();
        for (int other = 1; other <= controllers; other++) {
            addresses.put(other, overlay(other));
            if (other != id) {
                peers.put(other, peer(underlay(other)));
            }
        }
        var clients = new ArrayList<Desired.Client>();
        for (int k = 1; k <= packs; k++) {
            clients.add(new Desired.Client(k, client(k), 1, 1420));
        }
        return new Desired(
                new UUID(7, id),
                id,
                keyset,
                OVERLAY,
                addresses,
                Optional.of(IpAddress.literal("10.0.255.254")),
                peers,
                clients,
                List.of(Prefix.literal("172.16." + id + ".0/24")),
                underlay(id) + ":51820",
                List.of(),
                "ab".repeat(20),
                Desired.Load.NORMAL);
    }

    static Desired.Peer peer(IpAddress address) {
        return new Desired.Peer(address.toString(), Optional.of(address), 1420);
    }

    // ---- time

    void send(Host from, int socket, Endpoint to, Datagram datagram) {
        Port port = ports.get(to);
        if (port != null && !lost.test(from, port.host)) {
            var source = new Endpoint(from.address(), from.port(socket));
            queue.add(new Delivery(now + delayNanos, order++, port, source, datagram));
        }
    }

    void run(long nanos) {
        runUntil(() -> false, nanos);
    }

    boolean runUntil(BooleanSupplier goal, long limitNanos) {
        long end = now + limitNanos;
        int turnsAtOnce = 0;
        hosts().forEach(this::turn);
        while (!goal.getAsBoolean()) {
            long next = queue.isEmpty() ? Long.MAX_VALUE : queue.element().atNanos;
            for (Host host : hosts()) {
                next = Math.min(next, host.deadlineNanos());
            }
            if (next > end) {
                now = end;
                return false;
            }
            turnsAtOnce = next > now ? 0 : turnsAtOnce + 1;
            if (turnsAtOnce > 20_000) {
                throw new AssertionError("time stands still");
            }
            now = Math.max(now, next);
            while (!queue.isEmpty() && queue.element().atNanos <= now) {
                Delivery delivery = queue.remove();
                delivery.to.host.path.receive(delivery.to.socket, delivery.from, delivery.datagram);
            }
            hosts().stream()
                    .filter(host -> !host.path.events.isEmpty() || host.deadlineNanos() <= now)
                    .forEach(this::turn);
        }
        return true;
    }

    private void turn(Host host) {
        host.turn();
        while (!host.path.events.isEmpty()) {
            host.onEvent(host.path.events.remove());
            if (host.path.events.isEmpty()) {
                host.turn();
            }
        }
    }

    boolean allUp() {
        return controllers.values().stream()
                .allMatch(one ->
                        one.desired.peers().keySet().stream()
                                .filter(controllers::containsKey)
                                .allMatch(one::isUp));
    }

    private static AeadProvider ciphers() {
        return new AeadProvider() {
            @Override
            public Aead create(CipherSuite suite, byte[] key) {
                return new Clear();
            }

            @Override
            public boolean hasFastAes() {
                return true;
            }

            @Override
            public String name() {
                return "none";
            }
        };
    }

    /** Never asked to do anything: the pipe carries clear text. */
    private static final class Clear implements Aead {
        @Override
        public void seal(long counter, long aad, int aadBytes, long from, int bytes, long to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean open(long counter, long aad, int aadBytes, long from, int bytes, long to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
