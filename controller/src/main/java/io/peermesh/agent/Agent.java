package io.peermesh.agent;

import io.peermesh.agent.Failover.Action;
import io.peermesh.crypto.AeadProvider;
import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.forward.DataCommand;
import io.peermesh.forward.DataEvent;
import io.peermesh.forward.DataEvent.HandshakeReceived;
import io.peermesh.forward.Fib;
import io.peermesh.forward.NextHop;
import io.peermesh.forward.Paths;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.ip.PrefixTable;
import io.peermesh.port.Entropy;
import io.peermesh.session.Dialect;
import io.peermesh.session.HandshakeGate;
import io.peermesh.session.IndexTable;
import io.peermesh.session.Keypair;
import io.peermesh.session.RetryLadder;
import io.peermesh.session.SessionMachine;
import io.peermesh.session.SessionOutput;
import io.peermesh.session.SessionPolicy;
import io.peermesh.session.SessionPorts;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.HandshakeLayout;
import io.peermesh.wire.HandshakeMessage;
import io.peermesh.wire.LinkPorts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A client of all controllers at once. Keeps a WireGuard session with each, and tells the packet
 * path which one to use; {@link Failover} decides which.
 *
 * <p>All controllers show one identity, so what tells them apart is the receiver index, whose upper
 * bits are the controller id. That is a hint, not evidence: a wrong one leads to keys that nobody
 * uses.
 *
 * <p>An initiation changes no owner, the first transport packet under new keys does. Therefore the
 * keys of a controller that stands by stay here, and reach the packet path only when it is used:
 * its first act is then to send what waits, or a keepalive. Keys that a controller has started go
 * to the packet path at once, as in stock WireGuard, and their first use by the controller makes us
 * its client.
 *
 * <p>Pure like the node: give it events and time, take its commands, call again by {@link
 * #nextDeadlineNanos}. One thread owns it. Times are monotonic nanoseconds.
 */
final class Agent {
    /** Wall clock and monotonic clock apart by more than this in one second: the machine slept. */
    static final long SLEPT_NANOS = 5_000_000_000L;

    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final int INDICES = 4_096;

    /** Initiations at 0, 250, 750, 1750, 3750 ms, then every 5 s; 20 s in all. */
    private static final RetryLadder LADDER =
            new RetryLadder(
                    List.of(250 * MILLISECOND, 500 * MILLISECOND, SECOND, 2 * SECOND),
                    5 * SECOND,
                    100 * MILLISECOND,
                    20 * SECOND,
                    /* resendOnCookie= */ true);

    private static final SessionPolicy POLICY =
            new SessionPolicy(
                    LADDER,
                    /* alwaysOn= */ false,
                    15 * SECOND,
                    Long.MAX_VALUE,
                    /* persistentKeepaliveNanos= */ 0); // the probes are more than that

    private final Pack pack;
    private final Identity self;
    private final IndexTable indices;
    private final SessionPorts ports;
    private final HandshakeGate gate;
    private final Failover failover;
    private final SortedMap<Integer, Gateway> gateways = new TreeMap<>();
    private final Map<Tunnel, Gateway> byTunnel = new HashMap<>();
    private final Queue<DataCommand> commands = new ArrayDeque<>();
    private final Queue<Proven> proven = new ArrayDeque<>();
    private final Queue<Move> moves = new ArrayDeque<>();
    private long nowNanos;
    private long epochOffsetNanos;
    private boolean clockKnown;
    private int initiatorId;

    /** The controller to which we send; 0 for none. */
    private int used;

    private long probePostedNanos = Candidate.NEVER;
    private long hintNanos = Candidate.NEVER;
    private final long startedNanos;

    private record Proven(Gateway gateway, boolean weStarted) {}

    /**
     * A change of the controller in use.
     *
     * @param from 0 for none
     * @param silentNanos how long the former one had been silent; 0 where that was not the cause
     */
    record Move(int from, int to, MoveCause cause, long silentNanos) {}

    /** An agent that knows no addresses yet; see {@link #onAddress}. */
    Agent(Pack pack, long probeIntervalNanos, AeadProvider ciphers, Entropy entropy, long now) {
        this.pack = pack;
        this.self = Identity.of(pack.privateKey());
        this.indices = new IndexTable(0, INDICES, entropy);
        this.ports = new SessionPorts(indices, ciphers, entropy, new Output());
        this.gate = new HandshakeGate(new Dialect.WireGuard(), self, this::find, ports);
        this.failover = new Failover(probeIntervalNanos, pack.homeId());
        this.nowNanos = now;
        this.startedNanos = now;
        pack.controllers().keySet().forEach(this::gateway);
        publish();
    }

    private Gateway gateway(int id) {
        return gateways.computeIfAbsent(id, this::newGateway);
    }

    private Gateway newGateway(int id) {
        Optional<Pack.Controller> known = Optional.ofNullable(pack.controllers().get(id));
        IpAddress address =
                known.map(Pack.Controller::overlayAddress).orElse(pack.virtualAddress());
        var tunnel = new Tunnel(Tunnel.Kind.GATEWAY, id, address, 0, pack.mtuBytes());
        var machine =
                new SessionMachine(
                        tunnel,
                        new Dialect.WireGuard(),
                        self,
                        pack.gateway(),
                        pack.presharedKey(),
                        POLICY,
                        ports);
        var gateway = new Gateway(tunnel, machine, known);
        byTunnel.put(tunnel, gateway);
        known.ifPresent(_ -> failover.add(id, nowNanos));
        return gateway;
    }

    // ---- what is known

    Pack pack() {
        return pack;
    }

    Failover failover() {
        return failover;
    }

    /** By controller id; a view. */
    SortedMap<Integer, Gateway> gateways() {
        return gateways;
    }

    /** Where a controller is sent to. */
    Optional<Endpoint> endpoint(int id) {
        return Optional.ofNullable(gateways.get(id)).flatMap(each -> each.machine.endpoint());
    }

    /** For how long no controller has answered anything; 0 while one does. */
    long lonelyNanos(long now) {
        return failover.lonelyNanos(startedNanos, now);
    }

    /** When the network last said that something did not arrive. */
    long hintNanos() {
        return hintNanos;
    }

    // ---- inputs

    /** Where a controller of the pack is now, by its configured name. */
    void onAddress(int id, IpAddress address, boolean looped, long now) {
        nowNanos = now;
        Gateway gateway = gateway(id);
        gateway.looped = looped;
        if (!looped) {
            int port = pack.controller(id).endpoint().port();
            gateway.machine.onEndpointSet(new Endpoint(address, port), now);
            if (gateway.machine.lastHandshakeNanos() == Candidate.NEVER) {
                gateway.machine.startHandshake(now, epochNanos());
            }
        }
        settle();
    }

    /** Tells the wall clock, nanoseconds since 1970; call it first of all, and every second. */
    void onWallClock(long epochNanos, long now) {
        nowNanos = now;
        long offset = epochNanos - now;
        if (clockKnown && offset - epochOffsetNanos > SLEPT_NANOS) {
            failover.onWake(now);
        }
        clockKnown = true;
        epochOffsetNanos = offset;
        settle();
    }

    private long epochNanos() {
        return nowNanos + epochOffsetNanos;
    }

    /** Takes in what the packet path tells. */
    void onEvent(DataEvent event, long now) {
        nowNanos = now;
        switch (event) {
            case HandshakeReceived message -> onHandshake(message);
            case DataEvent.Confirmed confirmed ->
                    of(confirmed.tunnel())
                            .ifPresent(each -> each.machine.onConfirmed(confirmed.keypair(), now));
            case DataEvent.SessionNeeded needed ->
                    of(needed.tunnel())
                            .ifPresent(each -> each.machine.onSessionNeeded(now, epochNanos()));
            case DataEvent.Roamed roamed ->
                    of(roamed.tunnel()).ifPresent(each -> each.machine.onRoamed(roamed.endpoint()));
            case DataEvent.Retired retired -> onRetired(retired);
            case DataEvent.Unreachable _ -> {
                hintNanos = now;
                failover.onHint(now);
            }
            case DataEvent.ControlReceived _, DataEvent.Relayed _ -> {
                // of links
            }
        }
        settle();
    }

    private Optional<Gateway> of(Tunnel tunnel) {
        return Optional.ofNullable(byTunnel.get(tunnel));
    }

    private void onRetired(DataEvent.Retired retired) {
        int index = retired.keypair().localIndex;
        indices.owner(index)
                .filter(owner -> owner.tunnel() == retired.tunnel())
                .ifPresent(_ -> indices.release(index));
    }

    private void onHandshake(HandshakeReceived received) {
        OptionalInt index = senderIndex(received.message());
        initiatorId = index.isPresent() ? IndexTable.controllerOf(index.getAsInt()) : 0;
        gate.onMessage(0, received.from(), received.message(), /* underLoad= */ false, nowNanos);
    }

    /** The index that the sender of an initiation chose; empty for other messages. */
    private static OptionalInt senderIndex(byte[] message) {
        return HandshakeMessage.parse(HandshakeLayout.WIREGUARD, message)
                        instanceof HandshakeMessage.Initiation initiation
                ? OptionalInt.of(initiation.sender())
                : OptionalInt.empty();
    }

    private Optional<SessionMachine> find(int socket, PublicKey key) {
        boolean ours = key.equals(pack.gateway());
        boolean named = initiatorId >= 1 && initiatorId <= LinkPorts.MAX_CONTROLLERS;
        return ours && named && failover.mayTake(initiatorId, nowNanos)
                ? Optional.of(gateway(initiatorId).machine)
                : Optional.empty();
    }

    /** An answer to a probe, by its sequence number. */
    void onProbeAnswer(int sequence, long now) {
        nowNanos = now;
        failover.onAnswer(Probe.number(sequence, failover.probesSent()), now);
        settle();
    }

    /** The operator wants this controller; false when it does not stand by. */
    boolean use(int id, long now) {
        nowNanos = now;
        boolean done = failover.onTold(id, now);
        settle();
        return done;
    }

    /** Does what is due. */
    void onTimer(long now) {
        nowNanos = now;
        for (Gateway each : List.copyOf(gateways.values())) {
            if (each.machine.nextDeadlineNanos() <= now) {
                each.machine.onTimer(now, epochNanos());
            }
        }
        takeProven();
        observe();
        if (failover.nextDeadlineNanos() <= now) {
            failover.onTimer(now);
        }
        settle();
    }

    /** What the packet path has done with the controller in use. */
    private void observe() {
        if (failover.current().isEmpty()) {
            return;
        }
        Gateway current = gateway(failover.current().getAsInt());
        failover.onHeard(current.tunnel.activity.lastReceivedNanos());
        boolean sent = current.tunnel.activity.lastSentNanos() >= probePostedNanos;
        if (!sent && current.machine.isUsable(nowNanos)) {
            failover.onOwnDelay(nowNanos);
        }
    }

    /** When {@link #onTimer} is due, followed by {@link #drainCommands}. */
    long nextDeadlineNanos() {
        long next = failover.nextDeadlineNanos();
        for (Gateway each : gateways.values()) {
            next = Math.min(next, each.machine.nextDeadlineNanos());
        }
        return next;
    }

    /** Ends all sessions. */
    void stop() {
        gateways.values().forEach(each -> each.machine.stop());
    }

    /** Hands over, in order, what the packet path shall do. */
    void drainCommands(Consumer<? super DataCommand> sink) {
        for (DataCommand next = commands.poll(); next != null; next = commands.poll()) {
            sink.accept(next);
        }
    }

    /** The changes of the controller in use since the last call. */
    List<Move> takeMoves() {
        var taken = new ArrayList<>(moves);
        moves.clear();
        return taken;
    }

    // ---- what sessions and the failover want

    private void settle() {
        takeProven();
        for (var next = failover.nextAction(); next.isPresent(); next = failover.nextAction()) {
            switch (next.get()) {
                case Action.Probe(int id, long number) -> probe(gateway(id), number);
                case Action.Use(int id, MoveCause cause) -> use(gateway(id), cause);
                case Action.Handshake(int id) -> handshake(gateway(id));
            }
        }
    }

    private void takeProven() {
        for (Proven next = proven.poll(); next != null; next = proven.poll()) {
            int id = next.gateway.id();
            if (next.weStarted) {
                failover.onHandshake(id, nowNanos - next.gateway.initiationSentNanos, nowNanos);
            } else {
                failover.onTaken(id, nowNanos);
            }
        }
    }

    private void probe(Gateway to, long number) {
        byte[] request = Probe.request(pack.address(), to.tunnel.overlayAddress, number);
        commands.add(new DataCommand.SendControl(to.tunnel, request));
        probePostedNanos = nowNanos;
    }

    private void use(Gateway next, MoveCause cause) {
        moves.add(new Move(used, next.id(), cause, failover.silentNanos()));
        used = next.id();
        publish();
        Keypair keys = next.standby;
        if (keys != null && cause != MoveCause.TAKEN) {
            next.standby = null;
            install(next, keys); // sends what waits, or a keepalive
        } else {
            dropStandby(next);
        }
    }

    private void handshake(Gateway with) {
        with.machine.startHandshake(nowNanos, epochNanos());
    }

    private void publish() {
        Map<Prefix, NextHop> routes = new HashMap<>();
        NextHop hop = used == 0 ? new NextHop.Unreachable() : new NextHop.Via(gateway(used).tunnel);
        pack.allowed().forEach(prefix -> routes.put(prefix, hop));
        routes.put(Prefix.host(pack.address()), new NextHop.Local());
        commands.add(
                new DataCommand.Publish(
                        new Fib(
                                PrefixTable.of(routes),
                                pack.allowed().getFirst(),
                                pack.address(),
                                Paths.NONE)));
    }

    private void install(Gateway gateway, Keypair keys) {
        gateway.installed = true;
        commands.add(new DataCommand.Install(gateway.tunnel, keys));
    }

    private void dropStandby(Gateway gateway) {
        Keypair keys = gateway.standby;
        if (keys != null) {
            gateway.standby = null;
            indices.release(keys.localIndex);
            keys.close();
        }
    }

    private final class Output implements SessionOutput {
        @Override
        public void install(Tunnel tunnel, Keypair keypair) {
            Gateway gateway = of(tunnel).orElseThrow();
            if (!keypair.initiator) {
                failover.onCalled(gateway.id(), nowNanos);
            }
            if (!keypair.initiator || gateway.id() == used) {
                Agent.this.install(gateway, keypair);
                return;
            }
            dropStandby(gateway);
            gateway.standby = keypair;
            if (gateway.installed) {
                gateway.installed = false; // of the time when it was in use
                commands.add(new DataCommand.Clear(tunnel));
            }
        }

        @Override
        public void clear(Tunnel tunnel) {
            of(tunnel)
                    .ifPresent(gateway -> {
                        dropStandby(gateway);
                        gateway.installed = false;
                    });
            commands.add(new DataCommand.Clear(tunnel));
        }

        @Override
        public void sendHandshake(int socket, Endpoint to, byte[] message) {
            commands.add(new DataCommand.SendHandshake(socket, to, message));
            senderIndex(message).ifPresent(this::noteInitiation);
        }

        private void noteInitiation(int index) {
            indices.owner(index)
                    .flatMap(machine -> of(machine.tunnel()))
                    .ifPresent(gateway -> {
                        gateway.initiationSentNanos = nowNanos;
                        gateway.unanswered++;
                    });
        }

        @Override
        public void sendKeepalive(Tunnel tunnel) {
            if (of(tunnel).filter(gateway -> gateway.id() == used).isPresent()) {
                commands.add(new DataCommand.SendKeepalive(tunnel));
            }
        }

        @Override
        public void setEndpoint(Tunnel tunnel, Endpoint endpoint) {
            commands.add(new DataCommand.SetEndpoint(tunnel, endpoint));
        }

        @Override
        public void established(Tunnel tunnel, Established session, long now) {
            of(tunnel)
                    .ifPresent(gateway -> {
                        gateway.unanswered = 0;
                        proven.add(new Proven(gateway, session.initiator()));
                    });
        }

        @Override
        public void ended(Tunnel tunnel, Ended cause, long now) {
            // The failover asks for a new one when it is due.
        }

        @Override
        public void refused(Refused refused) {
            // Junk, or a controller that speaks of an older handshake: the next one counts.
        }
    }
}
