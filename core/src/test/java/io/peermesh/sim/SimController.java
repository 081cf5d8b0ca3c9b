package io.peermesh.sim;

import io.peermesh.crypto.AeadProvider;
import io.peermesh.forward.Counters;
import io.peermesh.forward.DataCommand;
import io.peermesh.forward.DataEvent;
import io.peermesh.forward.Forwarder;
import io.peermesh.forward.ForwarderSettings;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.node.Desired;
import io.peermesh.node.Node;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.NodeStatus.LinkState;
import io.peermesh.node.Report;
import io.peermesh.port.Tun;
import io.peermesh.replication.SharedEntry;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.LinkPorts;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One controller: a real node and a real forwarder, glued by direct calls where the product has
 * threads and queues. Can crash with and without its disk, stop in order, start again, be
 * configured anew, get no time for a while, and have a wrong clock and a slow disk.
 */
final class SimController {
    private static final int CLIENTS_PORT = 51820;
    private static final int EVENT_QUEUE_LIMIT = 1024;
    private static final int TUN_BATCH = 16;

    /** Wall clocks are never all right. */
    private static final long MAX_CLOCK_ERROR_NANOS = 30 * World.SECOND;

    private final World world;
    private final SimNet net;
    private final Arena memory;
    private final AeadProvider ciphers;
    private final Fences fences;
    private final String name;
    private final IpAddress host;
    private final boolean offloads;

    /** Every subnet that was ever advertised here: packets may be on their way. */
    private final Set<Prefix> served = new HashSet<>();

    private final SimStore store = new SimStore();
    private final Deque<Runnable> posted = new ArrayDeque<>();
    private final Ledger ledger;
    private final Optional<SimStack> stack;
    private final World.Alarm turn;
    private final List<Report> reports = new ArrayList<>();
    private final Desired original;
    private Desired desired;
    private Optional<Running> running = Optional.empty();
    private long clockErrorNanos;
    private int starts;
    private long pausedUntilNanos;
    private long diskDelayNanos;
    private long diskBusyUntilNanos;
    private final SimDrops drops =
            new SimDrops(() -> running.map(incarnation -> incarnation.forwarder.counters()));
    private Optional<Liar> liar = Optional.empty();

    /**
     * A controller that does not run yet.
     *
     * @param host its underlay address
     * @param hasTun whether there is a local kernel
     */
    SimController(
            World world,
            SimNet net,
            Ledger ledger,
            Arena memory,
            AeadProvider ciphers,
            Fences fences,
            Desired desired,
            IpAddress host,
            boolean hasTun) {
        this.world = world;
        this.net = net;
        this.ledger = ledger;
        this.memory = memory;
        this.ciphers = ciphers;
        this.fences = fences;
        this.original = desired;
        this.desired = desired;
        this.host = host;
        this.name = "controller " + desired.selfId();
        this.offloads = world.random().nextBoolean();
        this.clockErrorNanos =
                world.random().nextLong(-MAX_CLOCK_ERROR_NANOS, MAX_CLOCK_ERROR_NANOS);
        this.turn = world.new Alarm(this::turn);
        this.stack =
                hasTun
                        ? Optional.of(
                                new SimStack(
                                        world,
                                        ledger,
                                        name,
                                        desired.selfId(),
                                        overlayAddress(),
                                        served,
                                        this::toTun))
                        : Optional.empty();
    }

    /** The kernel counts what its device's queue has no room for. */
    private void toTun(byte[] packet) {
        if (!tun().sendPlain(packet)) {
            ledger.onLostInNet(TestPacket.id(packet));
        }
    }

    int id() {
        return desired.selfId();
    }

    String name() {
        return name;
    }

    IpAddress host() {
        return host;
    }

    IpAddress overlayAddress() {
        return Optional.ofNullable(desired.controllers().get(desired.selfId())).orElseThrow();
    }

    Endpoint clientsEndpoint() {
        return new Endpoint(host, CLIENTS_PORT);
    }

    Desired desired() {
        return desired;
    }

    /** The configuration that it was made with. */
    Desired original() {
        return original;
    }

    /** The local kernel's IP stack. */
    SimStack stack() {
        return stack.orElseThrow();
    }

    /** The device between the stack and the forwarder, while it runs. */
    SimTun tun() {
        return running.flatMap(r -> r.tun).orElseThrow();
    }

    List<Report> reports() {
        return reports;
    }

    /** How often it was started. */
    int starts() {
        return starts;
    }

    boolean isRunning() {
        return running.isPresent();
    }

    NodeStatus status() {
        return running.orElseThrow().node.status(world.nowNanos());
    }

    Counters counters() {
        return running.orElseThrow().forwarder.counters();
    }

    /** What this and all earlier incarnations have dropped. */
    SimDrops drops() {
        return drops;
    }

    boolean isUp(int peerId) {
        return running.isPresent()
                && status().links().stream()
                        .anyMatch(l -> l.peerId() == peerId && l.state() == LinkState.UP);
    }

    // ---- life

    /** Starts a new instance of the same installation. */
    void start() {
        if (running.isPresent()) {
            throw new AssertionError(name + " runs already");
        }
        world.tell(name, "starts");
        starts++;
        pausedUntilNanos = world.nowNanos();
        diskBusyUntilNanos = world.nowNanos();
        var incarnation = new Running();
        running = Optional.of(incarnation);
        incarnation.tickWallClock();
        incarnation.configure();
        turn.at(world.nowNanos());
    }

    /** Dies without a word, like a killed process. */
    void crash() {
        world.tell(name, "crashes");
        end();
    }

    /** The same, and what it had stored is lost. */
    void crashWithoutDisk() {
        crash();
        store.wipe();
        world.tell(name, "has lost its disk");
    }

    /** Says goodbye and ends. */
    void stop() {
        world.tell(name, "stops");
        Running incarnation = running.orElseThrow();
        incarnation.node.stop(world.nowNanos());
        incarnation.turn();
        end();
    }

    private void end() {
        running.orElseThrow().close();
        running = Optional.empty();
        posted.clear();
        fences.onEnd(this);
        ledger.onCrashed(name);
    }

    /**
     * From now on its streams carry what the liar says; empty for the truth, from its next start.
     */
    void lie(Optional<Liar> newLiar) {
        liar = newLiar;
    }

    /** Seals and sends a control message that its node knows nothing of. */
    void say(Tunnel link, byte[] plaintext) {
        running.ifPresent(incarnation -> {
            incarnation.forwarder.execute(
                    new DataCommand.SendControl(link, plaintext), world.nowNanos());
            incarnation.forwarder.flush(world.nowNanos());
        });
    }

    /** A new configuration; takes effect at once when it runs. */
    void configure(Desired wanted) {
        desired = wanted;
        post(Running::configure);
    }

    /** Ends the session of a client, as an operator does. */
    void disconnect(IpAddress client) {
        post(r -> r.node.disconnect(client, world.nowNanos()));
    }

    /** An administrator moves a client to another controller. */
    void move(IpAddress client, int heir) {
        post(r -> r.node.move(client, heir, world.nowNanos()));
    }

    /** An administrator disables or enables a clientpack here, for the whole topology. */
    void setDisabled(Desired.Client client, boolean disabled) {
        store.setDisabled(client, disabled, id());
        post(Running::configure);
    }

    /** The loop does this as soon as it has time. */
    private void post(Consumer<Running> action) {
        running.ifPresent(r -> {
            posted.add(() -> action.accept(r));
            turn.at(world.nowNanos());
        });
    }

    /** Gets no time for so long, and then everything that was due at once. */
    void pause(long durationNanos) {
        world.tell(name, "gets no time for " + durationNanos / World.MILLISECOND + " ms");
        pausedUntilNanos = world.nowNanos() + durationNanos;
    }

    boolean isPaused() {
        return world.nowNanos() < pausedUntilNanos;
    }

    /** Its wall clock is set forward, or back. */
    void stepClock(long byNanos) {
        world.tell(name, "clock is set by " + byNanos / World.MILLISECOND + " ms");
        clockErrorNanos += byNanos;
    }

    /** From now on each write to its disk takes so long. */
    void slowDisk(long delayNanos) {
        world.tell(name, "disk takes " + delayNanos / World.MILLISECOND + " ms");
        diskDelayNanos = delayNanos;
    }

    /** What peers have told of the topology-wide state is stored, then the node is told. */
    private void storeLater(List<SharedEntry> entries) {
        diskBusyUntilNanos = Math.max(diskBusyUntilNanos, world.nowNanos()) + diskDelayNanos;
        Optional<Running> writer = running;
        world.at(
                diskBusyUntilNanos,
                () -> {
                    if (running.equals(writer)) {
                        store.merge(entries);
                        post(Running::configure);
                    }
                });
    }

    /** The topology-wide state as stored. */
    List<SharedEntry> stored() {
        return store.entries();
    }

    /** The packs that may connect, as far as this controller knows. */
    List<Desired.Client> enabledClients() {
        return store.enabled(desired.clients());
    }

    /** Whether the pack with this overlay address is enabled. */
    boolean mayConnect(IpAddress client) {
        return enabledClients().stream().anyMatch(each -> each.overlayAddress().equals(client));
    }

    String checksum() {
        return store.checksum();
    }

    // ---- one turn of the loop

    private void turn() {
        if (isPaused()) {
            turn.at(pausedUntilNanos);
            return;
        }
        for (Runnable next = posted.poll(); next != null; next = posted.poll()) {
            next.run();
        }
        running.ifPresent(each -> {
            each.turn();
            fences.onTurn(this);
        });
    }

    private final class Running {
        final Node node;
        final Forwarder forwarder;
        final Optional<SimTun> tun;
        final Map<Integer, SimDatagrams> sockets = new HashMap<>();
        final Deque<DataEvent> events = new ArrayDeque<>();

        Running() {
            var entropy = new SeededEntropy(world.random().split());
            node = new Node(world.random().nextLong(), ciphers, entropy, world.nowNanos());
            tun =
                    stack.map(s ->
                            new SimTun(
                                    offloads, true, s::onPacket, () -> turn.at(world.nowNanos())));
            forwarder =
                    new Forwarder(
                            tun.map(t -> (Tun) t),
                            this::offer,
                            ForwarderSettings.defaults(),
                            memory);
        }

        boolean offer(DataEvent event) {
            return events.size() < EVENT_QUEUE_LIMIT && events.add(event);
        }

        /** Carries out what is wanted and stored now. */
        void configure() {
            served.addAll(desired.advertised());
            openSockets();
            Desired effective =
                    new Configured(desired)
                            .stored(enabledClients(), store.entries(), store.checksum())
                            .desired();
            node.configure(effective, world.nowNanos());
        }

        /** The clients' socket, and one for each configured peer. */
        private void openSockets() {
            open(0, CLIENTS_PORT);
            for (int peer = 1; peer <= LinkPorts.MAX_CONTROLLERS; peer++) {
                if (desired.peers().containsKey(peer)) {
                    open(peer, LinkPorts.local(desired.selfId(), peer));
                } else if (sockets.containsKey(peer)) {
                    forwarder.removeSocket(peer);
                    Optional.ofNullable(sockets.remove(peer)).ifPresent(SimDatagrams::close);
                }
            }
        }

        private void open(int number, int port) {
            if (!sockets.containsKey(number)) {
                var local = new Endpoint(host, port);
                SimDatagrams socket = net.open(name, local, () -> turn.at(world.nowNanos()));
                sockets.put(number, socket);
                forwarder.setSocket(number, socket);
            }
        }

        void tickWallClock() {
            if (running.filter(r -> r == this).isEmpty()) {
                return;
            }
            if (isPaused()) {
                world.at(pausedUntilNanos, this::tickWallClock);
            } else {
                node.onWallClock(world.epochNanos() + clockErrorNanos, world.nowNanos());
                world.after(World.SECOND, this::tickWallClock);
            }
        }

        void turn() {
            long now = world.nowNanos();
            boolean worked = false;
            for (int number = 0; number < Forwarder.SOCKETS; number++) {
                if (sockets.containsKey(number)) {
                    worked |= forwarder.receive(number, now);
                }
            }
            worked |= tun.isPresent() && forwarder.readTun(TUN_BATCH, now);
            forwarder.flush(now);
            control(now);
            if (worked) {
                turn.at(now);
            }
            turn.at(node.nextDeadlineNanos());
        }

        /** The control side: events in, commands out, what is due. */
        private void control(long now) {
            for (DataEvent event = events.poll(); event != null; event = events.poll()) {
                if (liar.isEmpty() || !liar.get().keeps(event)) {
                    node.onEvent(event, now);
                }
                execute(now);
            }
            if (node.nextDeadlineNanos() <= now) {
                node.onTimer(now);
            }
            execute(now);
            node.drainReports(this::onReport);
            if (!events.isEmpty()) {
                turn.at(now);
            }
        }

        private void execute(long now) {
            node.drainCommands((DataCommand command) -> {
                if (liar.isEmpty() || !liar.get().keeps(command)) {
                    forwarder.execute(command, now);
                }
            });
            forwarder.flush(now);
        }

        private void onReport(Report report) {
            world.tell(name, "reports " + report);
            reports.add(report);
            if (report instanceof Report.SharedChanged(List<SharedEntry> entries)) {
                storeLater(entries);
            }
        }

        void close() {
            drops.keep(forwarder.counters());
            sockets.values().forEach(SimDatagrams::close);
            tun.ifPresent(SimTun::close);
        }
    }
}
