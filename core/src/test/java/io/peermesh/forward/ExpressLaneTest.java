package io.peermesh.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.forward.NextHop.Towards;
import io.peermesh.ip.Prefix;
import io.peermesh.session.Tunnel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** From tunnel to tunnel, against {@link SlowRouter}, byte by byte. */
class ExpressLaneTest {
    private static final int ROUNDS = 60;
    private static final int PACKETS = 150;

    @Test
    void doesWhatTheSlowRouterDoesHoweverDatagramsAreJoined() {
        var seen = EnumSet.noneOf(DropReason.class);
        long fragments = 0;
        for (int i = 0; i < ROUNDS; i++) {
            var round = new Round(Long.getLong("seed", 20_260_400L + i));
            round.run();
            seen.addAll(round.expectedDrops.keySet());
            fragments += round.lab.forwarder.counters().packets(TrafficPath.FRAGMENT);
        }

        assertThat(seen).as("the rounds reach all decisions").hasSize(8);
        assertThat(fragments).isGreaterThan(ROUNDS);
    }

    @Test
    void sendsWhatCameTogetherInOneCall() {
        try (Lab lab = new Lab()) {
            Lab.End from = lab.client(1);
            Lab.End to = lab.link(2);
            var joined = new ByteArrayOutputStream();
            for (int i = 0; i < 40; i++) {
                int bytes = i < 39 ? 1392 : 500;
                byte[] packet = Packets.udp("10.9.0.1", "10.102.0.1", Packets.bytes(bytes, i));
                joined.writeBytes(from.seal(packet, 0));
            }
            lab.sockets[0].toReceive.add(
                    new FakeDatagrams.Buffer(from.endpoint, joined.toByteArray(), 1452));

            lab.receiveAll();

            assertThat(lab.sockets[2].calls).hasSize(1);
            assertThat(to.received()).hasSize(40);
        }
    }

    @Test
    void splitsARunWhereTheNextHopChanges() {
        try (Lab lab = new Lab()) {
            Lab.End from = lab.client(1);
            Lab.End one = lab.link(2);
            Lab.End two = lab.client(3);
            var joined = new ByteArrayOutputStream();
            for (String to : List.of("10.102.0.1", "10.102.0.1", "10.9.0.3", "10.102.0.1")) {
                joined.writeBytes(from.seal(Packets.udp("10.9.0.1", to, Packets.bytes(100, 1)), 0));
            }
            lab.sockets[0].toReceive.add(
                    new FakeDatagrams.Buffer(from.endpoint, joined.toByteArray(), 160));

            lab.receiveAll();

            assertThat(lab.sockets[2].calls).hasSize(2);
            assertThat(one.received()).hasSize(3);
            assertThat(two.received()).hasSize(1);
        }
    }

    /** One mesh with random MTUs, and random packets through it. */
    private static final class Round {
        private final long seed;
        private final Random random;
        private final Lab lab = new Lab(true, new ForwarderSettings(1_000_000, 1_000_000));
        private final List<Lab.End> ends = new ArrayList<>();
        private final Map<Tunnel, List<SlowRouter.Leaving>> expected = new HashMap<>();
        private final Map<DropReason, Integer> expectedDrops = new EnumMap<>(DropReason.class);
        private final SlowRouter slow;

        Round(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            for (int i = 1; i <= 3; i++) {
                ends.add(lab.client(i, 576 + random.nextInt(1000)));
                ends.add(lab.link(i, 576 + random.nextInt(1000)));
            }
            lab.route("10.77.0.0/16", new NextHop.Unreachable());
            addPaths();
            slow = new SlowRouter(lab.routes, lab.ways);
        }

        /** Random links, in random roles, towards some of ten controllers; none towards others. */
        private void addPaths() {
            for (int id = 1; id <= 9; id++) {
                lab.routes.put(Prefix.literal("10." + (100 + id) + ".0.0/16"), new Towards(id));
                List<Tunnel> links = new ArrayList<>();
                for (Lab.End end : ends) {
                    if (end.tunnel.kind == Tunnel.Kind.LINK && random.nextInt(4) != 0) {
                        links.add(end.tunnel);
                    }
                }
                Collections.shuffle(links, random);
                lab.ways.remove(id);
                if (!links.isEmpty()) {
                    int primaries = 1 + random.nextInt(links.size());
                    lab.ways.put(
                            id,
                            new Paths.Way(
                                    links.subList(0, primaries),
                                    links.subList(primaries, links.size())));
                }
            }
            lab.publish();
        }

        void run() {
            int left = PACKETS;
            while (left > 0) {
                left -= offerBatch(left);
            }
            for (Lab.End end : ends) {
                compare(end);
            }
            for (DropReason reason : DropReason.values()) {
                assertThat(lab.drops(reason))
                        .as("seed %d, %s", seed, reason)
                        .isEqualTo(expectedDrops.getOrDefault(reason, 0).longValue());
            }
            lab.close();
        }

        /** Up to ten buffers on one socket, so that a receive call takes several. */
        private int offerBatch(int limit) {
            Lab.End first = ends.get(random.nextInt(ends.size()));
            int socket = first.tunnel.socket;
            int count = offerBuffer(first, limit);
            for (int i = random.nextInt(10); i > 0 && count < limit; i--) {
                Lab.End from = ends.get(random.nextInt(ends.size()));
                count += from.tunnel.socket == socket ? offerBuffer(from, limit - count) : 0;
            }
            lab.receiveAll();
            return count;
        }

        /** A GRO buffer of 1..12 datagrams of one length, the last maybe shorter. */
        private int offerBuffer(Lab.End from, int limit) {
            int count = 1 + random.nextInt(Math.min(limit, 12));
            int plainBytes = 20 + random.nextInt(random.nextBoolean() ? 200 : 1480);
            var joined = new ByteArrayOutputStream();
            for (int i = 0; i < count; i++) {
                boolean last = i == count - 1;
                int bytes = last ? 1 + random.nextInt(plainBytes) : plainBytes;
                int flags = from.tunnel.kind == Tunnel.Kind.LINK ? random.nextInt(2) : 0;
                Set<Integer> visited =
                        from.tunnel.kind == Tunnel.Kind.LINK ? someControllers() : Set.of();
                byte[] plain = plain(from, bytes);
                joined.writeBytes(from.seal(plain, flags, bits(visited), from.counter++));
                expect(slow.route(from.tunnel, flags, visited, plain));
            }
            lab.sockets[from.tunnel.socket].toReceive.add(
                    new FakeDatagrams.Buffer(from.endpoint, joined.toByteArray(), plainBytes + 32));
            return count;
        }

        private Set<Integer> someControllers() {
            Set<Integer> some = new TreeSet<>();
            for (int id = 1; id <= 9; id++) {
                if (random.nextInt(6) == 0) {
                    some.add(id);
                }
            }
            return some;
        }

        private static int bits(Set<Integer> controllers) {
            return controllers.stream().mapToInt(id -> 1 << (id - 1)).sum();
        }

        private List<SlowRouter.Leaving> expected(Tunnel tunnel) {
            return expected.computeIfAbsent(tunnel, key -> new ArrayList<>());
        }

        private void expect(SlowRouter.Outcome outcome) {
            if (outcome.reason() != null) {
                expectedDrops.merge(outcome.reason(), 1, Integer::sum);
            }
            for (SlowRouter.Leaving leaving : outcome.leaving()) {
                expected(leaving.to()).add(leaving);
            }
        }

        /** Mostly a good packet of at most so many bytes with padding behind it; never control. */
        private byte[] plain(Lab.End from, int bytes) {
            int padding = Math.min(random.nextInt(20), Math.max(0, bytes - 28));
            int packetBytes = bytes - padding;
            if (packetBytes < 28 || random.nextInt(30) == 0) {
                byte[] junk = new byte[bytes];
                random.nextBytes(junk);
                junk[0] = 0x45;
                return junk;
            }
            byte[] packet = packet(from, packetBytes);
            byte[] plain = Arrays.copyOf(packet, bytes);
            for (int i = packetBytes; i < bytes; i++) {
                plain[i] = (byte) random.nextInt();
            }
            return plain;
        }

        private byte[] packet(Lab.End from, int bytes) {
            byte[] l4 = new byte[bytes - 20];
            random.nextBytes(l4);
            int protocol = List.of(17, 6, 1, 47).get(random.nextInt(4));
            if (protocol == 17) {
                Packets.put16(l4, 4, random.nextInt(9) == 0 ? random.nextInt(2000) : l4.length);
            } else if (protocol == 6 && l4.length > 13) {
                l4[12] = (byte) ((random.nextInt(9) == 0 ? random.nextInt(16) : 5) << 4);
                l4[13] &= ~2; // SYN has a test of its own
            }
            int fragment = List.of(0, 0x4000, 0x4000, 0x2000, 0x0010).get(random.nextInt(5));
            int ttl = random.nextInt(10) == 0 ? random.nextInt(3) : 64;
            return Packets.raw(source(from), anyAddress(), ttl, fragment, 99, protocol, l4);
        }

        private String source(Lab.End from) {
            if (random.nextInt(6) == 0) {
                return anyAddress();
            }
            return from.tunnel.kind == Tunnel.Kind.LINK
                    ? "10." + (100 + from.tunnel.id) + ".3.3"
                    : from.tunnel.overlayAddress.toString();
        }

        private String anyAddress() {
            return switch (random.nextInt(9)) {
                case 0 -> "8.8.8.8";
                case 1 -> "10.77.1.1";
                case 2, 3 -> "10.9.0." + (251 + random.nextInt(3));
                case 4, 5 -> "10." + (101 + random.nextInt(9)) + ".1.9";
                default -> "10.9.0." + (1 + random.nextInt(3));
            };
        }

        private void compare(Lab.End end) {
            List<Lab.Received> got = new ArrayList<>(end.received());
            got.sort(Comparator.comparingLong(Lab.Received::counter)); // the order of sealing
            List<SlowRouter.Leaving> wanted = expected(end.tunnel);
            for (int i = 0; i < Math.min(got.size(), wanted.size()); i++) {
                assertThat(got.get(i).plain())
                        .as("seed %d, packet %d to %s", seed, i, end.tunnel)
                        .isEqualTo(wanted.get(i).plain());
                assertThat(got.get(i).flags())
                        .as("seed %d, flags of packet %d to %s", seed, i, end.tunnel)
                        .isEqualTo(wanted.get(i).flags());
                assertThat(got.get(i).visited())
                        .as("seed %d, way of packet %d to %s", seed, i, end.tunnel)
                        .isEqualTo(bits(wanted.get(i).visited()));
            }
            assertThat(got).as("seed %d, to %s", seed, end.tunnel).hasSameSizeAs(wanted);
        }
    }
}
