package io.peermesh.agent;

import io.peermesh.forward.DataEvent;
import io.peermesh.ip.IpAddress;
import io.peermesh.runtime.PacketLoop;
import io.peermesh.runtime.Resolver;
import io.peermesh.runtime.SpscRing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns {@link Agent}: feeds it events of the packet loop, answers to probes,
 * addresses and time, and passes its commands on. Everything reaches it through {@link #offer},
 * {@link #onAnswer} and {@link #ask}.
 */
final class AgentLoop {
    /** Events of the packet loop that may wait; beyond that they are dropped and counted there. */
    static final int MAX_EVENTS = 1024;

    /** Answers to probes that may wait; what is beyond counts as lost. */
    static final int MAX_ANSWERS = 64;

    /** Questions of the control socket that may wait. */
    static final int MAX_QUESTIONS = 16;

    private static final Logger LOG = LoggerFactory.getLogger(AgentLoop.class);
    private static final int EVENTS_PER_TURN = 128;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final SpscRing<DataEvent> events = new SpscRing<>(MAX_EVENTS);
    private final SpscRing<Integer> answers = new SpscRing<>(MAX_ANSWERS);
    private final ArrayBlockingQueue<Question<?>> questions =
            new ArrayBlockingQueue<>(MAX_QUESTIONS);
    private final Map<Integer, IpAddress> told = new HashMap<>();
    private final Agent agent;
    private final Resolver resolver;
    private final Listener listener;
    private final Runnable onFailure;
    private volatile boolean parked;
    private volatile boolean resolved;
    private volatile boolean running = true;
    private @Nullable Thread thread;
    private @Nullable PacketLoop packets;
    private long nextSecondNanos = Long.MIN_VALUE;
    private boolean troubled;

    /** Who is told of what an operator should know, on this loop's thread. */
    interface Listener {
        /** Another controller is in use. */
        void moved(Agent agent, Agent.Move move);

        /** No controller answers; said once each time. */
        void troubled(String words);

        /** The one in use answers again. */
        void answered(int controllerId);
    }

    private record Question<T>(Function<Agent, T> question, CompletableFuture<T> answer) {
        void answer(Agent agent) {
            answer.complete(question.apply(agent));
        }
    }

    /**
     * A loop that does not run yet.
     *
     * @param names looks the controllers' names up; calls the given runnable when one is known
     * @param onFailure called when the thread ends by a fault of its own
     */
    AgentLoop(
            Agent agent,
            Function<Runnable, Resolver> names,
            Listener listener,
            Runnable onFailure) {
        this.agent = agent;
        this.resolver = names.apply(this::onResolved);
        this.listener = listener;
        this.onFailure = onFailure;
    }

    /** Starts the thread; close the result before the packet loop, so that keys are wiped. */
    Running start(PacketLoop commanded) {
        packets = commanded;
        thread = Thread.ofPlatform().name("peermesh-agent").start(this::run);
        return this::stop;
    }

    /** The thread that was started; closing it ends the sessions and the thread. */
    @FunctionalInterface
    interface Running extends AutoCloseable {
        @Override
        void close();
    }

    /** Takes an event of the packet loop; its thread only. */
    boolean offer(DataEvent event) {
        boolean taken = events.offer(event);
        wakeIfParked();
        return taken;
    }

    /** Takes the sequence number of an answered probe; the packet loop's thread only. */
    void onAnswer(int sequence) {
        boolean ignored = answers.offer(sequence);
        wakeIfParked();
    }

    private void wakeIfParked() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    private void onResolved() {
        resolved = true;
        LockSupport.unpark(thread);
    }

    /** Asks the agent something, on its own thread; from any other. Empty when it has no time. */
    <T> Optional<T> ask(Function<Agent, T> question) {
        var answer = new CompletableFuture<T>();
        if (!questions.offer(new Question<>(question, answer))) {
            return Optional.empty();
        }
        LockSupport.unpark(thread);
        try {
            return Optional.of(answer.get(2, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            return Optional.empty();
        }
    }

    private void run() {
        PacketLoop to = Objects.requireNonNull(packets);
        try {
            while (running) {
                boolean more = turn(to, System.nanoTime());
                if (!more) {
                    park(System.nanoTime());
                }
            }
            agent.stop();
            handOver(to);
        } catch (RuntimeException e) {
            LOG.error("the agent's loop failed: this is a bug; the agent stops", e);
            onFailure.run();
        }
    }

    private boolean turn(PacketLoop to, long nowNanos) {
        if (nowNanos >= nextSecondNanos) {
            nextSecondNanos = nowNanos + SECOND;
            Instant wall = Instant.now();
            agent.onWallClock(
                    TimeUnit.SECONDS.toNanos(wall.getEpochSecond()) + wall.getNano(), nowNanos);
            resolve(nowNanos);
            tellTrouble(nowNanos);
        } else if (resolved) {
            resolve(nowNanos);
        }
        for (Integer each = answers.poll(); each != null; each = answers.poll()) {
            agent.onProbeAnswer(each, nowNanos);
        }
        int taken = takeEvents(nowNanos);
        if (nowNanos >= agent.nextDeadlineNanos()) {
            agent.onTimer(nowNanos);
        }
        handOver(to);
        agent.takeMoves().forEach(move -> listener.moved(agent, move));
        for (var each = questions.poll(); each != null; each = questions.poll()) {
            each.answer(agent);
        }
        handOver(to);
        return taken == EVENTS_PER_TURN;
    }

    private void tellTrouble(long nowNanos) {
        Optional<String> trouble = Trouble.of(agent, nowNanos);
        if (trouble.isPresent() && !troubled) {
            listener.troubled(trouble.get());
        } else if (trouble.isEmpty() && troubled) {
            listener.answered(agent.failover().current().orElse(0));
        }
        troubled = trouble.isPresent();
    }

    private int takeEvents(long nowNanos) {
        int taken = 0;
        for (; taken < EVENTS_PER_TURN; taken++) {
            DataEvent event = events.poll();
            if (event == null) {
                break;
            }
            agent.onEvent(event, nowNanos);
        }
        return taken;
    }

    /** Looks names up again of whoever does not answer, and tells the agent what is new. */
    private void resolve(long nowNanos) {
        resolved = false;
        for (Gateway gateway : new ArrayList<>(agent.gateways().values())) {
            gateway.known
                    .filter(_ -> !gateway.machine.isUsable(nowNanos) || isSilent(gateway))
                    .ifPresent(each -> {
                        String host = each.endpoint().host();
                        resolver.refresh(host, nowNanos);
                        resolver.address(host).ifPresent(at -> tell(gateway, at, nowNanos));
                    });
        }
    }

    private boolean isSilent(Gateway gateway) {
        return agent.failover().state() == Failover.State.SEARCHING
                && agent.failover().current().orElse(0) == gateway.id();
    }

    private void tell(Gateway gateway, IpAddress address, long nowNanos) {
        int port = agent.pack().controller(gateway.id()).endpoint().port();
        boolean looped = UnderlayRoute.leadsInto(agent.pack().address(), address, port);
        if (looped != gateway.looped || !address.equals(told.put(gateway.id(), address))) {
            agent.onAddress(gateway.id(), address, looped, nowNanos);
        }
    }

    private void handOver(PacketLoop to) {
        boolean[] any = new boolean[1];
        agent.drainCommands(command -> {
            any[0] = true;
            to.post(command);
        });
        if (any[0]) {
            to.wake();
        }
    }

    private void park(long nowNanos) {
        long until = Math.min(agent.nextDeadlineNanos(), nextSecondNanos);
        parked = true;
        try {
            if (running
                    && !resolved
                    && events.isEmpty()
                    && answers.isEmpty()
                    && questions.isEmpty()
                    && until > nowNanos) {
                LockSupport.parkNanos(until - nowNanos);
            }
        } finally {
            parked = false;
        }
    }

    /** The addresses and names that are routed into the overlay itself, as problems. */
    static List<String> loops(Agent agent) {
        return agent.gateways().values().stream()
                .filter(each -> each.looped)
                .map(each ->
                        "controller "
                                + each.id()
                                + " cannot be used: its endpoint "
                                + agent.pack().controller(each.id()).endpoint()
                                + " lies in a subnet that goes through the tunnel itself; give it a"
                                + " route of its own")
                .toList();
    }

    private void stop() {
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
}
