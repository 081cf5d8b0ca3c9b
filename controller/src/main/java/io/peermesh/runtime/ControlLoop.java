package io.peermesh.runtime;

import io.peermesh.crypto.AeadProvider;
import io.peermesh.forward.DataEvent;
import io.peermesh.ip.IpAddress;
import io.peermesh.linux.LoopPriority;
import io.peermesh.linux.Switches;
import io.peermesh.node.Desired;
import io.peermesh.node.Node;
import io.peermesh.node.NodeCounters;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Report;
import io.peermesh.node.Topology;
import io.peermesh.port.Entropy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns {@link Node}: feeds it plans, events of the packet loop and time, and passes
 * its commands and reports on. Everything reaches it through {@link #plan}, {@link #offer} and
 * {@link #close}.
 */
final class ControlLoop implements AutoCloseable {
    /** Events of the packet loop that may wait; beyond that they are dropped and counted. */
    static final int MAX_EVENTS = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);
    private static final int EVENTS_PER_TURN = 256;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long STATUS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final SpscRing<DataEvent> events = new SpscRing<>(MAX_EVENTS);
    private final AtomicReference<@Nullable Optional<MeshPlan>> newPlan = new AtomicReference<>();
    private final AtomicReference<Optional<NodeStatus>> status =
            new AtomicReference<>(Optional.empty());

    /** A set: each client is in it once, however often it is asked for. */
    private final Set<IpAddress> toDisconnect = ConcurrentHashMap.newKeySet();

    /** Questions to the node, each of which somebody waits for. */
    private final Queue<Question> questions = new ConcurrentLinkedQueue<>();

    private final Consumer<Report> reports;
    private final Entropy entropy;
    private final Node node;
    private final Resolver resolver;
    private final boolean underlayIsV6;
    private volatile Topology topology = Topology.NONE;
    private volatile NodeCounters counters = NodeCounters.NONE;
    private volatile boolean parked;
    private volatile boolean running = true;
    private volatile boolean resolved;
    private @Nullable Thread thread;
    private @Nullable Parts parts;
    private Optional<MeshPlan> plan = Optional.empty();
    private Optional<Desired> configured = Optional.empty();
    private long nextStatusNanos;
    private long nextSecondNanos;

    /** What the loop commands, handed over at {@link #start}. */
    record Parts(
            PacketLoop packets,
            UnderlaySockets sockets,
            TunSetup tun,
            KernelRoutes routes,
            Switches switches,
            Runnable onFailure) {}

    ControlLoop(
            AeadProvider ciphers,
            Entropy entropy,
            NameLookup lookup,
            boolean underlayIsV6,
            Consumer<Report> reports) {
        this.reports = reports;
        this.entropy = entropy;
        this.underlayIsV6 = underlayIsV6;
        this.resolver = new Resolver(lookup, underlayIsV6, this::onResolved);
        this.node = new Node(instanceId(), ciphers, entropy, System.nanoTime());
    }

    private long instanceId() {
        return (long) entropy.nextInt() << 32 | (entropy.nextInt() & 0xffff_ffffL);
    }

    void start(Parts commanded) {
        parts = commanded;
        thread = LoopPriority.start("peermesh-control", commanded.switches(), this::run);
    }

    /** Takes an event of the packet loop; its thread only. */
    boolean offer(DataEvent event) {
        boolean taken = events.offer(event);
        if (parked) {
            LockSupport.unpark(thread);
        }
        return taken;
    }

    /** Replaces the plan; any thread. */
    void plan(Optional<MeshPlan> wanted) {
        newPlan.set(wanted);
        LockSupport.unpark(thread);
    }

    /** Something for the node to do now, and who wants to know whether it could. */
    private record Question(LongPredicate work, CompletableFuture<Boolean> answer) {}

    /** Keeps the link to a peer silent for a while; any thread, which waits for the next turn. */
    boolean mute(int peerId, Duration lasting) {
        return ask(nowNanos -> node.mute(peerId, lasting.toNanos(), nowNanos));
    }

    /** Moves a client to another controller; any thread, which waits for the next turn. */
    boolean move(IpAddress client, int controllerId) {
        return ask(nowNanos -> node.move(client, controllerId, nowNanos));
    }

    private boolean ask(LongPredicate work) {
        var question = new Question(work, new CompletableFuture<>());
        questions.add(question);
        LockSupport.unpark(thread);
        return question.answer().completeOnTimeout(false, 5, TimeUnit.SECONDS).join();
    }

    /** Ends the session of a client that is connected here; any thread. */
    void disconnect(IpAddress client) {
        toDisconnect.add(client);
        LockSupport.unpark(thread);
    }

    /** The latest status; any thread. */
    Optional<NodeStatus> status() {
        return status.get();
    }

    /** The latest topology; any thread. */
    Topology topology() {
        return topology;
    }

    /** The latest counters; any thread. */
    NodeCounters counters() {
        return counters;
    }

    private void onResolved() {
        resolved = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        Parts to = java.util.Objects.requireNonNull(parts);
        try {
            while (running) {
                boolean more = turn(to, System.nanoTime());
                if (!more) {
                    park(System.nanoTime());
                }
            }
            long nowNanos = System.nanoTime();
            node.stop(nowNanos);
            handOver(to);
        } catch (RuntimeException e) {
            LOG.error("the control loop failed: this is a bug; the controller stops", e);
            to.onFailure().run();
        }
    }

    private boolean turn(Parts to, long nowNanos) {
        if (nowNanos >= nextSecondNanos) {
            nextSecondNanos = nowNanos + SECOND;
            onSecond(to, nowNanos);
        }
        takePlan(to, nowNanos);
        toDisconnect.removeIf(client -> disconnected(client, nowNanos));
        for (Question each = questions.poll(); each != null; each = questions.poll()) {
            each.answer().complete(each.work().test(nowNanos));
        }
        int taken = 0;
        for (; taken < EVENTS_PER_TURN; taken++) {
            DataEvent event = events.poll();
            if (event == null) {
                break;
            }
            node.onEvent(event, nowNanos);
        }
        if (nowNanos >= node.nextDeadlineNanos()) {
            node.onTimer(nowNanos);
        }
        handOver(to);
        if (nowNanos >= nextStatusNanos) {
            nextStatusNanos = nowNanos + STATUS_NANOS;
            publishStatus(to, nowNanos);
        }
        return taken == EVENTS_PER_TURN;
    }

    private boolean disconnected(IpAddress client, long nowNanos) {
        node.disconnect(client, nowNanos);
        return true;
    }

    private void onSecond(Parts to, long nowNanos) {
        Instant wall = Instant.now();
        node.onWallClock(
                TimeUnit.SECONDS.toNanos(wall.getEpochSecond()) + wall.getNano(), nowNanos);
        to.sockets().onTimer(nowNanos);
        to.tun().onTimer(nowNanos);
        to.routes().onTimer(nowNanos);
        plan.ifPresent(wanted -> resolveWherePeersAreSilent(wanted, nowNanos));
    }

    private void resolveWherePeersAreSilent(MeshPlan wanted, long nowNanos) {
        Map<Integer, NodeStatus.LinkState> states = new HashMap<>();
        status.get()
                .ifPresent(now ->
                        now.links().forEach(link -> states.put(link.peerId(), link.state())));
        wanted.peers()
                .forEach((id, peer) -> {
                    if (states.get(id) != NodeStatus.LinkState.UP) {
                        resolver.refresh(peer.host(), nowNanos);
                    }
                });
    }

    private void takePlan(Parts to, long nowNanos) {
        Optional<MeshPlan> wanted = newPlan.getAndSet(null);
        boolean resolvedNow = resolved;
        if (wanted == null && !resolvedNow) {
            return;
        }
        resolved = false;
        if (wanted != null) {
            plan = wanted;
            to.routes()
                    .configure(
                            plan.map(MeshPlan::localRoutes).orElse(MeshPlan.LocalRoutes.NONE),
                            nowNanos);
            resolver.retain(DesiredPlan.hosts(plan));
            plan.ifPresent(each -> resolveWherePeersAreSilent(each, nowNanos));
        }
        if (plan.isEmpty()) {
            withdraw(to, nowNanos);
            return;
        }
        Desired desired = DesiredPlan.of(plan.get(), resolver::address, underlayIsV6);
        if (!configured.equals(Optional.of(desired))) {
            configured = Optional.of(desired);
            to.sockets().configure(desired, nowNanos);
            to.tun().configure(desired);
            node.configure(desired, nowNanos);
        }
    }

    private void withdraw(Parts to, long nowNanos) {
        if (configured.isEmpty()) {
            return;
        }
        configured = Optional.empty();
        node.stop(nowNanos);
        handOver(to);
        to.sockets().closeAll(nowNanos);
        to.tun().withdraw();
    }

    private void handOver(Parts to) {
        boolean[] any = new boolean[1];
        node.drainCommands(command -> {
            any[0] = true;
            to.packets().post(command);
        });
        if (any[0]) {
            to.packets().wake();
        }
        node.drainReports(reports);
    }

    private void publishStatus(Parts to, long nowNanos) {
        counters = node.counters();
        topology = node.topology();
        if (configured.isEmpty()) {
            status.set(Optional.empty());
            return;
        }
        NodeStatus now = node.status(nowNanos);
        status.set(Optional.of(now));
        to.tun().routesTo(remotePrefixes(now, configured.get()));
    }

    private static List<io.peermesh.ip.Prefix> remotePrefixes(NodeStatus now, Desired desired) {
        return now.routes().stream()
                .filter(route -> route.chosen() && route.controllerId() != desired.selfId())
                .map(NodeStatus.Route::prefix)
                .distinct()
                .toList();
    }

    private void park(long nowNanos) {
        long until =
                Math.min(
                        node.nextDeadlineNanos() == Node.NO_DEADLINE
                                ? nextSecondNanos
                                : node.nextDeadlineNanos(),
                        Math.min(nextSecondNanos, nextStatusNanos));
        parked = true;
        try {
            if (running
                    && newPlan.get() == null
                    && !resolved
                    && questions.isEmpty()
                    && events.isEmpty()
                    && until > nowNanos) {
                LockSupport.parkNanos(until - nowNanos);
            }
        } finally {
            parked = false;
        }
    }

    /** Says goodbye to the peers and ends the thread. */
    @Override
    public void close() {
        running = false;
        Thread loop = thread;
        if (loop == null) {
            return;
        }
        LockSupport.unpark(loop);
        try {
            loop.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The address to prefer of a name with both families. */
    static boolean isV6(IpAddress underlay) {
        return !underlay.isV4() && !underlay.equals(IpAddress.UNSPECIFIED);
    }
}
