package io.peermesh.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.peermesh.crypto.CipherSuite;
import io.peermesh.crypto.Identity;
import io.peermesh.crypto.JdkAeadProvider;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.Secret;
import io.peermesh.frame.Mem;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.wire.MessageType;
import io.peermesh.wire.TransportHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One controller or client: a gate, its machines, and a packet path small enough to be seen through
 * (seal, open, rotate keys as WireGuard does). Real ciphers, no threads.
 */
final class Host implements SessionOutput {
    final Rig rig;
    final Identity identity;
    final IndexTable indices;
    final HandshakeGate gate;
    final Dialect dialect;
    final Map<PublicKey, SessionMachine> machines = new LinkedHashMap<>();
    final List<String> received = new ArrayList<>();
    final List<Refused> refused = new ArrayList<>();
    final List<Established> established = new ArrayList<>();
    final List<Ended> ended = new ArrayList<>();
    final List<Long> keepalives = new ArrayList<>();
    Endpoint address;
    boolean underLoad;
    int undeliverable;

    private final SessionPorts ports;
    private final Map<Integer, Tunnel> tunnels = new HashMap<>();
    private final Map<Integer, Keypair> keypairs = new HashMap<>();
    private final long frame = Mem.allocate(2048);

    Host(Rig rig, Endpoint address, Dialect dialect, Identity identity, IndexTable indices) {
        this.rig = rig;
        this.address = address;
        this.dialect = dialect;
        this.identity = identity;
        this.indices = indices;
        this.ports = new SessionPorts(indices, new JdkAeadProvider(true), rig.entropy, this);
        this.gate = new HandshakeGate(dialect, identity, this::find, ports);
        rig.hosts.add(this);
    }

    static Host wireGuard(Rig rig, int host) {
        return wireGuard(rig, host, new IndexTable(host, 1000, rig.entropy));
    }

    static Host wireGuard(Rig rig, int host, IndexTable indices) {
        return new Host(
                rig,
                Rig.endpoint(host, 51820),
                new Dialect.WireGuard(),
                Identity.of(Secrets.random(rig.entropy)),
                indices);
    }

    static LinkTerms terms(int id) {
        return new LinkTerms(
                id, new UUID(7, 7), 1, new UUID(1000, id), id * 111L, Set.of(CipherSuite.values()));
    }

    static Host controller(Rig rig, LinkTerms terms) {
        return controller(rig, terms, terms.selfId());
    }

    /** A controller at an address of its own, for two that share an id. */
    static Host controller(Rig rig, LinkTerms terms, int host) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) (terms.selfId() + 10 * terms.generation()));
        return new Host(
                rig,
                Rig.endpoint(host, 1195),
                new Dialect.Link(terms),
                Identity.of(Secret.of(key)),
                new IndexTable(terms.selfId(), 1000, rig.entropy));
    }

    /** Adds the peer of another host; no endpoint yet. */
    SessionMachine peer(Host other, Secret presharedKey, SessionPolicy policy) {
        boolean link = dialect instanceof Dialect.Link;
        int id = other.dialect instanceof Dialect.Link(LinkTerms terms) ? terms.selfId() : 1;
        var tunnel =
                new Tunnel(
                        link ? Tunnel.Kind.LINK : Tunnel.Kind.CLIENT,
                        id,
                        IpAddress.v4(0x0a000001),
                        link ? id : 0,
                        1420);
        var machine =
                new SessionMachine(
                        tunnel,
                        dialect,
                        identity,
                        other.identity.publicKey(),
                        presharedKey,
                        policy,
                        ports);
        machines.put(other.identity.publicKey(), machine);
        return machine;
    }

    SessionMachine peer(Host other, SessionPolicy policy) {
        return peer(other, SessionMachine.noPresharedKey(), policy);
    }

    private Optional<SessionMachine> find(int socket, PublicKey key) {
        return Optional.ofNullable(machines.get(key)).filter(m -> m.tunnel().socket == socket);
    }

    SessionMachine only() {
        return machines.values().iterator().next();
    }

    boolean owns(Endpoint endpoint) {
        return endpoint.equals(address);
    }

    long refusals(Refusal reason) {
        return gate.refusals(reason);
    }

    long nextDeadlineNanos() {
        return machines.values().stream()
                .mapToLong(SessionMachine::nextDeadlineNanos)
                .min()
                .orElse(SessionTimers.NONE);
    }

    void runTimers() {
        for (SessionMachine machine : machines.values()) {
            if (machine.nextDeadlineNanos() <= rig.nowNanos) {
                machine.onTimer(rig.nowNanos, rig.epochNanos());
                if (machine.nextDeadlineNanos() <= rig.nowNanos) {
                    throw new AssertionError("timer is due for ever: " + machine.tunnel());
                }
            }
        }
    }

    // ---- network to host

    void onDatagram(Rig.Datagram datagram) {
        if (!owns(datagram.to())) {
            return;
        }
        if (datagram.type() == MessageType.TRANSPORT) {
            open(datagram);
        } else {
            gate.onMessage(
                    only().tunnel().socket,
                    datagram.from(),
                    datagram.bytes(),
                    underLoad,
                    rig.nowNanos);
        }
    }

    private void open(Rig.Datagram datagram) {
        int length = datagram.bytes().length;
        Mem.copy(datagram.bytes(), 0, frame, length);
        int index = TransportHeader.receiver(frame);
        Keypair keypair = keypairs.get(index);
        Tunnel tunnel = tunnels.get(index);
        if (keypair == null || tunnel == null || !keypair.usable(rig.nowNanos)) {
            undeliverable++;
            return;
        }
        long counter = TransportHeader.counter(frame);
        int sealed = length - TransportHeader.BYTES;
        long body = frame + TransportHeader.BYTES;
        if (!keypair.window.isFresh(counter)
                || !keypair.opener.open(counter, frame, aad(tunnel), body, sealed, body)) {
            undeliverable++;
            return;
        }
        keypair.window.mark(counter);
        accept(tunnel, keypair, Mem.toBytes(body, sealed - 16), datagram.from());
    }

    private void accept(Tunnel tunnel, Keypair keypair, byte[] plain, Endpoint from) {
        tunnel.activity.received(1, plain.length + 32L, plain.length > 0, rig.nowNanos);
        if (plain.length > 0) {
            received.add(new String(plain, US_ASCII));
        }
        SessionMachine machine = machineOf(tunnel);
        if (!machine.endpoint().equals(Optional.of(from))) {
            setEndpoint(tunnel, from);
            machine.onRoamed(from);
        }
        if (keypair.equals(tunnel.next)) {
            retire(tunnel.previous);
            tunnel.previous = tunnel.current;
            tunnel.current = keypair;
            tunnel.next = null;
            machine.onConfirmed(keypair, rig.nowNanos);
        }
    }

    private SessionMachine machineOf(Tunnel tunnel) {
        return machines.values().stream()
                .filter(m -> m.tunnel().equals(tunnel))
                .findFirst()
                .orElseThrow();
    }

    private static int aad(Tunnel tunnel) {
        return tunnel.kind == Tunnel.Kind.LINK ? TransportHeader.BYTES : 0;
    }

    // ---- host to network

    /** Sends data, or asks for a session; false when it could not be sealed. */
    boolean send(Host to, String text) {
        SessionMachine machine = Objects.requireNonNull(machines.get(to.identity.publicKey()));
        boolean sealed = seal(machine.tunnel(), text.getBytes(US_ASCII));
        if (!sealed) {
            machine.onSessionNeeded(rig.nowNanos, rig.epochNanos());
        }
        return sealed;
    }

    private boolean seal(Tunnel tunnel, byte[] plain) {
        Keypair keypair = tunnel.current;
        if (keypair == null || !keypair.usable(rig.nowNanos) || tunnel.endpointPort == 0) {
            return false;
        }
        long counter = keypair.sendCounter++;
        TransportHeader.write(frame, 0, 0, keypair.remoteIndex, counter);
        long body = frame + TransportHeader.BYTES;
        Mem.copy(plain, 0, body, plain.length);
        keypair.sealer.seal(counter, frame, aad(tunnel), body, plain.length, body);
        int length = TransportHeader.BYTES + plain.length + 16;
        tunnel.activity.sent(1, length, plain.length > 0, rig.nowNanos);
        var to =
                new Endpoint(
                        new IpAddress(tunnel.endpointHi, tunnel.endpointLo), tunnel.endpointPort);
        rig.send(address, to, Mem.toBytes(frame, length));
        return true;
    }

    // ---- SessionOutput

    @Override
    public void install(Tunnel tunnel, Keypair keypair) {
        tunnels.put(keypair.localIndex, tunnel);
        keypairs.put(keypair.localIndex, keypair);
        if (!keypair.initiator) {
            retire(tunnel.next);
            retire(tunnel.previous);
            tunnel.previous = null;
            tunnel.next = keypair;
            return;
        }
        retire(tunnel.previous);
        if (tunnel.next != null) {
            retire(tunnel.current);
            tunnel.previous = tunnel.next;
            tunnel.next = null;
        } else {
            tunnel.previous = tunnel.current;
        }
        tunnel.current = keypair;
        seal(tunnel, new byte[0]);
    }

    private void retire(@Nullable Keypair keypair) {
        if (keypair != null) {
            keypair.close();
            keypairs.remove(keypair.localIndex);
            tunnels.remove(keypair.localIndex);
            indices.release(keypair.localIndex);
        }
    }

    @Override
    public void clear(Tunnel tunnel) {
        retire(tunnel.current);
        retire(tunnel.next);
        retire(tunnel.previous);
        tunnel.current = null;
        tunnel.next = null;
        tunnel.previous = null;
    }

    @Override
    public void sendHandshake(int socket, Endpoint to, byte[] message) {
        rig.send(address, to, message);
    }

    @Override
    public void sendKeepalive(Tunnel tunnel) {
        keepalives.add(rig.nowNanos);
        seal(tunnel, new byte[0]);
    }

    @Override
    public void setEndpoint(Tunnel tunnel, Endpoint endpoint) {
        tunnel.endpointHi = endpoint.address().hi();
        tunnel.endpointLo = endpoint.address().lo();
        tunnel.endpointPort = endpoint.port();
    }

    @Override
    public void established(Tunnel tunnel, Established session, long nowNanos) {
        established.add(session);
    }

    @Override
    public void ended(Tunnel tunnel, Ended cause, long nowNanos) {
        ended.add(cause);
    }

    @Override
    public void refused(Refused message) {
        refused.add(message);
    }
}
