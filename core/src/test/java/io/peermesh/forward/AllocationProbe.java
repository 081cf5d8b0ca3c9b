package io.peermesh.forward;

import com.sun.management.ThreadMXBean;
import io.peermesh.frame.Mem;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.ip.PrefixTable;
import io.peermesh.port.Datagrams;
import io.peermesh.port.ReceiveBatch;
import io.peermesh.port.Tun;
import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.TransportHeader;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Measures the garbage of the packet path. Run by {@link AllocationTest} in a class loader of its
 * own without assertions, since the checks of {@link Mem} make garbage themselves.
 */
public final class AllocationProbe implements LongSupplier {
    private static final int PER_BUFFER = 40;
    private static final int PACKETS_PER_TURN = 3 * PER_BUFFER * ReceiveBatch.CAPACITY;
    private static final IpAddress SELF = IpAddress.literal("10.9.0.250");

    private final long plain = Mem.allocate(70_000);
    private final Tunnel client = tunnel(Tunnel.Kind.CLIENT, "10.9.0.1", 0);
    private final Tunnel link = tunnel(Tunnel.Kind.LINK, "10.9.0.251", 1);
    private long written;

    /** Loaded by name. */
    public AllocationProbe() {}

    /**
     * Forwards at least 100,000 packets on each of three paths.
     *
     * @return bytes allocated, after warming up
     */
    @Override
    public long getAsLong() {
        var forwarder =
                new Forwarder(
                        Optional.of(new EndlessTun()),
                        event -> true,
                        ForwarderSettings.defaults(),
                        Arena.global());
        forwarder.setSocket(0, new Endless(0x77, 11, false, "10.9.0.1", "10.101.0.1"));
        forwarder.setSocket(1, new Endless(0x88, 33, true, "10.101.0.1", "10.9.0.250"));
        install(forwarder, client, 0x77, 11);
        install(forwarder, link, 0x88, 33);
        var routes =
                Map.<Prefix, NextHop>of(
                        Prefix.host(SELF), new NextHop.Local(),
                        Prefix.literal("10.9.0.1/32"), new NextHop.Via(client),
                        Prefix.literal("10.101.0.0/16"), new NextHop.Towards(1));
        var way = new Paths.Way(List.of(link, link), List.of()); // two, so that flows are hashed
        var paths = new Paths(10, Map.of(1, way));
        var fib = new Fib(PrefixTable.of(routes), Prefix.literal("10.9.0.0/24"), SELF, paths);
        forwarder.execute(new DataCommand.Publish(fib), 1);

        turn(forwarder, 150_000);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long turns = turn(forwarder, 300_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        check(forwarder, turns);
        return allocated;
    }

    private long turn(Forwarder forwarder, int packets) {
        long now = 1;
        for (int i = 0; i < packets; i += PACKETS_PER_TURN) {
            forwarder.receive(0, now);
            forwarder.receive(1, now);
            forwarder.readTun(ReceiveBatch.CAPACITY, now);
            forwarder.flush(now);
            now += 1_000;
        }
        return packets / PACKETS_PER_TURN;
    }

    private void check(Forwarder forwarder, long turns) {
        Counters counters = forwarder.counters();
        long each = turns * PER_BUFFER * ReceiveBatch.CAPACITY;
        if (counters.drops() > 0
                || counters.packets(TrafficPath.EXPRESS) < each
                || counters.packets(TrafficPath.FROM_LOCAL) < each
                || counters.packets(TrafficPath.TO_LOCAL) < each
                || written == 0) {
            throw new AssertionError("the probe did not forward what it should");
        }
    }

    private static Tunnel tunnel(Tunnel.Kind kind, String address, int socket) {
        return new Tunnel(kind, 1, IpAddress.literal(address), socket, 1420);
    }

    private static void install(Forwarder forwarder, Tunnel tunnel, int index, long key) {
        var endpoint = new io.peermesh.ip.Endpoint(IpAddress.literal("192.0.2.9"), 4000);
        var keypair = new Keypair(index, 5, true, 0, new TestAead(key + 1), new TestAead(key));
        forwarder.execute(new DataCommand.SetEndpoint(tunnel, endpoint), 1);
        forwarder.execute(new DataCommand.Install(tunnel, keypair), 1);
    }

    /** TCP segments of one flow, freshly sealed, without end. */
    private final class Endless implements Datagrams {
        private static final int PAYLOAD = 80;

        private final int index;
        private final TestAead sealer;
        private final boolean onLink;
        private final byte[] packet;
        private long counter;
        private int sequence;

        Endless(int index, long key, boolean onLink, String from, String to) {
            this.index = index;
            this.sealer = new TestAead(key);
            this.onLink = onLink;
            this.packet = Packets.tcp(from, to, 1, 0, 16, new byte[0], new byte[PAYLOAD]);
        }

        @Override
        public int receive(ReceiveBatch batch) {
            for (int i = 0; i < ReceiveBatch.CAPACITY; i++) {
                for (int j = 0; j < PER_BUFFER; j++) {
                    seal(batch.address[i] + (long) j * (packet.length + 32));
                }
                batch.bytes[i] = PER_BUFFER * (packet.length + 32);
                batch.segmentBytes[i] = packet.length + 32;
                batch.sourceHi[i] = 0;
                batch.sourceLo[i] = 0xffff_c000_0209L;
                batch.sourcePort[i] = 4000;
            }
            return ReceiveBatch.CAPACITY;
        }

        private void seal(long at) {
            Mem.copy(packet, 0, plain, packet.length);
            Mem.put32Be(plain + 24, sequence);
            sequence += PAYLOAD;
            TransportHeader.write(at, onLink ? 1 : 0, 0, index, counter);
            sealer.seal(counter++, at, onLink ? 16 : 0, plain, packet.length, at + 16);
        }

        @Override
        public int send(
                long toHi, long toLo, int toPort, long address, int bytes, int segmentBytes) {
            written += bytes;
            return 0;
        }

        @Override
        public void close() {}
    }

    /** One super-packet for the client, without end. */
    private final class EndlessTun implements Tun {
        private final byte[] superPacket =
                Virtio.join(
                        Virtio.header(1, 1, 40, 80, 20, 16),
                        Packets.unfilled(
                                Packets.tcp(
                                        "10.9.0.250",
                                        "10.9.0.1",
                                        1,
                                        0,
                                        16,
                                        new byte[0],
                                        new byte[80 * PER_BUFFER])));

        @Override
        public int read(long address) {
            Mem.copy(superPacket, 0, address, superPacket.length);
            return superPacket.length;
        }

        @Override
        public boolean write(long address, int bytes) {
            written += bytes;
            return true;
        }

        @Override
        public boolean offloads() {
            return true;
        }

        @Override
        public boolean udpOffload() {
            return true;
        }

        @Override
        public void close() {}
    }
}
