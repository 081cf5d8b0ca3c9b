package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.TopologyKeys;
import io.peermesh.crypto.X25519;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.session.Dialect;
import io.peermesh.session.SessionMachine;
import io.peermesh.session.SessionOutput.Ended;
import io.peermesh.session.SessionPolicy;
import io.peermesh.session.SessionPorts;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Tai64n;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * The clients' side of a node: who may connect, who is connected here, and the claims and releases
 * that follow. A proven session here claims the client; somebody else's newer record silences ours.
 */
final class Clients {
    /** Key derivations per turn, about 10 ms: thousands of packs are configured at once. */
    static final int DERIVED_PER_TURN = 50;

    /** Handshakes that we start per turn with clients of our former life. */
    static final int CALLED_BACK_PER_TURN = 8;

    private final Env env;
    private final Map<IpAddress, ClientSession> byAddress = new LinkedHashMap<>();
    private final Map<PublicKey, ClientSession> byKey = new HashMap<>();
    private final Map<Tunnel, ClientSession> byTunnel = new HashMap<>();
    private final Queue<ClientSession> underived = new ArrayDeque<>();
    private final Queue<Ownership> toCallBack = new ArrayDeque<>();

    /**
     * What the clients need of the node.
     *
     * @param self the gateway identity
     * @param flood tells all peers of a changed record
     * @param routesChanged called when a client came or went
     */
    record Env(
            Identity self,
            TopologyKeys keys,
            SessionPorts ports,
            Effects effects,
            WallClock wallClock,
            Deadlines deadlines,
            OwnershipTable ownership,
            Flood flood,
            Runnable routesChanged) {}

    Clients(Env env) {
        this.env = env;
    }

    // ---- configuration

    /** Adds and removes clients; those that did not change go on. */
    void configure(List<Desired.Client> wanted, long nowNanos) {
        var wantedByAddress = new LinkedHashMap<IpAddress, Desired.Client>();
        wanted.forEach(client -> wantedByAddress.put(client.overlayAddress(), client));
        for (ClientSession session : List.copyOf(byAddress.values())) {
            if (!session.client.equals(wantedByAddress.get(session.address()))) {
                remove(session, nowNanos);
            }
        }
        for (Desired.Client client : wantedByAddress.values()) {
            if (!byAddress.containsKey(client.overlayAddress())) {
                add(client);
            }
        }
        env.routesChanged().run();
    }

    private void add(Desired.Client client) {
        var session = new ClientSession(client, this);
        byAddress.put(client.overlayAddress(), session);
        byTunnel.put(session.tunnel, session);
        underived.add(session);
    }

    private void remove(ClientSession session, long nowNanos) {
        letGo(session, "the clientpack was disabled or changed", nowNanos);
        byAddress.remove(session.address());
        byTunnel.remove(session.tunnel);
        session.publicKey.ifPresent(byKey::remove);
    }

    /** Derives the public keys of some clients that were added; they can connect from then on. */
    void deriveSome() {
        for (int i = 0; i < DERIVED_PER_TURN && !underived.isEmpty(); i++) {
            ClientSession session = underived.remove();
            Desired.Client client = session.client;
            if (byAddress.get(client.overlayAddress()) != session) {
                continue; // removed meanwhile
            }
            PublicKey key =
                    X25519.publicKey(
                            env.keys()
                                    .clientKey(
                                            client.overlayAddress().v4Bits(),
                                            client.packGeneration()));
            session.publicKey = Optional.of(key);
            byKey.put(key, session);
        }
    }

    /**
     * Starts handshakes with some of those who were connected here before we restarted: a client
     * that only listens would not notice for two minutes.
     */
    void callSomeBack(long nowNanos) {
        if (hasUnderived()) {
            return;
        }
        for (int i = 0; i < CALLED_BACK_PER_TURN && !toCallBack.isEmpty(); i++) {
            Ownership former = toCallBack.remove();
            of(former.client())
                    .filter(session -> !session.connected)
                    .ifPresent(session -> callBack(session, former, nowNanos));
        }
    }

    private void callBack(ClientSession session, Ownership former, long nowNanos) {
        if (env.ownership().ownerOf(former.client()) != OwnershipTable.NOBODY
                || former.endpoint().isEmpty()
                || session.publicKey.isEmpty()) {
            return;
        }
        SessionMachine machine = machineOf(session, session.publicKey.get());
        machine.onEndpointSet(former.endpoint().get(), nowNanos);
        machine.startHandshake(nowNanos, env.wallClock().epochNanos(nowNanos));
        env.deadlines().reschedule(session);
    }

    /** Whether there is more to do than one turn shall take. */
    boolean isBehind() {
        return hasUnderived() || !toCallBack.isEmpty();
    }

    private boolean hasUnderived() {
        return !underived.isEmpty();
    }

    // ---- sessions

    /** The machine of the client with this key, made if necessary. */
    Optional<SessionMachine> machineOf(PublicKey key) {
        ClientSession session = byKey.get(key);
        return session == null ? Optional.empty() : Optional.of(machineOf(session, key));
    }

    private SessionMachine machineOf(ClientSession session, PublicKey key) {
        if (session.machine.isEmpty()) {
            Desired.Client client = session.client;
            session.machine =
                    Optional.of(
                            new SessionMachine(
                                    session.tunnel,
                                    new Dialect.WireGuard(),
                                    env.self(),
                                    key,
                                    env.keys()
                                            .clientPresharedKey(
                                                    client.overlayAddress().v4Bits(),
                                                    client.packGeneration()),
                                    SessionPolicy.GATEWAY,
                                    env.ports()));
        }
        return session.machine.get();
    }

    Optional<ClientSession> of(Tunnel tunnel) {
        return Optional.ofNullable(byTunnel.get(tunnel));
    }

    Optional<ClientSession> of(IpAddress address) {
        return Optional.ofNullable(byAddress.get(address));
    }

    /** Every client that may connect; a view. */
    Collection<ClientSession> all() {
        return Collections.unmodifiableCollection(byAddress.values());
    }

    /** Ends the session of a client that is connected here; it may connect again at once. */
    void disconnect(IpAddress client, long nowNanos) {
        of(client)
                .filter(session -> session.connected)
                .ifPresent(session -> letGo(session, "disconnected by the operator", nowNanos));
    }

    /** Does what is due for one client. */
    void onDue(ClientSession session, long nowNanos) {
        session.machine.ifPresent(
                machine -> machine.onTimer(nowNanos, env.wallClock().epochNanos(nowNanos)));
        boolean usable = session.machine.filter(machine -> machine.isUsable(nowNanos)).isPresent();
        if (session.connected && !usable && session.idleDeadlineNanos() <= nowNanos) {
            letGo(
                    session,
                    "silent for %d s".formatted(ClientSession.IDLE_NANOS / 1_000_000_000L),
                    nowNanos);
        }
    }

    /** A session was proven: the client is connected here. */
    void onProven(ClientSession session, long nowNanos) {
        Optional<Endpoint> endpoint = session.machine.flatMap(SessionMachine::endpoint);
        if (!session.connected) {
            session.connected = true;
            env.routesChanged().run();
            endpoint.ifPresent(
                    from -> env.effects().report(new Report.ClientUp(session.address(), from)));
        }
        if (env.ownership().ownerOf(session.address()) != env.flood().selfId()) {
            claim(session, nowNanos);
        } else {
            endpoint.flatMap(from -> env.ownership().roamed(session.address(), from))
                    .ifPresent(this::tell);
        }
    }

    private void claim(ClientSession session, long nowNanos) {
        tell(
                env.ownership()
                        .claim(
                                session.address(),
                                session.machine.flatMap(SessionMachine::endpoint),
                                Tai64n.NONE,
                                env.wallClock().epochMillis(nowNanos)));
        env.routesChanged().run();
    }

    private void tell(Ownership record) {
        env.flood().client(record.client(), Flood.TO_ALL);
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
    }

    // ---- ownership

    /**
     * A newer record came from a peer.
     *
     * @param record as it is in the table now
     */
    void onRecord(Ownership record, long nowNanos) {
        Optional<ClientSession> session = of(record.client());
        boolean connectedHere = session.isPresent() && session.get().connected;
        if (record.owner() == OwnershipTable.NOBODY) {
            session.filter(each -> each.connected).ifPresent(each -> claim(each, nowNanos));
        } else if (record.owner() == env.flood().selfId()) {
            onOwnOldRecord(record, session, connectedHere, nowNanos);
        } else if (connectedHere) {
            silence(session.get(), "moved to controller " + record.owner());
        }
        env.routesChanged().run();
    }

    /** It was made by us in a former life. */
    private void onOwnOldRecord(
            Ownership record,
            Optional<ClientSession> session,
            boolean connectedHere,
            long nowNanos) {
        if (connectedHere) {
            claim(session.get(), nowNanos);
        } else {
            tell(env.ownership().release(record.client(), env.wallClock().epochMillis(nowNanos)));
            if (session.isPresent() && toCallBack.size() < OwnershipTable.MAX_RECORDS) {
                toCallBack.add(record);
            }
        }
    }

    private void letGo(ClientSession session, String cause, long nowNanos) {
        boolean wasConnected = session.connected;
        silence(session, cause);
        if (wasConnected && env.ownership().ownerOf(session.address()) == env.flood().selfId()) {
            tell(env.ownership().release(session.address(), env.wallClock().epochMillis(nowNanos)));
        }
    }

    /** Wipes our keys, so that the client hears nothing more from here. */
    private void silence(ClientSession session, String cause) {
        env.deadlines().cancel(session);
        session.machine.ifPresent(SessionMachine::stop);
        session.machine = Optional.empty();
        if (session.connected) {
            session.connected = false;
            env.effects().report(new Report.ClientDown(session.address(), cause));
            env.routesChanged().run();
        }
    }

    /** Forgets the last timestamp of a client, whoever owns it. */
    void resetTimestamp(IpAddress client, long nowNanos) {
        env.ownership()
                .forgetTimestamp(client, env.wallClock().epochMillis(nowNanos))
                .ifPresent(this::tell);
        of(client).flatMap(session -> session.machine).ifPresent(SessionMachine::forgetTimestamp);
    }

    NodeCounters.Moves moves() {
        return new NodeCounters.Moves(0, 0, 0, 0, 0, env.ownership().absurd());
    }

    /** Ends all sessions without a word to anybody. */
    void stop() {
        byAddress.values().forEach(session -> session.machine.ifPresent(SessionMachine::stop));
    }
}
