package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.TopologyKeys;
import io.peermesh.forward.DataCommand;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.Report.MoveCause;
import io.peermesh.node.TakeOver.Job;
import io.peermesh.session.Dialect;
import io.peermesh.session.Refusal;
import io.peermesh.session.SessionMachine;
import io.peermesh.session.SessionOutput.Ended;
import io.peermesh.session.SessionOutput.Established;
import io.peermesh.session.SessionOutput.Refused;
import io.peermesh.session.SessionPolicy;
import io.peermesh.session.SessionPorts;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Tai64n;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * The clients' side of a node: who may connect, who is connected here, and the claims and releases
 * that follow. A proven session here claims the client; somebody else's newer record fences ours.
 *
 * <pre>
 *              handshake of the client, or ours (see {@link TakeOver}), proven
 *   +-----------+ ------------------------------------------------&gt; +-----------+
 *   | elsewhere |                                                    | connected |
 *   +-----------+ &lt;-- 60 s -- +--------+ &lt;-- a newer record -------- +-----------+
 *                             | fenced |                                   | silent, disabled
 *                             +--------+                                   v
 *                   opens, forwards, sends nothing                   nobody's record
 * </pre>
 */
final class Clients {
    /** Packets of a client that has moved are opened for this long; its keys are wiped then. */
    static final long FENCED_NANOS = 60_000_000_000L;

    private final Env env;
    private final TakeOver takeOver;
    private final Packs packs;
    private final List<IpAddress> untold = new ArrayList<>();
    private final Twins twins = new Twins();
    private final Arrivals arrivals;
    private final Strays strays;
    private long yielded;

    /**
     * What the clients need of the node.
     *
     * @param self the gateway identity
     * @param candidates who may own clients now, with their weights
     * @param evidence what is known of a controller that may be gone
     * @param flood tells all peers of a changed record
     * @param routesChanged called when a client came or went
     */
    record Env(
            Identity self,
            TopologyKeys keys,
            SessionPorts ports,
            Effects effects,
            MeshClock clock,
            Reach reach,
            Supplier<Map<Integer, Integer>> candidates,
            IntFunction<TakeOver.Evidence> evidence,
            Deadlines deadlines,
            OwnershipTable ownership,
            Flood flood,
            Runnable routesChanged) {}

    Clients(Env env) {
        this.env = env;
        packs = new Packs(env.keys());
        arrivals = new Arrivals(env.flood().selfId(), env.effects());
        strays = new Strays(this::all, session -> env.effects().sendKeepalive(session.tunnel));
        takeOver =
                new TakeOver(
                        new TakeOver.Env(
                                env.flood().selfId(),
                                new Calls(this, env),
                                env.ownership(),
                                env.reach(),
                                env.candidates(),
                                env.evidence()));
    }

    // ---- configuration

    /** Adds and removes clients; those that did not change go on. */
    void configure(List<Desired.Client> wanted, long nowNanos) {
        packs.configure(
                wanted,
                this,
                session -> letGo(session, "the clientpack was disabled or changed", nowNanos));
        env.routesChanged().run();
    }

    Packs packs() {
        return packs;
    }

    // ---- sessions

    /** The machine of the client with this key, made if necessary. */
    Optional<SessionMachine> machineOf(PublicKey key, long nowNanos) {
        return packs.of(key).map(session -> machineOf(session, nowNanos));
    }

    /** The machine of this client, made if necessary. */
    SessionMachine machineOf(ClientSession session, long nowNanos) {
        if (session.machine.isEmpty()) {
            SessionMachine made = make(session);
            session.machine = Optional.of(made);
            env.ownership().find(session.address()).ifPresent(record -> inform(made, record));
            keepTwinOut(session, made, nowNanos);
        }
        return session.machine.get();
    }

    private SessionMachine make(ClientSession session) {
        int bits = session.address().v4Bits();
        return new SessionMachine(
                session.tunnel,
                new Dialect.WireGuard(),
                env.self(),
                packs.publicKey(session),
                env.keys().clientPresharedKey(bits, session.client.packGeneration()),
                SessionPolicy.GATEWAY,
                env.ports());
    }

    private static void inform(SessionMachine machine, Ownership record) {
        machine.raiseTimestamp(record.gatewayTimestamp());
        machine.knowTimestamp(record.clientTimestamp());
    }

    Optional<ClientSession> of(Tunnel tunnel) {
        return packs.of(tunnel);
    }

    Optional<ClientSession> of(IpAddress address) {
        return packs.of(address);
    }

    /** Controllers were lost, or have returned: clients may send to those that do not own them. */
    void onReach(Reach.Changed changed, long nowNanos) {
        changed.returned().forEach(id -> strays.onReturned(id, nowNanos));
        changed.lost().forEach(id -> strays.onLost(id, nowNanos));
        env.deadlines().reschedule(strays);
        takeOver.onReturned(changed.returned());
        takeOver.onLost(changed.lost(), nowNanos);
    }

    /** Every client that may connect; a view. */
    Collection<ClientSession> all() {
        return packs.all();
    }

    /**
     * The wall clock for our handshakes with clients. On the smaller side of a cut they bear the
     * lowest timestamps that the client accepts: who was called by the other side ignores them.
     */
    private long stampNanos(long nowNanos) {
        return env.reach().isSmallerSide() ? 0 : env.clock().epochNanos(nowNanos);
    }

    /** A packet wants to go to a client, and there are no keys. */
    void onSessionNeeded(ClientSession session, long nowNanos) {
        session.machine.ifPresent(m -> m.onSessionNeeded(nowNanos, stampNanos(nowNanos)));
    }

    /** Ends the session of a client that is connected here; it may connect again at once. */
    void disconnect(IpAddress client, long nowNanos) {
        of(client)
                .filter(session -> session.connected)
                .ifPresent(session -> letGo(session, "disconnected by the operator", nowNanos));
    }

    /** Does what is due for one client. */
    void onDue(ClientSession session, long nowNanos) {
        session.machine.ifPresent(machine -> machine.onTimer(nowNanos, stampNanos(nowNanos)));
        if (session.fencedUntilNanos <= nowNanos) {
            session.fencedUntilNanos = Deadlines.NONE;
            if (session.machine.isEmpty()) {
                env.effects().command(new DataCommand.Clear(session.tunnel));
            }
        }
        if (session.mustConfirm(nowNanos)) {
            env.effects().sendKeepalive(session.tunnel);
        }
        boolean usable = session.machine.filter(machine -> machine.isUsable(nowNanos)).isPresent();
        boolean silent = session.idleDeadlineNanos() <= nowNanos;
        if (session.connected && silent && (!usable || session.twin)) {
            long seconds = (session.twin ? Twins.SILENT_NANOS : ClientSession.IDLE_NANOS);
            letGo(session, "silent for %d s".formatted(seconds / 1_000_000_000L), nowNanos);
        }
    }

    /** Notes who carried data since the last look; such clients are taken over first. */
    void noteActivity() {
        for (ClientSession session : packs.all()) {
            session.noteActivity();
            env.ownership().active(session.address(), session.active).ifPresent(this::tell);
        }
    }

    TakeOver takeOver() {
        return takeOver;
    }

    /** We have sent an initiation to a client. */
    void onInitiated(ClientSession session, Tai64n timestamp) {
        env.ownership().sent(session.address(), timestamp).ifPresent(this::tell);
    }

    // ---- what sessions say

    /** A session was proven: the client is connected here. */
    void onProven(ClientSession session, Established proven, long nowNanos) {
        Optional<Job> call = takeOver.onProven(session, proven.initiator());
        Optional<Endpoint> endpoint = session.machine.flatMap(SessionMachine::endpoint);
        int former = env.ownership().ownerOf(session.address());
        session.fencedUntilNanos = Deadlines.NONE;
        if (call.isPresent()) {
            session.startConfirming(nowNanos);
        }
        if (!session.connected) {
            session.connected = true;
            session.connectedNanos = nowNanos;
            session.formerOwner = former;
            env.routesChanged().run();
            endpoint.ifPresent(
                    from -> arrivals.on(session.address(), former, from, call, nowNanos));
        }
        if (former != env.flood().selfId()) {
            claim(session, proven.timestamp(), call, nowNanos);
        } else if (env.reach().hasLost()) {
            // Someone whom we cannot hear may have claimed it in between: ours is the newest
            // session.
            long wallMillis = env.clock().epochMillis(nowNanos);
            Tai64n timestamp = proven.timestamp();
            tell(env.ownership().claim(session.address(), endpoint, timestamp, wallMillis));
        } else {
            env.ownership().accepted(session.address(), proven.timestamp()).ifPresent(this::tell);
            endpoint.flatMap(from -> env.ownership().roamed(session.address(), from))
                    .ifPresent(this::tell);
        }
        if (!proven.initiator()) {
            endpoint.ifPresent(from -> watch(session, from, nowNanos));
        }
    }

    /**
     * The client is ours from now on. While it is handed over, its former owner goes on until it
     * hears of it, which it shall not before our forwarding table knows.
     */
    private void claim(ClientSession session, Tai64n timestamp, Optional<Job> call, long nowNanos) {
        Optional<Endpoint> endpoint = session.machine.flatMap(SessionMachine::endpoint);
        long wallMillis = env.clock().epochMillis(nowNanos);
        env.effects().command(new DataCommand.Move(session.tunnel, 0));
        Ownership record =
                env.ownership().claim(session.address(), endpoint, timestamp, wallMillis);
        env.routesChanged().run();
        if (call.flatMap(Job::cause).filter(cause -> cause != MoveCause.TAKE_OVER).isPresent()) {
            untold.add(session.address());
        } else {
            tell(record);
        }
    }

    private void tell(Ownership record) {
        env.flood().client(record.client(), Flood.TO_ALL);
    }

    /** The forwarding table is as the records say: now the peers may know, too. */
    void onRoutesPublished() {
        untold.forEach(client -> env.flood().client(client, Flood.TO_ALL));
        untold.clear();
    }

    /** The client is heard from another outer address. */
    void onRoamed(ClientSession session, Endpoint endpoint) {
        session.machine.ifPresent(machine -> machine.onRoamed(endpoint));
        if (session.connected) {
            env.ownership().roamed(session.address(), endpoint).ifPresent(this::tell);
        }
    }

    /** The machine gave the session up, or its keys were wiped. */
    void onOver(ClientSession session, Ended cause, long nowNanos) {
        if (session.connected && cause == Ended.EXPIRED) {
            letGo(session, "no new keys for 9 minutes", nowNanos);
        }
        if (cause == Ended.GAVE_UP) {
            takeOver.onGaveUp(session.address())
                    .filter(_ -> !session.connected)
                    .ifPresent(job -> onUnreachable(session, job, nowNanos));
        }
    }

    /** The first-ranked says so for all: the client has to call by itself. */
    private void onUnreachable(ClientSession session, Job job, long nowNanos) {
        dropMachine(session);
        boolean orphan = job.cause().equals(Optional.of(MoveCause.TAKE_OVER));
        if (orphan && job.rank() == 0) {
            String cause = "it does not answer; it may be behind a NAT that lets only its owner in";
            env.effects()
                    .report(new Report.ClientUnreachable(session.address(), job.from(), cause));
            tell(env.ownership().release(session.address(), env.clock().epochMillis(nowNanos)));
            env.routesChanged().run();
        }
    }

    /** An initiation of the client was refused. */
    void onRefused(ClientSession session, Refused refused, long nowNanos) {
        boolean older = refused.reason() == Refusal.REPLAYED && !refused.detail().isEmpty();
        if (older && nowNanos >= session.quietUntilNanos) {
            session.quietUntilNanos = nowNanos + ClientSession.NEWS_NANOS;
            long seconds = Long.parseLong(refused.detail());
            env.effects()
                    .report(new Report.ClientClockBack(session.address(), refused.from(), seconds));
        }
    }

    // ---- two machines with one pack

    private void watch(ClientSession session, Endpoint from, long nowNanos) {
        twins.onSession(session.address(), from, nowNanos)
                .filter(_ -> session.connected)
                .map(f -> new Report.PackOnTwoMachines(session.address(), f.kept(), f.refused()))
                .ifPresent(env.effects()::report);
        session.machine.ifPresent(machine -> keepTwinOut(session, machine, nowNanos));
    }

    /** Where two machines use the pack, only the one that is connected is answered. */
    private void keepTwinOut(ClientSession session, SessionMachine machine, long nowNanos) {
        session.twin = twins.has(session.address(), nowNanos);
        Optional<Endpoint> kept =
                env.ownership()
                        .find(session.address())
                        .filter(record -> record.owner() != OwnershipTable.NOBODY)
                        .flatMap(Ownership::endpoint);
        machine.answerOnly(session.twin ? kept : Optional.empty());
    }

    // ---- ownership

    /**
     * A newer record came from a peer.
     *
     * @param record as it is in the table now
     * @param former what was in the table before
     */
    void onRecord(Ownership record, Optional<Ownership> former, long nowNanos) {
        Optional<ClientSession> session = of(record.client());
        boolean connectedHere = session.isPresent() && session.get().connected;
        if (record.owner() == OwnershipTable.NOBODY) {
            session.filter(each -> each.connected)
                    .ifPresent(each -> claim(each, Tai64n.NONE, Optional.empty(), nowNanos));
        } else if (record.owner() == env.flood().selfId()) {
            onOwnOldRecord(record, connectedHere, nowNanos);
        } else if (connectedHere) {
            fence(session.get(), record.owner(), nowNanos);
        }
        session.ifPresent(each -> onTimestamps(each, record, former, nowNanos));
        takeOver.onRecord(record, nowNanos);
        env.routesChanged().run();
    }

    /**
     * Another controller has sent an initiation to a client of ours: one that returned, and did not
     * know yet. If the client has answered, its session with us is not the newest: we begin one.
     */
    void onCalledByOther(Ownership record, long nowNanos) {
        of(record.client())
                .filter(session -> session.connected && record.heir() == OwnershipTable.NOBODY)
                .ifPresent(session -> {
                    session.machine.ifPresent(machine -> {
                        inform(machine, record);
                        machine.startHandshake(nowNanos, stampNanos(nowNanos));
                    });
                    env.deadlines().reschedule(session);
                });
    }

    private void onTimestamps(
            ClientSession session, Ownership record, Optional<Ownership> former, long nowNanos) {
        Tai64n before = former.map(Ownership::clientTimestamp).orElse(Tai64n.NONE);
        boolean newSession = record.clientTimestamp().compareTo(before) > 0;
        session.machine.ifPresent(machine -> {
            if (record.clientTimestamp().equals(Tai64n.NONE)) {
                machine.forgetTimestamp();
            }
            inform(machine, record);
        });
        if (newSession) {
            record.endpoint().ifPresent(from -> watch(session, from, nowNanos));
        } else if (record.owner() == OwnershipTable.NOBODY) {
            session.machine.ifPresent(machine -> keepTwinOut(session, machine, nowNanos));
        }
    }

    /** It was made by us in a former life, or somebody had its timestamp forgotten. */
    private void onOwnOldRecord(Ownership record, boolean connectedHere, long nowNanos) {
        if (!connectedHere) {
            tell(env.ownership().release(record.client(), env.clock().epochMillis(nowNanos)));
            takeOver.callBack(record, nowNanos);
        }
    }

    /**
     * Asks another controller to take a client over; {@link OwnershipTable#NOBODY} takes it back.
     */
    void bequeath(IpAddress client, int heir) {
        env.ownership().bequeath(client, heir).ifPresent(this::tell);
        of(client)
                .filter(session -> session.connected)
                .ifPresent(
                        session -> env.effects().command(new DataCommand.Move(session.tunnel, 0)));
    }

    /** Somebody else has the client: we send it nothing more, and pass on what is under way. */
    private void fence(ClientSession session, int owner, long nowNanos) {
        yielded++;
        env.effects().command(new DataCommand.Move(session.tunnel, owner));
        session.machine.ifPresent(SessionMachine::retire);
        session.machine = Optional.empty();
        session.fencedUntilNanos = nowNanos + FENCED_NANOS;
        disconnected(session, "moved to controller " + owner);
        env.deadlines().reschedule(session);
    }

    private void letGo(ClientSession session, String cause, long nowNanos) {
        boolean wasConnected = session.connected;
        env.deadlines().cancel(session);
        session.machine.ifPresent(SessionMachine::stop);
        session.machine = Optional.empty();
        session.fencedUntilNanos = Deadlines.NONE;
        disconnected(session, cause);
        if (wasConnected && env.ownership().ownerOf(session.address()) == env.flood().selfId()) {
            tell(env.ownership().release(session.address(), env.clock().epochMillis(nowNanos)));
        }
    }

    private void disconnected(ClientSession session, String cause) {
        if (session.connected) {
            session.connected = false;
            session.active = false;
            env.effects().report(new Report.ClientDown(session.address(), cause));
            env.routesChanged().run();
        }
    }

    /** Ends a handshake, but not what keys of before may still open. */
    void dropMachine(ClientSession session) {
        boolean fenced = session.fencedUntilNanos != Deadlines.NONE;
        session.machine.ifPresent(fenced ? SessionMachine::retire : SessionMachine::stop);
        session.machine = Optional.empty();
    }

    /** Forgets the last timestamp of a client, whoever owns it. */
    void resetTimestamp(IpAddress client, long nowNanos) {
        env.ownership()
                .forgetTimestamp(client, env.clock().epochMillis(nowNanos))
                .ifPresent(this::tell);
        of(client).flatMap(session -> session.machine).ifPresent(SessionMachine::forgetTimestamp);
    }

    NodeCounters.Moves moves(long handedOver) {
        return new NodeCounters.Moves(
                arrivals.takenOver(),
                handedOver,
                arrivals.moved(),
                yielded,
                takeOver.failed(),
                env.ownership().absurd());
    }

    /** Ends all sessions without a word to anybody. */
    void stop() {
        packs.all().forEach(session -> session.machine.ifPresent(SessionMachine::stop));
    }
}
