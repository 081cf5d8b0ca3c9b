package io.peermesh.sim;

import io.peermesh.crypto.Aead;
import io.peermesh.crypto.AeadProvider;
import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.Secret;
import io.peermesh.frame.Mem;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.ReceiveBatch;
import io.peermesh.session.Dialect;
import io.peermesh.session.HandshakeGate;
import io.peermesh.session.IndexTable;
import io.peermesh.session.Keypair;
import io.peermesh.session.SessionMachine;
import io.peermesh.session.SessionOutput;
import io.peermesh.session.SessionPolicy;
import io.peermesh.session.SessionPorts;
import io.peermesh.session.Tunnel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A stock WireGuard client: the session package's machines in the client's role, and a transport of
 * its own, written plainly from the whitepaper, so that the packet path is not its own judge.
 */
final class SimClient implements SessionOutput {
    /** What {@code wg-quick} makes of a clientpack. */
    record Config(
            String name,
            IpAddress overlayAddress,
            Identity self,
            PublicKey gateway,
            Secret presharedKey,
            long keepaliveNanos) {}

    private static final int HEADER_BYTES = 16;
    private static final int MTU_BYTES = 1420;
    private static final int QUEUE_LIMIT = 128;

    private final World world;
    private final SimNet net;
    private final Ledger ledger;
    private final SimMemory memory;
    private final Config config;
    private final Tunnel tunnel;
    private final SessionMachine machine;
    private final HandshakeGate gate;
    private final IndexTable indices;
    private final SimStack stack;
    private final World.Alarm alarm;
    private final World.Alarm readable;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private final List<Keypair> keypairs = new ArrayList<>();
    private Optional<Keypair> current = Optional.empty();
    private Optional<Keypair> next = Optional.empty();
    private SimDatagrams socket;
    private Endpoint gateway;
    private Endpoint handshakeFrom;
    private long clockErrorNanos;
    private int sessions;
    private long dropped;

    SimClient(
            World world,
            SimNet net,
            Ledger ledger,
            SimMemory memory,
            AeadProvider ciphers,
            Config config,
            Endpoint local,
            Endpoint gatewayEndpoint) {
        this.world = world;
        this.net = net;
        this.ledger = ledger;
        this.memory = memory;
        this.config = config;
        this.gateway = gatewayEndpoint;
        handshakeFrom = gatewayEndpoint;
        tunnel = new Tunnel(Tunnel.Kind.CLIENT, 1, config.overlayAddress, 0, MTU_BYTES);
        var entropy = new SeededEntropy(world.random().split());
        indices = new IndexTable(world.random().nextInt(16), 64, entropy);
        var ports = new SessionPorts(indices, ciphers, entropy, this);
        machine =
                new SessionMachine(
                        tunnel,
                        new Dialect.WireGuard(),
                        config.self,
                        config.gateway,
                        config.presharedKey,
                        SessionPolicy.wireGuard(config.keepaliveNanos),
                        ports);
        gate =
                new HandshakeGate(
                        new Dialect.WireGuard(),
                        config.self,
                        (number, key) ->
                                key.equals(config.gateway)
                                        ? Optional.of(machine)
                                        : Optional.empty(),
                        ports);
        stack =
                new SimStack(
                        world,
                        ledger,
                        config.name,
                        CheckedCiphers.NO_CONTROLLER,
                        config.overlayAddress,
                        List.of(),
                        this::sendPacket);
        alarm = world.new Alarm(this::onAlarm);
        readable = world.new Alarm(this::onReadable);
        socket = net.open(config.name, local, () -> readable.at(world.nowNanos()));
        machine.onEndpointSet(gatewayEndpoint, world.nowNanos());
        alarm.at(world.nowNanos());
    }

    SimStack stack() {
        return stack;
    }

    Tunnel tunnel() {
        return tunnel;
    }

    /** Sessions that were proven so far. */
    int sessions() {
        return sessions;
    }

    boolean isConnected() {
        return machine.isUsable(world.nowNanos());
    }

    String name() {
        return config.name;
    }

    /** Packets that waited too long for a session, and datagrams that made no sense. */
    long dropped() {
        return dropped;
    }

    /** Where it sends to: the controller that it heard last, or was pointed at since. */
    Endpoint gateway() {
        return gateway;
    }

    Endpoint local() {
        return socket.local();
    }

    /** The client's network changes: from now on it sends from another address. */
    void move(Endpoint to) {
        socket.close();
        socket = net.open(config.name, to, () -> readable.at(world.nowNanos()));
        world.note(config.name, "moves to " + to);
    }

    /** The operator points the client at another controller. */
    void use(Endpoint newGateway) {
        gateway = newGateway;
        machine.onEndpointSet(newGateway, world.nowNanos());
        world.note(config.name, "uses " + newGateway);
        alarm.at(machine.nextDeadlineNanos());
    }

    /** The machine goes down. */
    void end() {
        machine.stop();
        socket.close();
        dropped += waiting.size();
        waiting.clear();
        ledger.onCrashed(config.name);
    }

    /** Its wall clock is set forward, or back. */
    void stepClock(long byNanos) {
        clockErrorNanos += byNanos;
    }

    private long epochNanos() {
        return world.epochNanos() + clockErrorNanos;
    }

    /** Sends a packet whose source is not this client. */
    void sendForged(IpAddress source, IpAddress to) {
        sendPacket(TestPacket.udp(source.v4Bits(), to.v4Bits(), Ledger.FORGED, 100));
    }

    private void onAlarm() {
        machine.onTimer(world.nowNanos(), epochNanos());
        alarm.at(machine.nextDeadlineNanos());
    }

    // ---- sending

    private void sendPacket(byte[] packet) {
        if (current.isEmpty() || !current.get().usable(world.nowNanos())) {
            if (waiting.size() == QUEUE_LIMIT) {
                waiting.remove();
                dropped++;
            }
            waiting.add(packet);
            machine.onSessionNeeded(world.nowNanos(), epochNanos());
        } else {
            seal(current.get(), packet);
        }
        alarm.at(machine.nextDeadlineNanos());
    }

    private void seal(Keypair keypair, byte[] packet) {
        int padded = Math.min((packet.length + 15) / 16 * 16, Math.max(packet.length, MTU_BYTES));
        long at = memory.scratch();
        Mem.zero(at, HEADER_BYTES + padded);
        Mem.put8(at, 4);
        Mem.put32Le(at + 4, keypair.remoteIndex);
        Mem.put64Le(at + 8, keypair.sendCounter);
        Mem.copy(packet, 0, at + HEADER_BYTES, packet.length);
        keypair.sealer.seal(
                keypair.sendCounter++, 0, 0, at + HEADER_BYTES, padded, at + HEADER_BYTES);
        byte[] datagram = Mem.toBytes(at, HEADER_BYTES + padded + Aead.TAG_BYTES);
        tunnel.activity.sent(1, datagram.length, packet.length > 0, world.nowNanos());
        if (SimNet.fits(gateway, datagram.length)) {
            net.transmit(config.name, socket.local(), gateway, datagram);
        } else {
            net.lose(datagram);
        }
    }

    // ---- receiving

    private void onReadable() {
        ReceiveBatch batch = memory.batch();
        int buffers = socket.receive(batch);
        for (int i = 0; i < buffers; i++) {
            IpAddress address = new IpAddress(batch.sourceHi[i], batch.sourceLo[i]);
            var from = new Endpoint(address, batch.sourcePort[i]);
            byte[] run = Mem.toBytes(batch.address[i], batch.bytes[i]);
            int segment = Math.max(1, batch.segmentBytes[i]);
            for (int at = 0; at < run.length; at += segment) {
                int end = Math.min(run.length, at + segment);
                onDatagram(from, java.util.Arrays.copyOfRange(run, at, end));
            }
        }
        if (buffers > 0) {
            readable.at(world.nowNanos());
        }
        alarm.at(machine.nextDeadlineNanos());
    }

    private void onDatagram(Endpoint from, byte[] datagram) {
        if (datagram.length >= HEADER_BYTES + Aead.TAG_BYTES && datagram[0] == 4) {
            onTransport(from, datagram);
        } else {
            handshakeFrom = from;
            gate.onMessage(0, from, datagram, false, world.nowNanos());
        }
    }

    private void onTransport(Endpoint from, byte[] datagram) {
        long at = memory.scratch();
        Mem.copy(datagram, 0, at, datagram.length);
        if (Mem.i32Le(at) != 4) {
            dropped++; // reserved bits: not WireGuard
            return;
        }
        int index = Mem.i32Le(at + 4);
        long counter = Mem.i64Le(at + 8);
        Optional<Keypair> found = keypairs.stream().filter(k -> k.localIndex == index).findAny();
        if (found.isEmpty()
                || !found.get().usable(world.nowNanos())
                || !found.get().window.isFresh(counter)) {
            dropped++;
            return;
        }
        int sealed = datagram.length - HEADER_BYTES;
        Keypair keypair = found.get();
        if (!keypair.opener.open(counter, 0, 0, at + HEADER_BYTES, sealed, at + HEADER_BYTES)) {
            dropped++;
            return;
        }
        keypair.window.mark(counter);
        if (next.filter(k -> k == keypair).isPresent()) {
            next = Optional.empty();
            use(keypair);
            machine.onConfirmed(keypair, world.nowNanos());
        }
        if (!from.equals(gateway)) {
            gateway = from;
            machine.onRoamed(from);
        }
        int plain = sealed - Aead.TAG_BYTES;
        tunnel.activity.received(1, datagram.length, plain > 0, world.nowNanos());
        if (plain > 0) {
            onPlain(Mem.toBytes(at + HEADER_BYTES, plain));
        }
    }

    private void onPlain(byte[] padded) {
        int bytes = (padded[2] & 0xff) << 8 | (padded[3] & 0xff);
        if (padded[0] >>> 4 != 4 || bytes > padded.length || bytes > MTU_BYTES) {
            throw new AssertionError(config.name + " was sent what is no IPv4 packet of its MTU");
        }
        stack.onPacket(java.util.Arrays.copyOf(padded, bytes));
    }

    // ---- what the session machine wants

    @Override
    public void install(Tunnel ignored, Keypair keypair) {
        keypairs.add(keypair);
        if (!keypair.initiator) {
            next.ifPresent(this::retire);
            next = Optional.of(keypair);
            gateway = handshakeFrom; // as WireGuard does: an initiation that it accepts moves it
            machine.onRoamed(gateway);
            return;
        }
        use(keypair);
        if (waiting.isEmpty()) {
            seal(keypair, new byte[0]);
        }
    }

    /** Keeps these keys and those of before, and sends what has waited. */
    private void use(Keypair keypair) {
        Optional<Keypair> previous = current;
        current = Optional.of(keypair);
        List.copyOf(keypairs).stream()
                .filter(k -> k != keypair && previous.filter(p -> p == k).isEmpty())
                .filter(k -> next.filter(n -> n == k).isEmpty())
                .forEach(this::retire);
        while (!waiting.isEmpty()) {
            seal(keypair, waiting.remove());
        }
    }

    private void retire(Keypair keypair) {
        keypairs.remove(keypair);
        indices.release(keypair.localIndex);
        keypair.close();
    }

    @Override
    public void clear(Tunnel ignored) {
        List.copyOf(keypairs).forEach(this::retire);
        current = Optional.empty();
        next = Optional.empty();
    }

    @Override
    public void sendHandshake(int number, Endpoint to, byte[] message) {
        net.transmit(config.name, socket.local(), to, message);
    }

    @Override
    public void sendKeepalive(Tunnel ignored) {
        current.filter(k -> k.usable(world.nowNanos())).ifPresent(k -> seal(k, new byte[0]));
    }

    @Override
    public void setEndpoint(Tunnel ignored, Endpoint endpoint) {
        gateway = endpoint;
    }

    @Override
    public void established(Tunnel ignored, Established session, long nowNanos) {
        sessions++;
        world.note(config.name, "has session " + sessions);
    }

    @Override
    public void ended(Tunnel ignored, Ended cause, long nowNanos) {
        world.note(config.name, "session over: " + cause);
        dropped += waiting.size();
        waiting.clear();
    }

    @Override
    public void refused(Refused refused) {
        world.note(config.name, "refuses " + refused.reason());
    }
}
