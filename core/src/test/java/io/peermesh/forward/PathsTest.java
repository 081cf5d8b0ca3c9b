package io.peermesh.forward;

import static io.peermesh.forward.Packets.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.frame.Mem;
import io.peermesh.ip.IpAddress;
import io.peermesh.session.Tunnel;
import io.peermesh.testing.Seeds;
import io.peermesh.wire.TransportHeader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PathsTest {
    private static final int FLOWS = 4_000;

    private final long memory = Mem.allocate(2_048);
    private final Packet packet = new Packet();

    @Test
    void spreadsFlowsEvenlyAndKeepsEachOnItsPath() {
        var paths = new Paths(1, Map.of(9, way(List.of(2, 3, 4), List.of(5))));
        var counts = new HashMap<Integer, Integer>();
        for (int flow = 0; flow < FLOWS; flow++) {
            int first = idOf(paths.choose(9, udp(flow, "10.0.0.7", 100)));
            int second = idOf(paths.choose(9, udp(flow, "10.0.0.7", 900)));

            assertThat(second).as("a longer packet of flow %d", flow).isEqualTo(first);
            counts.merge(first, 1, Integer::sum);
        }

        assertThat(counts.keySet()).as("no alternate").containsExactlyInAnyOrder(2, 3, 4);
        assertThat(counts.values()).allMatch(count -> Math.abs(count - FLOWS / 3) < FLOWS / 20);
    }

    @Test
    void spreadsAddressesOfWhatHasNoPorts() {
        var paths = new Paths(1, Map.of(9, way(List.of(2, 3), List.of())));
        var seen = new HashSet<Integer>();
        for (int host = 1; host < 40; host++) {
            byte[] icmp =
                    Packets.raw("10.0.0." + host, "10.0.1.9", 64, 0x4000, 1, 1, bytes(40, host));

            seen.add(idOf(paths.choose(9, parse(icmp))));
        }

        assertThat(seen).containsExactlyInAnyOrder(2, 3);
    }

    @Test
    void allFragmentsOfADatagramTakeOnePath() {
        var paths = new Paths(1, Map.of(9, way(List.of(2, 3), List.of())));
        for (int host = 1; host < 40; host++) {
            String from = "10.0.0." + host;
            byte[] first = Packets.raw(from, "10.0.1.9", 64, 0x2000, 1, 17, bytes(800, 1));
            byte[] later = Packets.raw(from, "10.0.1.9", 64, 0x0064, 1, 17, bytes(300, 2));

            assertThat(idOf(paths.choose(9, parse(later))))
                    .isEqualTo(idOf(paths.choose(9, parse(first))));
        }
    }

    @Test
    void takesTheNextPrimaryThenTheAlternatesInTheirOrder() {
        var paths = new Paths(1, Map.of(9, way(List.of(2, 3), List.of(5, 4))));
        Packet each = udp(1, "10.0.0.7", 100);
        int own = idOf(paths.choose(9, each));
        int other = own == 2 ? 3 : 2;

        visit(each, own);
        assertThat(idOf(paths.choose(9, each))).isEqualTo(other);
        visit(each, other);
        assertThat(idOf(paths.choose(9, each))).isEqualTo(5);
        visit(each, 5);
        assertThat(idOf(paths.choose(9, each))).isEqualTo(4);
        visit(each, 4);
        assertThat(paths.choose(9, each)).isNull();
    }

    @Test
    void goesNowhereTowardsWhereItWasOrNobodyLeads() {
        var paths = new Paths(1, Map.of(9, way(List.of(2), List.of())));
        Packet each = udp(1, "10.0.0.7", 100);

        assertThat(paths.choose(8, each)).isNull();
        assertThat(paths.leadTo(8)).isFalse();
        assertThat(paths.linksTo(8)).isEmpty();
        visit(each, 9);
        assertThat(paths.choose(9, each)).isNull();
        assertThat(paths.leadTo(9)).isTrue();
    }

    @Test
    void refusesAlternatesWithoutAPrimary() {
        assertThatThrownBy(() -> way(List.of(), List.of(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Tables that have nothing to do with each other, as in the worst moment of a change. */
    @Test
    void noPacketComesToAControllerTwiceWhateverTheTablesSay() {
        Seeds.each(400, PathsTest::walkThroughNonsense);
    }

    private static void walkThroughNonsense(long seed) {
        var random = new Random(seed);
        var mesh = new ArrayList<Paths>();
        for (int self = 0; self <= 10; self++) {
            mesh.add(new Paths(self, nonsense(self, random)));
        }
        int target = 1 + random.nextInt(10);
        int at = 1 + random.nextInt(10);
        Packet each = new PathsTest().udp(random.nextInt(60_000), "10.0.0.7", 100);
        Set<Integer> seen = new HashSet<>();
        while (at != target) {
            assertThat(seen.add(at)).as("again at %d", at).isTrue();
            each.visited |= mesh.get(at).selfBit();
            Tunnel next = mesh.get(at).choose(target, each);
            if (next == null) {
                break;
            }
            at = next.id;
        }
    }

    private static Map<Integer, Paths.Way> nonsense(int self, Random random) {
        var ways = new HashMap<Integer, Paths.Way>();
        for (int id = 1; id <= 10; id++) {
            List<Integer> links = new ArrayList<>();
            for (int neighbor = 1; neighbor <= 10; neighbor++) {
                if (neighbor != self && random.nextInt(3) > 0) {
                    links.add(neighbor);
                }
            }
            Collections.shuffle(links, random);
            int primaries = links.isEmpty() ? 0 : 1 + random.nextInt(links.size());
            ways.put(id, way(links.subList(0, primaries), links.subList(primaries, links.size())));
        }
        return ways;
    }

    private Packet udp(int port, String to, int payload) {
        byte[] l4 = new byte[8 + payload];
        Packets.put16(l4, 0, 1024 + port);
        Packets.put16(l4, 2, 53);
        Packets.put16(l4, 4, l4.length);
        return parse(Packets.raw("10.0.0.1", to, 64, 0x4000, 1, 17, l4));
    }

    private Packet parse(byte[] content) {
        Mem.copy(content, 0, memory, content.length);
        assertThat(packet.parse(memory, content.length, /* origin= */ null)).isTrue();
        return packet;
    }

    private static void visit(Packet packet, int id) {
        packet.visited |= TransportHeader.visitedBit(id);
    }

    private static int idOf(@Nullable Tunnel tunnel) {
        return tunnel == null ? 0 : tunnel.id;
    }

    private static Paths.Way way(List<Integer> primaries, List<Integer> alternates) {
        return new Paths.Way(links(primaries), links(alternates));
    }

    private static List<Tunnel> links(List<Integer> ids) {
        return ids.stream().map(PathsTest::link).toList();
    }

    private static Tunnel link(int id) {
        return new Tunnel(Tunnel.Kind.LINK, id, IpAddress.literal("10.9.0." + id), id, 1420);
    }
}
