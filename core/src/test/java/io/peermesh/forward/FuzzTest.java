package io.peermesh.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Nothing that arrives makes the path fail, whoever sent it. Every memory access is checked while
 * tests run, so that a read past a region would show.
 */
class FuzzTest {
    private static final int ROUNDS = 100_000;

    private final long seed = Long.getLong("seed", 20_260_800L);
    private final Random random = new Random(seed);

    @Test
    void survivesRandomDatagrams() {
        try (Lab lab = new Lab()) {
            Lab.End client = lab.client(1);
            Lab.End link = lab.link(2);
            for (int i = 0; i < ROUNDS; i++) {
                byte[] datagram = random.nextInt(3) == 0 ? junk(200) : damaged(client, link);
                lab.sockets[random.nextInt(4)].offer(client.endpoint, datagram);
                if (i % 16 == 0) {
                    receive(lab, i);
                }
            }
            receive(lab, ROUNDS);

            assertThat(lab.tun.written).as("seed %d", seed).isEmpty();
            assertThat(lab.drops(DropReason.NOT_AUTHENTIC)).isGreaterThan(1000);
        }
    }

    @Test
    void survivesWhatAMaliciousEndSealsItself() {
        try (Lab lab = new Lab(true, new ForwarderSettings(1_000_000, 1_000_000))) {
            List<Lab.End> ends =
                    List.of(lab.client(1), lab.client(2, 576), lab.link(1), lab.link(2, 700));
            for (int i = 0; i < ROUNDS; i++) {
                Lab.End end = ends.get(random.nextInt(ends.size()));
                int flags = end.tunnel.socket == 0 ? 0 : random.nextInt(2);
                lab.sockets[end.tunnel.socket].offer(end.endpoint, end.seal(evil(end), flags));
                if (i % 16 == 0) {
                    receive(lab, i);
                    forgetOutput(lab);
                }
            }

            assertThat(lab.forwarder.counters().packets(TrafficPath.EXPRESS))
                    .as("seed %d", seed)
                    .isGreaterThan(1000);
            assertThat(lab.forwarder.counters().packets(TrafficPath.TO_LOCAL)).isGreaterThan(1000);
            assertThat(lab.forwarder.counters().packets(TrafficPath.FRAGMENT)).isGreaterThan(1000);
        }
    }

    @Test
    void survivesAnythingThatTheTunGives() {
        try (Lab lab = new Lab()) {
            Lab.End client = lab.client(1, 600);
            lab.link(1);
            for (int i = 0; i < ROUNDS / 2; i++) {
                byte[] header = junk(10, 10);
                header[1] = (byte) random.nextInt(7);
                header[4] |= 64; // not thousands of pieces each time
                lab.tun.offer(header, random.nextInt(9) == 0 ? junk(100) : evil(client));
                lab.tun.toRead.add(junk(12));
                if (i % 16 == 0) {
                    lab.readTun();
                    forgetOutput(lab);
                }
            }

            assertThat(lab.forwarder.counters().packets(TrafficPath.FROM_LOCAL))
                    .as("seed %d", seed)
                    .isGreaterThan(1000);
        }
    }

    private void receive(Lab lab, int round) {
        try {
            lab.receiveAll();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", before round " + round, e);
        }
    }

    private static void forgetOutput(Lab lab) {
        lab.tun.written.clear();
        for (FakeDatagrams socket : lab.sockets) {
            socket.calls.clear();
        }
        lab.events.clear();
    }

    private byte[] junk(int maxBytes) {
        return junk(0, maxBytes);
    }

    private byte[] junk(int minBytes, int maxBytes) {
        byte[] bytes = new byte[minBytes + random.nextInt(maxBytes - minBytes + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A genuine datagram with some bytes changed, or cut short. */
    private byte[] damaged(Lab.End client, Lab.End link) {
        Lab.End end = random.nextBoolean() ? client : link;
        byte[] datagram = end.seal(junk(1, 80), 0);
        if (random.nextBoolean()) {
            return java.util.Arrays.copyOf(datagram, random.nextInt(datagram.length));
        }
        datagram[random.nextInt(datagram.length)] ^= (byte) (1 + random.nextInt(255));
        return datagram;
    }

    /** A packet that is half right: addresses that lead somewhere, the rest as it falls. */
    private byte[] evil(Lab.End from) {
        byte[] l4 = junk(random.nextInt(4) == 0 ? 1400 : 60);
        int protocol = List.of(6, 17, 1, 44, 0).get(random.nextInt(5));
        if (protocol == 6 && l4.length > 13) {
            l4[12] = (byte) (random.nextInt(16) << 4);
            l4[13] &= (byte) (random.nextBoolean() ? 0x18 : 0xff);
        }
        if (protocol == 17 && l4.length > 8 && random.nextBoolean()) {
            Packets.put16(l4, 4, l4.length);
        }
        boolean v6 = random.nextInt(6) == 0;
        String source =
                v6
                        ? "2001:db8::1"
                        : from.tunnel.socket == 0
                                ? from.tunnel.overlayAddress.toString()
                                : "10." + (100 + from.tunnel.id) + ".0.1";
        String destination =
                v6
                        ? "2001:db8::2"
                        : List.of("10.9.0.250", "10.9.0.1", "10.9.0.2", "10.101.0.1", "10.102.0.2")
                                .get(random.nextInt(5));
        int fragment = List.of(0x4000, 0, 0x2000, random.nextInt(65536)).get(random.nextInt(4));
        byte[] packet =
                Packets.raw(source, destination, random.nextInt(9), fragment, 1, protocol, l4);
        if (!v6 && packet.length >= 24 && random.nextInt(4) == 0) {
            int words = 5 + random.nextInt(Math.min(10, (packet.length - 20) / 4) + 1);
            packet[0] = (byte) (0x40 | words);
            Packets.fixHeader(packet);
        }
        return packet;
    }
}
