package io.peermesh.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.crypto.Aead;
import io.peermesh.crypto.CipherSuite;
import io.peermesh.crypto.JdkAeadProvider;
import io.peermesh.frame.Mem;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.ip.PrefixTable;
import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.TransportHeader;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A forwarder on a bench: sockets and TUN in memory, the other ends of its tunnels in the test's
 * hands. Our overlay address is 10.9.0.250, clients are 10.9.0.N, links lead to 10.9.0.(250 + id)
 * and to 10.id.0.0/16.
 */
final class Lab implements AutoCloseable {
    static final long SECOND = 1_000_000_000L;
    static final IpAddress SELF = IpAddress.literal("10.9.0.250");
    static final int SELF_ID = 10;

    final Arena arena = Arena.ofConfined();
    final FakeTun tun = new FakeTun();
    final FakeDatagrams[] sockets = new FakeDatagrams[Forwarder.SOCKETS];
    final List<DataEvent> events = new ArrayList<>();
    final Map<Prefix, NextHop> routes = new HashMap<>();
    final Map<Integer, Paths.Way> ways = new HashMap<>();
    final Forwarder forwarder;
    Optional<CipherSuite> suite = Optional.empty(); // for keys made from now on
    boolean eventQueueFull;
    long now = 100 * SECOND;

    private final long scratch = Mem.allocate(arena, 70_000);
    int nextIndex = 0x1000_0001;

    Lab() {
        this(true, ForwarderSettings.defaults());
    }

    Lab(boolean withTun, ForwarderSettings settings) {
        forwarder =
                new Forwarder(
                        withTun ? Optional.of(tun) : Optional.empty(),
                        event -> !eventQueueFull && events.add(event),
                        settings,
                        arena);
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] = new FakeDatagrams();
            forwarder.setSocket(i, sockets[i]);
        }
        routes.put(Prefix.host(SELF), new NextHop.Local());
        publish();
    }

    static Lab withoutTun() {
        return new Lab(false, ForwarderSettings.defaults());
    }

    static Endpoint endpoint(String text) {
        return Endpoint.parse(text).orElseThrow();
    }

    void publish() {
        var fib =
                new Fib(
                        PrefixTable.of(routes),
                        Prefix.literal("10.9.0.0/24"),
                        SELF,
                        new Paths(SELF_ID, ways));
        forwarder.execute(new DataCommand.Publish(fib), now);
    }

    void route(String prefix, NextHop hop) {
        routes.put(Prefix.literal(prefix), hop);
        publish();
    }

    /** A client with keys, known endpoint and route. */
    End client(int number, int mtuBytes) {
        var address = IpAddress.literal("10.9.0." + number);
        var end = new End(new Tunnel(Tunnel.Kind.CLIENT, number, address, 0, mtuBytes));
        routes.put(Prefix.host(address), new NextHop.Via(end.tunnel));
        publish();
        end.connect();
        return end;
    }

    End client(int number) {
        return client(number, 1420);
    }

    /** A link with keys, known endpoint and routes. */
    End link(int id, int mtuBytes) {
        var address = IpAddress.literal("10.9.0." + (250 + id));
        var end = new End(new Tunnel(Tunnel.Kind.LINK, id, address, id, mtuBytes));
        routes.put(Prefix.host(address), new NextHop.Towards(id));
        routes.put(Prefix.literal("10." + (100 + id) + ".0.0/16"), new NextHop.Towards(id));
        ways.put(id, new Paths.Way(List.of(end.tunnel), List.of()));
        publish();
        end.connect();
        return end;
    }

    /** What leads to this end. */
    NextHop towards(End end) {
        return end.tunnel.kind == Tunnel.Kind.LINK
                ? new NextHop.Towards(end.tunnel.id)
                : new NextHop.Via(end.tunnel);
    }

    End link(int id) {
        return link(id, 1420);
    }

    private Aead cipher(long key) {
        if (suite.isEmpty()) {
            return new TestAead(key);
        }
        byte[] bytes = ByteBuffer.allocate(32).putLong(key).putLong(24, ~key).array();
        return new JdkAeadProvider(true).create(suite.get(), bytes);
    }

    void receiveAll() {
        for (int i = 0; i < sockets.length; i++) {
            while (forwarder.receive(i, now)) {}
        }
        forwarder.flush(now);
    }

    void readTun() {
        while (forwarder.readTun(64, now)) {}
        forwarder.flush(now);
    }

    long drops(DropReason reason) {
        return forwarder.counters().drops(reason);
    }

    <T extends DataEvent> List<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        arena.close();
    }

    /** The other end of one of the forwarder's tunnels. */
    final class End {
        final Tunnel tunnel;
        Endpoint endpoint;
        Keypair keys; // the forwarder's
        private long key;
        private Aead sealer = new TestAead(0);
        private Aead opener = new TestAead(0);
        long counter;

        End(Tunnel tunnel) {
            this.tunnel = tunnel;
            this.endpoint =
                    new Endpoint(
                            IpAddress.literal("192.0.2." + (tunnel.id + 10 * tunnel.socket % 200)),
                            1000 + tunnel.id);
            this.keys = newKeys(true);
        }

        private Keypair newKeys(boolean initiator) {
            int index = nextIndex++;
            key = index * 77L;
            sealer = cipher(key);
            opener = cipher(-key);
            counter = 0;
            return new Keypair(index, ~index, initiator, now, cipher(-key), cipher(key));
        }

        /** Installs keys as if the forwarder had started the handshake; swallows the keepalive. */
        void connect() {
            forwarder.execute(new DataCommand.SetEndpoint(tunnel, endpoint), now);
            rekey(true);
            sockets[tunnel.socket].calls.clear();
        }

        /** New keys; this end uses them from now on. */
        Keypair rekey(boolean initiator) {
            keys = newKeys(initiator);
            forwarder.execute(new DataCommand.Install(tunnel, keys), now);
            return keys;
        }

        /** One datagram as this end would send it. */
        byte[] seal(byte[] plain, int flags) {
            return seal(plain, flags, counter++);
        }

        byte[] seal(byte[] plain, int flags, long withCounter) {
            return seal(plain, flags, /* visited= */ 0, withCounter);
        }

        byte[] seal(byte[] plain, int flags, int visited, long withCounter) {
            TransportHeader.write(scratch, flags, visited, keys.localIndex, withCounter);
            Mem.copy(plain, 0, scratch + 16, plain.length);
            int aad = tunnel.kind == Tunnel.Kind.LINK ? 16 : 0;
            sealer.seal(withCounter, scratch, aad, scratch + 16, plain.length, scratch + 16);
            return Mem.toBytes(scratch, plain.length + 32);
        }

        /** Sends packets to the forwarder, each in a buffer of its own, and lets it work. */
        void sends(byte[]... packets) {
            for (byte[] packet : packets) {
                sockets[tunnel.socket].offer(endpoint, seal(packet, 0));
            }
            receiveAll();
        }

        void sendsRaw(byte[] datagram) {
            sockets[tunnel.socket].offer(endpoint, datagram);
            receiveAll();
        }

        /** Opens what the forwarder has sent to this end since the last call. */
        List<Received> received() {
            List<Received> list = new ArrayList<>();
            FakeDatagrams socket = sockets[tunnel.socket];
            for (FakeDatagrams.Sent call : List.copyOf(socket.calls)) {
                if (call.to().equals(endpoint)) {
                    socket.calls.remove(call);
                    call.datagrams().forEach(datagram -> list.add(open(datagram)));
                }
            }
            return list;
        }

        /** The plain texts of {@link #received}, cut to their IP length. */
        List<byte[]> packets() {
            return received().stream().map(Received::packet).toList();
        }

        Received open(byte[] datagram) {
            Mem.copy(datagram, 0, scratch, datagram.length);
            assertThat(TransportHeader.isValid(scratch, datagram.length)).isTrue();
            assertThat(TransportHeader.receiver(scratch)).isEqualTo(keys.remoteIndex);
            int aad = tunnel.kind == Tunnel.Kind.LINK ? 16 : 0;
            long sentCounter = TransportHeader.counter(scratch);
            assertThat(
                            opener.open(
                                    sentCounter,
                                    scratch,
                                    aad,
                                    scratch + 16,
                                    datagram.length - 16,
                                    scratch + 16))
                    .as("authentic")
                    .isTrue();
            return new Received(
                    TransportHeader.flags(scratch),
                    TransportHeader.visited(scratch),
                    sentCounter,
                    Mem.toBytes(scratch + 16, datagram.length - 32));
        }
    }

    /** What an end got. */
    record Received(int flags, int visited, long counter, byte[] plain) {
        byte[] packet() {
            if (plain.length == 0 || plain[0] >>> 4 == 0) {
                return plain;
            }
            int length =
                    plain[0] >>> 4 == 4
                            ? ((plain[2] & 255) << 8) | (plain[3] & 255)
                            : 40 + (((plain[4] & 255) << 8) | (plain[5] & 255));
            return java.util.Arrays.copyOf(plain, length);
        }
    }
}
