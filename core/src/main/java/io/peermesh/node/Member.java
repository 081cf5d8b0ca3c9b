package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.crypto.AeadProvider;
import io.peermesh.crypto.CipherSuite;
import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.TopologyKeys;
import io.peermesh.forward.DataCommand;
import io.peermesh.forward.DataEvent;
import io.peermesh.forward.DataEvent.HandshakeReceived;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.Effects.Notice;
import io.peermesh.port.Entropy;
import io.peermesh.replication.SharedEntry;
import io.peermesh.replication.SharedMap;
import io.peermesh.routing.LinkStateDatabase;
import io.peermesh.session.Dialect;
import io.peermesh.session.HandshakeGate;
import io.peermesh.session.IndexTable;
import io.peermesh.session.LinkTerms;
import io.peermesh.session.Refusal;
import io.peermesh.session.SessionMachine;
import io.peermesh.session.SessionOutput.Refused;
import io.peermesh.session.SessionPorts;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.ControlMessage.Goodbye;
import io.peermesh.wire.Payload.Advertisement;
import io.peermesh.wire.Tai64n;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * This controller as a member of one topology, under one id and keyset: made when these are known,
 * thrown away when they change. Passes events to the link or client that they are about, and does
 * once per turn what many events may have asked for.
 */
final class Member {
    private static final long AGE_INTERVAL_NANOS = 60_000_000_000L;

    private final Effects effects;
    private final WallClock wallClock;
    private final Deadlines deadlines;
    private final HandshakeQueue handshakes = new HandshakeQueue();
    private final IndexTable indices;
    private final Databases databases;
    private final Links links;
    private final Clients clients;
    private final Routing routing;
    private final Exchange exchange;
    private final MeshClock clock;
    private final Reach reach;
    private final Handover handover;
    private final ClockTelling clockTelling;
    private final HandshakeGate clientGate;
    private final HandshakeGate linkGate;
    private Desired desired;
    private long lastNanos;
    private boolean isolated;

    /** What the process brings along. */
    record Env(
            long instanceId,
            AeadProvider ciphers,
            Entropy entropy,
            WallClock wallClock,
            Effects effects) {}

    Member(Env env, Desired desired, long nowNanos) {
        this.desired = desired;
        effects = env.effects();
        deadlines = new Deadlines(effects::initiations);
        wallClock = env.wallClock();
        int selfId = desired.selfId();
        indices = new IndexTable(selfId, IndexTable.DEFAULT_CAPACITY, env.entropy());
        databases =
                new Databases(
                        new LinkStateDatabase(selfId, env.instanceId()),
                        new OwnershipTable(selfId, desired.overlay()),
                        new SharedMap());
        var keys = new TopologyKeys(desired.keyset());
        var gateway = Identity.of(keys.gatewayKey());
        var ports = new SessionPorts(indices, env.ciphers(), env.entropy(), effects);
        var dialect = new Dialect.Link(terms(env, desired));
        var linkIdentity = Identity.of(keys.linkKey(selfId));
        links =
                new Links(
                        new Links.Env(dialect, linkIdentity, keys, ports, env.entropy(), deadlines),
                        new PeerLink.Env(
                                selfId, effects, wallClock, databases, this::onNeighborsChanged));
        var flood = new Flood(selfId, links.byId().values());
        clock = new MeshClock(wallClock);
        reach = new Reach(selfId);
        clients =
                new Clients(
                        new Clients.Env(
                                gateway,
                                keys,
                                ports,
                                effects,
                                clock,
                                reach,
                                this::survivors,
                                this::evidence,
                                deadlines,
                                databases.ownership(),
                                flood,
                                this::onRoutesChanged));
        routing = new Routing(effects, databases, flood, clients, links.byId(), desired);
        exchange =
                new Exchange(databases, flood, clients, routing::onTopologyChanged, clock, effects);
        handover =
                new Handover(
                        new Handover.Env(
                                selfId,
                                clients,
                                databases.ownership(),
                                reach,
                                effects,
                                this::candidates,
                                this::neededForTransit),
                        desired.load(),
                        nowNanos);
        clientGate = new HandshakeGate(new Dialect.WireGuard(), gateway, this::findClient, ports);
        linkGate = new HandshakeGate(dialect, linkIdentity, links::find, ports);
        deadlines.reschedule(new Ageing(nowNanos));
        clockTelling = new ClockTelling(wallClock, links);
        deadlines.reschedule(clockTelling);
        configure(desired, nowNanos);
    }

    private static LinkTerms terms(Env env, Desired desired) {
        Set<CipherSuite> suites =
                env.ciphers().hasFastAes()
                        ? Set.of(CipherSuite.AES_256_GCM, CipherSuite.CHACHA20_POLY1305)
                        : Set.of(CipherSuite.CHACHA20_POLY1305);
        return new LinkTerms(
                desired.selfId(),
                desired.keyset().uuid(),
                desired.keyset().generation(),
                desired.installation(),
                env.instanceId(),
                suites);
    }

    /**
     * Whether a configuration is for the same member, so that {@link #configure} carries it out.
     */
    boolean isFor(Desired other) {
        return desired.selfId() == other.selfId()
                && desired.keyset().equals(other.keyset())
                && desired.installation().equals(other.installation())
                && desired.overlay().equals(other.overlay());
    }

    void configure(Desired wanted, long nowNanos) {
        desired = wanted;
        reach.probeEvery(wanted.probes().intervalNanos());
        links.configure(wanted, nowNanos);
        clients.configure(wanted.clients(), nowNanos);
        exchange.onStored(wanted.shared());
        routing.configure(wanted);
        handover.configure(wanted.load(), nowNanos);
        deadlines.reschedule(handover);
    }

    /** See {@link Node#disconnect}. */
    void disconnect(IpAddress client, long nowNanos) {
        clients.disconnect(client, nowNanos);
    }

    /** See {@link Node#move}. */
    boolean move(IpAddress client, int heir, long nowNanos) {
        boolean begun = handover.move(client, heir, nowNanos);
        deadlines.reschedule(handover);
        return begun;
    }

    /** See {@link Node#resetTimestamp}. */
    void resetTimestamp(IpAddress client, long nowNanos) {
        clients.resetTimestamp(client, nowNanos);
    }

    /** See {@link Node#mute}. */
    boolean mute(int peerId, long durationNanos, long nowNanos) {
        Optional<PeerLink> link = links.of(peerId);
        link.ifPresent(present -> {
            present.mute(durationNanos, nowNanos);
            deadlines.reschedule(present);
        });
        return link.isPresent();
    }

    /** Ends everything, and says goodbye to the peers. */
    void stop(Goodbye.Cause cause, long nowNanos) {
        links.stop(cause, nowNanos);
        clients.stop();
    }

    private void onNeighborsChanged() {
        clockTelling.soon();
        deadlines.reschedule(clockTelling);
        routing.onSelfChanged();
    }

    private void onRoutesChanged() {
        routing.onRoutesChanged();
    }

    private Optional<SessionMachine> findClient(int socket, PublicKey key) {
        return clients.machineOf(key, lastNanos);
    }

    // ---- inputs

    void onEvent(DataEvent event, long nowNanos) {
        switch (event) {
            case HandshakeReceived message -> handshakes.add(message, nowNanos);
            case DataEvent.ControlReceived control ->
                    links.of(control.tunnel())
                            .ifPresent(link -> onControl(link, control, nowNanos));
            case DataEvent.Confirmed confirmed ->
                    machineOf(confirmed.tunnel())
                            .ifPresent(m -> m.onConfirmed(confirmed.keypair(), nowNanos));
            case DataEvent.SessionNeeded needed -> onSessionNeeded(needed.tunnel(), nowNanos);
            case DataEvent.Roamed roamed -> onRoamed(roamed);
            case DataEvent.Relayed relayed ->
                    clients.of(relayed.tunnel())
                            .ifPresent(session ->
                                    handover.onRelayed(session, relayed.controllerId(), nowNanos));
            case DataEvent.Retired retired -> onRetired(retired);
            case DataEvent.Unreachable(int socket) ->
                    links.of(socket).ifPresent(link -> link.onUnreachable(nowNanos));
        }
        takeNotices(nowNanos);
        reschedule(event);
    }

    private void onControl(PeerLink link, DataEvent.ControlReceived control, long nowNanos) {
        link.onControl(control.plaintext(), nowNanos)
                .ifPresent(payload -> exchange.onPayload(link, payload, nowNanos));
    }

    /** The event may come from before a change of keyset: the index may be another's now. */
    private void onRetired(DataEvent.Retired retired) {
        int index = retired.keypair().localIndex;
        indices.owner(index)
                .filter(owner -> owner.tunnel() == retired.tunnel())
                .ifPresent(_ -> indices.release(index));
    }

    private void onRoamed(DataEvent.Roamed roamed) {
        links.of(roamed.tunnel()).ifPresent(link -> link.machine.onRoamed(roamed.endpoint()));
        clients.of(roamed.tunnel())
                .ifPresent(session -> clients.onRoamed(session, roamed.endpoint()));
    }

    private void onSessionNeeded(Tunnel tunnel, long nowNanos) {
        long epochNanos = wallClock.epochNanos(nowNanos);
        links.of(tunnel).ifPresent(link -> link.machine.onSessionNeeded(nowNanos, epochNanos));
        clients.of(tunnel).ifPresent(session -> clients.onSessionNeeded(session, nowNanos));
    }

    private Optional<SessionMachine> machineOf(Tunnel tunnel) {
        return links.of(tunnel)
                .map(link -> link.machine)
                .or(() -> clients.of(tunnel).flatMap(session -> session.machine));
    }

    private void reschedule(DataEvent event) {
        switch (event) {
            case HandshakeReceived _, DataEvent.Retired _ -> {}
            case DataEvent.Relayed _ -> deadlines.reschedule(handover);
            case DataEvent.ControlReceived(Tunnel tunnel, byte[] _) -> reschedule(tunnel);
            case DataEvent.Confirmed confirmed -> reschedule(confirmed.tunnel());
            case DataEvent.SessionNeeded needed -> reschedule(needed.tunnel());
            case DataEvent.Roamed roamed -> reschedule(roamed.tunnel());
            case DataEvent.Unreachable(int socket) ->
                    links.of(socket).ifPresent(deadlines::reschedule);
        }
    }

    private void reschedule(Tunnel tunnel) {
        links.of(tunnel).ifPresent(deadlines::reschedule);
        clients.of(tunnel).ifPresent(deadlines::reschedule);
    }

    void onTimer(long nowNanos) {
        deadlines.run(nowNanos);
        takeNotices(nowNanos);
    }

    /** Forgets origins that have been away for long. */
    private final class Ageing extends Timed {
        private long nextNanos;

        Ageing(long nowNanos) {
            nextNanos = nowNanos + AGE_INTERVAL_NANOS;
        }

        @Override
        void onDue(long nowNanos) {
            nextNanos = nowNanos + AGE_INTERVAL_NANOS;
            routing.onTopologyChanged();
            clients.noteActivity();
        }

        @Override
        long deadlineNanos() {
            return nextNanos;
        }
    }

    // ---- what sessions say

    private void takeNotices(long nowNanos) {
        for (var notice = effects.nextNotice(); notice.isPresent(); notice = effects.nextNotice()) {
            switch (notice.get()) {
                case Notice.Proven proven -> {
                    links.of(proven.tunnel())
                            .ifPresent(link -> link.onProven(proven.session(), nowNanos));
                    clients.of(proven.tunnel())
                            .ifPresent(session ->
                                    clients.onProven(session, proven.session(), nowNanos));
                    reschedule(proven.tunnel());
                }
                case Notice.Over over ->
                        clients.of(over.tunnel())
                                .ifPresent(
                                        session -> clients.onOver(session, over.cause(), nowNanos));
                case Notice.Initiated(Tunnel tunnel, Tai64n timestamp) ->
                        clients.of(tunnel)
                                .ifPresent(session -> clients.onInitiated(session, timestamp));
                case Notice.Refusal(Refused refused) -> onRefused(refused, nowNanos);
            }
        }
    }

    private void onRefused(Refused refused, long nowNanos) {
        links.of(refused.socket()).ifPresent(link -> link.onRefused(refused, nowNanos));
        refused.tunnel()
                .flatMap(clients::of)
                .ifPresent(session -> clients.onRefused(session, refused, nowNanos));
    }

    // ---- who may own clients

    /** Who may be given clients, with their weights: who is within reach, and does not drain. */
    private Map<Integer, Integer> candidates() {
        return within(/* drainingToo= */ false);
    }

    /** Who takes over: where everyone who is left drains, that is still better than nobody. */
    private Map<Integer, Integer> survivors() {
        Map<Integer, Integer> willing = candidates();
        return willing.isEmpty() ? within(/* drainingToo= */ true) : willing;
    }

    private Map<Integer, Integer> within(boolean drainingToo) {
        var within = new TreeMap<Integer, Integer>();
        databases
                .linkState()
                .loads()
                .forEach((id, load) -> {
                    if (reach.isReachable(id) && (drainingToo || !load.draining())) {
                        within.put(id, load.weight());
                    }
                });
        if (drainingToo || !desired.load().draining()) {
            within.put(desired.selfId(), desired.load().weight());
        }
        return within;
    }

    private TakeOver.Evidence evidence(int controllerId) {
        return links.of(controllerId).map(PeerLink::evidence).orElse(TakeOver.Evidence.NONE);
    }

    private Optional<String> neededForTransit() {
        return Transit.neededFor(desired.selfId(), databases.linkState().graph());
    }

    // ---- the end of a turn

    /** Does, once, what the events of this turn have asked for. */
    void settle(long nowNanos) {
        lastNanos = nowNanos;
        handleHandshakes(nowNanos);
        clients.packs().deriveSome();
        routing.settle(nowNanos);
        onPaths(nowNanos);
        clients.takeOver().startSome(nowNanos);
        takeNotices(nowNanos);
        links.flush(nowNanos);
        List<SharedEntry> news = exchange.takeSharedNews();
        if (!news.isEmpty()) {
            effects.report(new Report.SharedChanged(news));
        }
    }

    private void onPaths(long nowNanos) {
        Reach.Changed changed =
                reach.update(
                        routing.paths().all().keySet(),
                        databases.linkState().graph().keySet(),
                        nowNanos);
        if (!changed.isEmpty()) {
            clients.onReach(changed, nowNanos);
        }
        boolean alone = !desired.peers().isEmpty() && reach.reachable().isEmpty();
        if (isolated != (alone || reach.isSmallerSide())) {
            isolated = !isolated;
            effects.command(new DataCommand.Isolate(isolated));
        }
    }

    private void handleHandshakes(long nowNanos) {
        for (int i = 0; i < HandshakeQueue.PER_TURN; i++) {
            Optional<HandshakeReceived> next = handshakes.next();
            if (next.isEmpty()) {
                return;
            }
            HandshakeReceived message = next.get();
            HandshakeGate gate = message.socket() == 0 ? clientGate : linkGate;
            Optional<SessionMachine> reached =
                    gate.onMessage(
                            message.socket(),
                            message.from(),
                            message.message(),
                            handshakes.isBusy(nowNanos),
                            nowNanos);
            takeNotices(nowNanos);
            reached.ifPresent(machine -> reschedule(machine.tunnel()));
        }
    }

    long nextDeadlineNanos() {
        if (!handshakes.isEmpty() || clients.packs().isBehind()) {
            return Long.MIN_VALUE;
        }
        long next = Math.min(deadlines.nextNanos(), routing.deadlineNanos());
        return Math.min(next, clients.takeOver().nextDeadlineNanos());
    }

    NodeStatus status(long nowNanos) {
        return StatusView.of(
                nowNanos, desired, databases, links, clients, routing, handover.status());
    }

    Topology topology() {
        return new Topology(
                databases.linkState().graph(),
                databases.linkState().heads().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Advertisement::origin, Advertisement::load)));
    }

    NodeCounters counters() {
        return new NodeCounters(
                refusals(clientGate),
                refusals(linkGate),
                handshakes.dropped(),
                links.malformed(),
                databases.ownership().refused()
                        + databases.shared().refused()
                        + databases.linkState().absurd(),
                clients.moves(handover.handedOver()));
    }

    private static Map<Refusal, Long> refusals(HandshakeGate gate) {
        var counts = new EnumMap<Refusal, Long>(Refusal.class);
        for (Refusal reason : Refusal.values()) {
            if (gate.refusals(reason) > 0) {
                counts.put(reason, gate.refusals(reason));
            }
        }
        return counts;
    }
}
