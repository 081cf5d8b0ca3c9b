package io.peermesh.agent;

import io.peermesh.ip.IpAddress;
import io.peermesh.linux.FeatureProbe;
import io.peermesh.linux.LinuxDatagrams;
import io.peermesh.linux.OsException;
import io.peermesh.linux.Switches;
import io.peermesh.runtime.PacketLoop;
import io.peermesh.runtime.Resolver;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * One running agent: opens the socket, the device and the threads, waits until it is told to stop
 * (SIGTERM, SIGINT or {@code down}), and takes all of it away in the other order.
 */
final class AgentProcess {
    /** Names in JSON are in snake case, as in the REST API. */
    static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private static final int SOCKET = 0; // of the packet path: the clients' port

    private final Settings settings;
    private final Consumer<AgentEvent> events;
    private final List<String> problems = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean failed;

    /**
     * What an agent is told at its start.
     *
     * @param name of the interface
     * @param directory where the socket is
     */
    record Settings(Pack pack, String name, Path directory, long probeIntervalNanos) {}

    /**
     * What an agent tells while it runs.
     *
     * @param text for people
     */
    record AgentEvent(String event, int controller, int former, String cause, String text) {}

    AgentProcess(Settings settings, Consumer<AgentEvent> events) {
        this.settings = settings;
        this.events = events;
    }

    /**
     * Runs until it is told to stop.
     *
     * @return whether it ended in order
     * @throws AgentException when it cannot start; nothing is left behind
     */
    boolean run() {
        // The resolver decides how long an answer is kept, not the JVM.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        Thread hook = new Thread(this::stopAndWait, "peermesh-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            serve();
            return !failed;
        } catch (OsException e) {
            throw new AgentException(String.valueOf(e.getMessage()));
        } finally {
            stopped.countDown();
        }
    }

    private void stopAndWait() {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail() {
        failed = true;
        stop.countDown();
    }

    private void serve() {
        Pack pack = settings.pack();
        var random = new SecureRandom();
        var ciphers = FeatureProbe.run(Switches.ALL_ON).ciphers();
        var agent =
                new Agent(
                        pack,
                        settings.probeIntervalNanos(),
                        ciphers,
                        random::nextBytes,
                        System.nanoTime());
        var loop = new AgentLoop(agent, this::names, new Teller(), this::fail);
        Path path = ControlSocket.path(settings.directory(), settings.name());
        try (var _ = ControlSocket.open(path, question -> answer(loop, question));
                var device = AgentDevice.open(settings.name(), pack);
                var packets =
                        new PacketLoop(
                                Optional.of(device.tun()),
                                tun -> new ProbeFilter(tun, loop::onAnswer),
                                Switches.ALL_ON,
                                loop::offer,
                                this::fail);
                var _ = start(loop, packets, device)) {
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private AgentLoop.Running start(AgentLoop loop, PacketLoop packets, AgentDevice device) {
        problems.addAll(device.problems());
        packets.setSocket(SOCKET, socket(settings.pack()));
        packets.wake();
        problems.forEach(this::tellProblem);
        return loop.start(packets);
    }

    private Resolver names(Runnable changed) {
        return new Resolver(InetAddress::getAllByName, /* preferV6= */ false, changed);
    }

    /**
     * The pack's port, where a firewall may let controllers in; else any. It hears ICMP errors: one
     * socket speaks to all controllers, so that they are a hint to ask, not whom.
     */
    private LinuxDatagrams socket(Pack pack) {
        try {
            return bind(pack.listenPort());
        } catch (OsException e) {
            if (pack.listenPort() == 0) {
                throw e;
            }
            problems.add(
                    e.getMessage()
                            + "; another port is used, to which a firewall may not admit the"
                            + " controllers. If WireGuard runs with this clientpack, stop it: a"
                            + " clientpack is for one program. Else free the port, and start again");
            return bind(0);
        }
    }

    private static LinuxDatagrams bind(int port) {
        return LinuxDatagrams.bindLink(IpAddress.UNSPECIFIED, port, Switches.ALL_ON);
    }

    private void tellProblem(String text) {
        events.accept(new AgentEvent("problem", 0, 0, "", "problem: " + text));
    }

    /** Passes on what the loop tells. */
    private final class Teller implements AgentLoop.Listener {
        @Override
        public void moved(Agent agent, Agent.Move move) {
            String where = agent.endpoint(move.to()).map(Object::toString).orElse("");
            String text = "using controller %d at %s: %s".formatted(move.to(), where, why(move));
            String cause = move.cause().name().toLowerCase(Locale.ROOT);
            events.accept(new AgentEvent("move", move.to(), move.from(), cause, text));
        }

        private static String why(Agent.Move move) {
            return switch (move.cause()) {
                case FIRST -> "connected";
                case SILENT ->
                        "controller %d was silent for %d ms"
                                .formatted(move.from(), move.silentNanos() / 1_000_000);
                case UNREACHABLE ->
                        "the network says that controller %d cannot be reached, and it was silent for"
                                        .formatted(move.from())
                                + " %d ms".formatted(move.silentNanos() / 1_000_000);
                case FOUND -> "nobody had answered";
                case TAKEN -> "the controllers moved this client";
                case NEARER -> "it is nearer";
                case TOLD -> "told to";
            };
        }

        @Override
        public void troubled(String words) {
            tellProblem(words);
        }

        @Override
        public void answered(int controllerId) {
            String text = "controller %d answers again".formatted(controllerId);
            events.accept(new AgentEvent("answered", controllerId, 0, "", text));
        }
    }

    // ---- questions

    private String answer(AgentLoop loop, String question) {
        if (question.equals("status")) {
            return loop.ask(agent -> JSON.writeValueAsString(status(agent))).orElse(refusal(BUSY));
        }
        if (question.equals("down")) {
            stop.countDown();
            return JSON.writeValueAsString(Map.of("ok", true));
        }
        if (question.matches("use [0-9]{1,2}")) {
            int id = Integer.parseInt(question.substring(4));
            boolean done = loop.ask(agent -> agent.use(id, System.nanoTime())).orElse(false);
            return done
                    ? JSON.writeValueAsString(Map.of("ok", true))
                    : refusal(
                            "controller "
                                    + id
                                    + " does not stand by: it is not in the pack, or does not"
                                    + " answer; see peermesh client status");
        }
        return refusal("unknown question");
    }

    private static final String BUSY = "the agent has no time to answer; ask again";

    private static String refusal(String reason) {
        return JSON.writeValueAsString(Map.of("error", reason));
    }

    private AgentStatus status(Agent agent) {
        return StatusView.of(
                settings.name(),
                agent,
                Stream.concat(problems.stream(), AgentLoop.loops(agent).stream()).toList(),
                System.nanoTime());
    }
}
