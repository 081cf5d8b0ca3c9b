package io.peermesh.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.wire.TransportHeader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Super-packets of the kernel are split and joined as the kernel itself does it. */
class SuperPacketTest {
    private static final int ACK = 0x10;
    private static final int PSH = 0x08;
    private static final int FIN = 0x01;
    private static final int CWR = 0x80;
    private static final int ROUNDS = 150;
    private static final String SELF_V6 = "2001:db8::250";
    private static final String FAR_V6 = "2001:db8:1::9";

    @Test
    void splitsAsTheKernelWould() {
        for (int i = 0; i < ROUNDS; i++) {
            long seed = Long.getLong("seed", 20_260_500L + i);
            var random = new Random(seed);
            try (Lab lab = new Lab()) {
                boolean link = random.nextBoolean();
                Lab.End end = farEnd(lab, link);
                Super given = randomSuper(random, link ? "10.101.0.1" : "10.9.0.1", 1420);

                lab.tun.offer(given.header, given.packet);
                lab.readTun();

                List<Lab.Received> got = end.received();
                assertThat(got.stream().map(SuperPacketTest::filled).toList())
                        .as("seed %d", seed)
                        .containsExactlyElementsOf(Virtio.segments(given.packet, given.gsoSize));
                assertThat(got)
                        .allSatisfy(each -> assertThat(each.flags()).isEqualTo(link ? 1 : 0));
            }
        }
    }

    @Test
    void joinsAgainWhatTheOtherSideHasSplit() {
        for (int i = 0; i < ROUNDS; i++) {
            long seed = Long.getLong("seed", 20_260_600L + i);
            var random = new Random(seed);
            try (Lab near = new Lab();
                    Lab far = new Lab()) {
                Lab.End out = farEnd(near, true);
                Super given = randomSuper(random, "10.101.0.1", 1420);
                far.route("10.9.0.250/32", new NextHop.Unreachable()); // "near" is elsewhere
                Lab.End in = farEnd(far, true);
                far.route("10.9.0.250/32", far.towards(in));
                far.route(SELF_V6 + "/128", far.towards(in));
                far.route("10.101.0.0/16", new NextHop.Local());
                far.route(FAR_V6 + "/128", new NextHop.Local());

                near.tun.offer(given.header, given.packet);
                near.readTun();
                List<Lab.Received> between = out.received();
                offerJoined(far, in, between);
                far.receiveAll();

                List<byte[]> written = far.tun.written;
                assertThat(written.stream().flatMap(each -> Virtio.packets(each).stream()).toList())
                        .as("seed %d", seed)
                        .containsExactlyElementsOf(Virtio.segments(given.packet, given.gsoSize));
                if (given.joinsWhole) {
                    assertThat(written)
                            .as("seed %d", seed)
                            .containsExactly(Virtio.join(given.header, given.packet));
                }
            }
        }
    }

    @Test
    void writesEveryFlowsPacketsInOrderHoweverTheyAreMixed() {
        long joined = 0;
        for (int i = 0; i < ROUNDS / 2; i++) {
            long seed = Long.getLong("seed", 20_260_700L + i);
            joined += new Mixture(seed).run();
        }

        assertThat(joined).as("packets saved by joining").isGreaterThan(5_000);
    }

    @Test
    void joinsNothingWhereTheKernelCannotTakeItApart() {
        try (Lab lab = new Lab()) {
            lab.tun.udpOffload = false;
            Lab.End link = lab.link(1);
            byte[] packet = Packets.udp("10.101.0.1", "10.9.0.250", Packets.bytes(100, 1));

            link.sends(packet, packet);

            assertThat(lab.tun.written).hasSize(2);
        }
    }

    @Test
    void refusesSuperPacketsThatAreNone() {
        try (Lab lab = new Lab()) {
            Lab.End link = lab.link(1);
            byte[] udp = Packets.udp("10.9.0.250", "10.101.0.1", Packets.bytes(3000, 1));
            byte[] ping = Packets.ping("10.9.0.250", "10.101.0.1", 3000);

            lab.tun.offer(Virtio.header(1, 1, 28, 1000, 20, 6), udp); // TCP it is not
            lab.tun.offer(Virtio.header(1, 4, 28, 1000, 20, 6), udp);
            lab.tun.offer(Virtio.header(1, 5, 28, 0, 20, 6), udp); // no size
            lab.tun.offer(Virtio.header(1, 3, 28, 1000, 20, 6), udp); // UFO, never asked for
            lab.tun.offer(Virtio.header(1, 5, 28, 1000, 20, 2), ping);
            lab.readTun();

            assertThat(lab.drops(DropReason.MALFORMED_PACKET)).isEqualTo(5);
            assertThat(link.received()).isEmpty();
        }
    }

    @Test
    void opensTheNextSegmentWhereItBelongs() {
        try (Lab lab = new Lab()) {
            Lab.End client = lab.client(1);
            for (int i = 0; i < 10; i++) {
                byte[] next = segment("10.9.0.1", "10.9.0.250", i, i * 500, ACK, 500);
                lab.sockets[0].offer(client.endpoint, client.seal(next, 0));
            }

            lab.receiveAll();

            assertThat(((TestAead) client.keys.opener).openedElsewhere()).isEqualTo(9);
            assertThat(lab.tun.written).hasSize(1);
            assertThat(Virtio.packets(lab.tun.written.getFirst())).hasSize(10);
        }
    }

    @Test
    void movesBackWhatDoesNotBelongThere() {
        try (Lab lab = new Lab()) {
            Lab.End client = lab.client(1);
            Lab.End link = lab.link(1);
            byte[] first = segment("10.9.0.1", "10.9.0.250", 1, 0, ACK, 500);
            byte[] through = segment("10.9.0.1", "10.101.0.1", 1, 0, ACK, 480);
            byte[] forged = client.seal(segment("10.9.0.1", "10.9.0.250", 2, 500, ACK, 500), 0);
            forged[300] ^= 1;
            byte[] second = segment("10.9.0.1", "10.9.0.250", 2, 500, ACK, 500);

            lab.sockets[0].offer(client.endpoint, client.seal(first, 0));
            lab.sockets[0].offer(client.endpoint, client.seal(through, 0));
            lab.sockets[0].offer(client.endpoint, forged);
            lab.sockets[0].offer(client.endpoint, client.seal(second, 0));
            lab.receiveAll();

            assertThat(link.packets()).containsExactly(Packets.oneHopLess(through));
            assertThat(lab.tun.written).hasSize(1);
            assertThat(Virtio.packets(lab.tun.written.getFirst())).containsExactly(first, second);
        }
    }

    @Test
    void nobodyContinuesAnothersFlow() {
        try (Lab lab = new Lab()) {
            Lab.End client = lab.client(1);
            Lab.End thief = lab.client(2);
            byte[] first = segment("10.9.0.1", "10.9.0.250", 1, 0, ACK, 500);
            byte[] second = segment("10.9.0.1", "10.9.0.250", 2, 500, ACK, 500);

            lab.sockets[0].offer(client.endpoint, client.seal(first, 0));
            lab.sockets[0].offer(thief.endpoint, thief.seal(second, 0));
            lab.receiveAll();

            assertThat(lab.drops(DropReason.SPOOFED_SOURCE)).isEqualTo(1);
            assertThat(lab.tun.written).containsExactly(Virtio.join(new byte[10], first));
        }
    }

    @Test
    void newRoutesApplyToFlowsUnderWay() {
        try (Lab lab = new Lab()) {
            Lab.End client = lab.client(1);
            Lab.End link = lab.link(1);
            lab.route("10.50.0.0/16", new NextHop.Local());
            byte[] first = segment("10.9.0.1", "10.50.0.1", 1, 0, ACK, 500);
            byte[] second = segment("10.9.0.1", "10.50.0.1", 2, 500, ACK, 500);
            lab.sockets[0].offer(client.endpoint, client.seal(first, 0));
            lab.forwarder.receive(0, lab.now);

            lab.route("10.50.0.0/16", lab.towards(link));
            client.sends(second);

            assertThat(lab.tun.written).hasSize(1);
            assertThat(link.packets()).containsExactly(Packets.oneHopLess(second));
        }
    }

    @Test
    void doesNotJoinWhatIsForgedOnTheWayToUs() {
        try (Lab lab = new Lab()) {
            Lab.End client = lab.client(1);
            byte[] first = segment("10.9.0.1", "10.9.0.250", 1, 1000, ACK, 500);
            byte[] second = segment("10.9.0.1", "10.9.0.250", 2, 1500, ACK, 500);
            second[100] ^= 1;

            client.sends(first, second);

            assertThat(lab.tun.written)
                    .containsExactly(
                            Virtio.join(new byte[10], first), Virtio.join(new byte[10], second));
        }
    }

    @Test
    void keepsSendingSuperPacketsInFewCalls() {
        try (Lab lab = new Lab()) {
            Lab.End link = lab.link(1);
            byte[] whole = segment("10.9.0.250", "10.101.0.1", 1, 0, ACK, 60_000);
            for (int i = 0; i < 4; i++) {
                lab.tun.offer(Virtio.header(1, 1, 40, 1380, 20, 16), Packets.unfilled(whole));
            }

            lab.readTun();

            assertThat(lab.sockets[1].calls).hasSize(4);
            assertThat(link.received()).hasSize(4 * 44);
        }
    }

    @Test
    void asksForASmallerMtuInsteadOfSendingSegmentsThatAreTooBig() {
        try (Lab lab = new Lab()) {
            Lab.End link = lab.link(1, 1300);
            byte[] whole = segment("10.9.0.250", "10.101.0.1", 1, 0, ACK, 5000);
            lab.tun.offer(Virtio.header(1, 1, 40, 1380, 20, 16), Packets.unfilled(whole));

            lab.readTun();

            assertThat(lab.drops(DropReason.TOO_BIG)).isEqualTo(1);
            assertThat(link.received()).isEmpty();
            assertThat(lab.tun.written).hasSize(1);
        }
    }

    private static Lab.End farEnd(Lab lab, boolean link) {
        Lab.End end = link ? lab.link(1) : lab.client(1);
        lab.route(FAR_V6 + "/128", lab.towards(end));
        return end;
    }

    private static byte[] segment(
            String from, String to, int id, int sequence, int flags, int payload) {
        return Packets.tcp(
                from, to, id, sequence, flags, new byte[0], Packets.bytes(payload, sequence));
    }

    private static byte[] filled(Lab.Received received) {
        byte[] packet = received.packet();
        if (received.flags() == TransportHeader.FLAG_CHECKSUM_UNFILLED) {
            assertThat(Packets.u16(packet, Packets.checksumAt(packet)))
                    .isEqualTo(Packets.pseudoSum(packet));
            Packets.fillChecksum(packet);
        }
        return packet;
    }

    /** What came out of one lab goes into the next, as one GRO buffer where lengths allow. */
    private static void offerJoined(Lab lab, Lab.End from, List<Lab.Received> datagrams) {
        var buffer = new ByteArrayOutputStream();
        int first = 0;
        for (Lab.Received each : datagrams) {
            byte[] sealed = from.seal(each.plain(), each.flags());
            boolean fits = buffer.size() + sealed.length <= 65507 && sealed.length <= first;
            if (buffer.size() > 0 && (!fits || buffer.size() % first != 0)) {
                lab.sockets[from.tunnel.socket].toReceive.add(
                        new FakeDatagrams.Buffer(from.endpoint, buffer.toByteArray(), first));
                buffer.reset();
            }
            first = buffer.size() == 0 ? sealed.length : first;
            buffer.writeBytes(sealed);
        }
        lab.sockets[from.tunnel.socket].toReceive.add(
                new FakeDatagrams.Buffer(from.endpoint, buffer.toByteArray(), first));
    }

    /** A super-packet as the kernel gives it. */
    private record Super(byte[] header, byte[] packet, int gsoSize, boolean joinsWhole) {}

    private static Super randomSuper(Random random, String toV4, int mtuBytes) {
        boolean v6 = random.nextInt(3) == 0;
        boolean udp = random.nextInt(3) == 0;
        String from = v6 ? SELF_V6 : "10.9.0.250";
        String to = v6 ? FAR_V6 : toV4;
        byte[] options = udp ? new byte[0] : optionBytes(random);
        int headerBytes = (v6 ? 40 : 20) + (udp ? 8 : 20) + options.length;
        int gsoSize = 1 + random.nextInt(mtuBytes - headerBytes);
        int most = Math.min(65535 - headerBytes, gsoSize * (udp ? 60 : 64));
        int payload = Math.min(gsoSize + 1 + random.nextInt(20_000), Math.max(gsoSize, most));
        int flags = ACK | (random.nextBoolean() ? PSH : 0);
        boolean odd = !udp && random.nextInt(4) == 0;
        flags |= odd ? List.of(FIN, CWR, FIN | CWR).get(random.nextInt(3)) : 0;
        byte[] bytes = Packets.bytes(payload, random.nextInt());
        byte[] packet =
                udp
                        ? Packets.udp(from, to, bytes)
                        : Packets.tcp(
                                from,
                                to,
                                random.nextInt(65536),
                                random.nextInt(),
                                flags,
                                random.nextInt(4),
                                options,
                                bytes);
        int type = udp ? 5 : v6 ? 4 : 1;
        type |= (flags & CWR) != 0 && !udp ? 0x80 : 0;
        byte[] header = Virtio.header(1, type, headerBytes, gsoSize, v6 ? 40 : 20, udp ? 6 : 16);
        return new Super(header, Packets.unfilled(packet), gsoSize, !odd && payload > gsoSize);
    }

    private static byte[] optionBytes(Random random) {
        byte[] options = new byte[4 * random.nextInt(11)];
        random.nextBytes(options);
        return options;
    }

    /** Several flows from a client and a link, mixed at random, with every oddity of TCP. */
    private static final class Mixture {
        private static final int FLOWS = 12;

        private final long seed;
        private final Random random;
        private final Lab lab = new Lab();
        private final Lab.End client = lab.client(1);
        private final Lab.End link = lab.link(1);
        private final int[] sequence = new int[FLOWS];
        private final int[] id = new int[FLOWS];
        private final int[] mss = new int[FLOWS];
        private final Map<Integer, List<byte[]>> sent = new HashMap<>();

        Mixture(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            for (int i = 0; i < FLOWS; i++) {
                mss[i] = 1 + random.nextInt(1300);
            }
        }

        long run() {
            for (int i = 0; i < 400; ) {
                int flow = random.nextInt(FLOWS);
                for (int burst = random.nextInt(9); burst >= 0; burst--, i++) {
                    send(flow);
                }
                if (random.nextInt(6) == 0) {
                    lab.receiveAll();
                }
            }
            lab.receiveAll();
            compare();
            long saved = lab.forwarder.counters().tunPackets() - lab.tun.written.size();
            lab.close();
            return saved;
        }

        private void send(int flow) {
            boolean fromLink = flow % 2 == 0;
            Lab.End end = fromLink ? link : client;
            byte[] packet = flow < 8 ? tcp(flow, fromLink) : udp(flow, fromLink);
            sent.computeIfAbsent(flow, key -> new ArrayList<>()).add(packet);
            boolean unfilled = fromLink && random.nextInt(5) != 0;
            byte[] plain = unfilled ? Packets.unfilled(packet) : packet;
            plain = Arrays.copyOf(plain, plain.length + random.nextInt(16));
            lab.sockets[end.tunnel.socket].offer(end.endpoint, end.seal(plain, unfilled ? 1 : 0));
        }

        private byte[] tcp(int flow, boolean fromLink) {
            int payload = random.nextInt(9) == 0 ? random.nextInt(mss[flow] + 1) : mss[flow];
            int flags = random.nextInt(12) == 0 ? random.nextInt(256) & ~2 : ACK;
            sequence[flow] += random.nextInt(20) == 0 ? 100 : 0; // a hole
            byte[] packet =
                    Packets.tcp(
                            source(fromLink),
                            "10.9.0.250",
                            id[flow]++,
                            sequence[flow],
                            flags,
                            random.nextInt(30) == 0 ? 3 : 0,
                            flow % 4 == 1
                                    ? new byte[] {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2}
                                    : new byte[0],
                            Packets.bytes(payload, sequence[flow]));
            sequence[flow] += payload;
            vary(packet);
            return withPort(packet, flow);
        }

        /** Now and then changes what has to be the same in packets that are joined. */
        private void vary(byte[] packet) {
            switch (random.nextInt(60)) {
                case 0 -> packet[31]++; // acknowledgment
                case 1 -> packet[35]++; // window
                case 2 -> packet[39]++; // urgent pointer
                case 3 -> packet[8]--; // TTL
                case 4 -> packet[packet.length - 1]++; // last option or payload
                case 5 -> packet[Math.min(43, packet.length - 1)]++; // option or payload
                default -> {}
            }
            Packets.fixHeader(packet);
        }

        private byte[] udp(int flow, boolean fromLink) {
            int payload = random.nextInt(9) == 0 ? random.nextInt(mss[flow] + 1) : mss[flow];
            byte[] data = Packets.bytes(payload, random.nextInt());
            int fragmentField = flow < 10 ? 0x4000 : 0;
            return withPort(
                    Packets.udp(
                            source(fromLink), "10.9.0.250", 64, fragmentField, id[flow]++, data),
                    flow);
        }

        private static String source(boolean fromLink) {
            return fromLink ? "10.101.0.1" : "10.9.0.1";
        }

        private static byte[] withPort(byte[] packet, int flow) {
            Packets.put16(packet, 20, 10_000 + flow);
            Packets.fillChecksum(packet);
            return packet;
        }

        private void compare() {
            Map<Integer, List<byte[]>> got = new HashMap<>();
            for (byte[] written : lab.tun.written) {
                for (byte[] packet : Virtio.packets(written)) {
                    int flow = Packets.u16(packet, 20) - 10_000;
                    got.computeIfAbsent(flow, key -> new ArrayList<>()).add(packet);
                }
            }
            assertThat(got.keySet()).as("seed %d", seed).isEqualTo(sent.keySet());
            sent.forEach((flow, packets) -> compare(flow, got.getOrDefault(flow, List.of())));
        }

        private void compare(int flow, List<byte[]> got) {
            List<byte[]> wanted = sent.getOrDefault(flow, List.of());
            assertThat(got).as("seed %d, flow %d", seed, flow).hasSameSizeAs(wanted);
            for (int i = 0; i < got.size(); i++) {
                assertThat(idBlind(got.get(i)))
                        .as("seed %d, flow %d, packet %d", seed, flow, i)
                        .isEqualTo(idBlind(wanted.get(i)));
            }
        }

        /** The identification of packets that must not be fragmented means nothing (RFC 6864). */
        private static byte[] idBlind(byte[] packet) {
            if ((packet[6] & 0x40) == 0) {
                return packet;
            }
            byte[] copy = packet.clone();
            Packets.put16(copy, 4, 0);
            Packets.fixHeader(copy);
            return copy;
        }
    }
}
