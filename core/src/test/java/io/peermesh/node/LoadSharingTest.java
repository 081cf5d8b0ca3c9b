package io.peermesh.node;

import static io.peermesh.node.Pipe.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.clients.OwnershipTable.Limits;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Tai64n;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Controller 1 has all clients, and two others have none; heirs claim what they are offered. */
class LoadSharingTest {
    private static final int CLIENTS = 60;
    private static final int PER_MINUTE = 6;
    private static final long MINUTE = 60 * SECOND;
    private static final Optional<Endpoint> ANYWHERE = Endpoint.parse("192.0.2.7:4000");

    private final Parts parts = new Parts(new Pipe(1), 1, 3);
    private final OwnershipTable ownership = parts.databases.ownership();
    private final Map<Integer, Integer> weights = new TreeMap<>(Map.of(1, 10, 2, 10, 3, 10));
    private final List<Long> moved = new ArrayList<>();
    private final List<IpAddress> movedClients = new ArrayList<>();
    private final Map<Integer, Integer> heirs = new TreeMap<>();
    private Handover handover = withLimit(PER_MINUTE);
    private long now;

    LoadSharingTest() {
        List<Desired.Client> packs =
                IntStream.rangeClosed(1, CLIENTS)
                        .mapToObj(k -> new Desired.Client(k, Pipe.client(k), 1, 1420))
                        .toList();
        parts.clients.configure(packs, 0);
        for (ClientSession session : parts.clients.all()) {
            session.connected = true;
            ownership.claim(session.address(), ANYWHERE, Tai64n.NONE, 1_000);
        }
        parts.reach.update(Set.of(2, 3), Set.of(1, 2, 3), 0);
    }

    private Handover withLimit(int movesPerMinute) {
        return new Handover(
                new Handover.Env(
                        1,
                        parts.clients,
                        ownership,
                        parts.reach,
                        parts.effects,
                        () -> weights,
                        Optional::empty),
                new Desired.Load(false, 10, movesPerMinute),
                0);
    }

    /** Lets time pass; who is named as heir has the client at once. */
    private void run(long nanos) {
        for (long end = now + nanos; handover.deadlineNanos() <= end; ) {
            now = Math.max(now, handover.deadlineNanos());
            handover.onDue(now);
            List.copyOf(ownership.all()).stream()
                    .filter(record -> record.heir() != OwnershipTable.NOBODY)
                    .forEach(this::take);
        }
    }

    private void take(Ownership offered) {
        var claimed =
                new Ownership(
                        offered.client(),
                        offered.heir(),
                        OwnershipTable.NOBODY,
                        false,
                        offered.epoch() + 1,
                        0,
                        Tai64n.NONE,
                        Tai64n.NONE,
                        ANYWHERE);
        ownership.merge(claimed, Limits.NONE);
        parts.clients.of(offered.client()).ifPresent(session -> session.connected = false);
        moved.add(now);
        movedClients.add(offered.client());
        heirs.merge(offered.heir(), 1, Integer::sum);
    }

    @Test
    void aClientThatHasJustComeIsNotSentOn() {
        run(Handover.STAY_NANOS - SECOND);
        assertThat(moved).isEmpty();

        run(MINUTE);
        assertThat(moved).isNotEmpty();
    }

    @Test
    void clientsAreHandedOverGraduallyUntilTheLoadIsEvenEnough() {
        run(30 * MINUTE);

        int fair = CLIENTS / 3;
        int left = CLIENTS - moved.size();
        assertThat(left).isBetween(fair, fair + fair / 4 + Handover.SLACK_CLIENTS);
        for (long begin : moved) {
            assertThat(moved.stream().filter(at -> at >= begin && at < begin + MINUTE))
                    .as("moves in the minute from %d s", begin / SECOND)
                    .hasSizeLessThanOrEqualTo(PER_MINUTE);
        }
        long took = moved.getLast() - moved.getFirst();
        assertThat(took).isLessThan(2 * MINUTE * moved.size() / PER_MINUTE);
        assertThat(heirs.get(2)).isCloseTo(heirs.get(3), within(1));
    }

    @Test
    void idleClientsGoFirst() {
        for (ClientSession session : parts.clients.all()) {
            session.active = session.client.sequentialId() % 6 != 0;
        }
        run(15 * MINUTE);

        assertThat(movedClients).hasSizeGreaterThan(CLIENTS / 6);
        assertThat(movedClients.subList(0, CLIENTS / 6))
                .allMatch(client -> (client.v4Bits() & 0xff) % 6 == 0);
    }

    @Test
    void whoHasTwiceTheWeightGetsTwiceAsMany() {
        weights.put(3, 20);

        run(30 * MINUTE);

        int single = heirs.getOrDefault(2, 0);
        assertThat(heirs.get(3)).isBetween(2 * single - 2, 2 * single + 2);
    }

    @Test
    void nothingMovesWithoutOthersOrWithALimitOfNone() {
        handover = withLimit(0);
        run(30 * MINUTE);
        assertThat(moved).isEmpty();

        weights.keySet().retainAll(Set.of(1));
        handover = withLimit(PER_MINUTE);
        run(30 * MINUTE);
        assertThat(moved).isEmpty();
    }

    @Test
    void nothingMovesOnTheSmallerSideOfACut() {
        parts.reach.update(Set.of(), Set.of(1, 2, 3), 0);
        assertThat(parts.reach.isSmallerSide()).isTrue();

        run(30 * MINUTE);
        assertThat(moved).isEmpty();

        parts.reach.update(Set.of(2, 3), Set.of(1, 2, 3), now);
        run(MINUTE);
        assertThat(moved).as("when the cut has healed").isNotEmpty();
    }
}
