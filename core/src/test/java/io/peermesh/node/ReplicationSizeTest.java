package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.testing.Seeds;
import io.peermesh.wire.Payload;
import io.peermesh.wire.Payload.Ownerships;
import io.peermesh.wire.Tai64n;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** Ten controllers with the records of 10,000 clients, without sessions. */
class ReplicationSizeTest {
    private static final int CONTROLLERS = 10;
    private static final int CLIENTS = 10_000;
    private static final Optional<Endpoint> HERE = Endpoint.parse("192.0.2.7:4000");

    private final List<Parts> controllers = new ArrayList<>();
    private long told;

    private static void claim(Parts at, int client, long wallMillis) {
        IpAddress address = IpAddress.v4(0x0a000000 + client);
        Tai64n timestamp = Tai64n.of(wallMillis);
        at.databases.ownership().claim(address, HERE, timestamp, wallMillis);
        at.flood.client(address, Flood.TO_ALL);
    }

    /** Carries a message over each link in turn, until nobody has anything to tell. */
    private void settle(BiPredicate<Integer, Integer> cut) {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (Parts from : controllers) {
                for (PeerLink link : from.links.values()) {
                    link.backlog.release(/* waitNanos= */ 0, 0);
                    Optional<Payload> next =
                            cut.test(from.id, link.peerId)
                                    ? Optional.empty()
                                    : link.backlog.next(from.databases);
                    next.ifPresent(payload -> deliver(from.id, link.peerId, payload));
                    busy |= next.isPresent();
                }
            }
        }
    }

    private void deliver(int from, int to, Payload payload) {
        Parts receiver = controllers.get(to - 1);
        told += ((Ownerships) payload).records().size();
        receiver.exchange.onPayload(receiver.link(from), payload, 0);
    }

    private void assertAllEqual() {
        var expected = new HashSet<>(controllers.getFirst().databases.ownership().all());
        assertThat(expected).hasSize(CLIENTS);
        for (Parts each : controllers) {
            assertThat(new HashSet<>(each.databases.ownership().all()))
                    .as("controller %d", each.id)
                    .isEqualTo(expected);
        }
    }

    @Test
    void recordsAreEqualEverywhereAfterAPartitionAndAChangeCostsLittle() {
        Seeds.run(1, this::run);
    }

    private void run(SplittableRandom random) {
        var pipe = new Pipe(1);
        for (int id = 1; id <= CONTROLLERS; id++) {
            controllers.add(new Parts(pipe, id, CONTROLLERS));
        }
        for (int client = 0; client < CLIENTS; client++) {
            claim(controllers.get(client % CONTROLLERS), client, 5_000);
        }
        settle((from, to) -> false);
        assertAllEqual();

        told = 0;
        claim(controllers.get(3), 77, 6_000);
        settle((from, to) -> false);
        assertThat(told).as("one change is told by each to each, at most").isBetween(9L, 90L);

        for (int i = 0; i < 3_000; i++) {
            int client = random.nextInt(CLIENTS);
            claim(controllers.get(random.nextInt(CONTROLLERS)), client, 7_000 + random.nextInt(9));
        }
        told = 0;
        settle((from, to) -> from <= 4 != to <= 4);
        settle((from, to) -> false); // what could not be told is in the backlogs still
        assertAllEqual();
        assertThat(told).as("only what changed").isLessThan(3_000L * 90 * 2);
    }
}
