package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.crypto.Identity;
import io.peermesh.crypto.JdkAeadProvider;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.replication.SharedMap;
import io.peermesh.routing.LinkStateDatabase;
import io.peermesh.session.IndexTable;
import io.peermesh.session.SessionPorts;
import io.peermesh.session.Tunnel;
import io.peermesh.testing.Seeds;
import io.peermesh.wire.Payload;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Payload.Ownerships;
import io.peermesh.wire.Tai64n;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** Ten controllers with the records of 10,000 clients, without sessions. */
class ReplicationSizeTest {
    private static final int CONTROLLERS = 10;
    private static final int CLIENTS = 10_000;
    private static final Optional<Endpoint> HERE = Endpoint.parse("192.0.2.7:4000");

    private final Pipe pipe = new Pipe(1);
    private final List<Controller> controllers = new ArrayList<>();
    private long told;

    /** What keeps records in a controller. */
    private final class Controller {
        final int id;
        final Map<Integer, PeerLink> links = new TreeMap<>();
        final Databases databases;
        final Exchange exchange;
        final Flood flood;

        Controller(int id) {
            this.id = id;
            databases =
                    new Databases(
                            new LinkStateDatabase(id, 1),
                            new OwnershipTable(id, Pipe.OVERLAY),
                            new SharedMap());
            var effects = new Effects();
            var wallClock = new WallClock();
            wallClock.onWallClock(1_800_000_000L * Pipe.SECOND, 0);
            var clock = new MeshClock(wallClock);
            flood = new Flood(id, links.values());
            for (int peer = 1; peer <= CONTROLLERS; peer++) {
                if (peer != id) {
                    links.put(peer, link(id, peer, databases, effects, wallClock));
                }
            }
            var indices = new IndexTable(id, 16, pipe.random::nextBytes);
            var clients =
                    new Clients(
                            new Clients.Env(
                                    Identity.of(pipe.keys.gatewayKey()),
                                    pipe.keys,
                                    new SessionPorts(
                                            indices,
                                            new JdkAeadProvider(false),
                                            pipe.random::nextBytes,
                                            effects),
                                    effects,
                                    clock,
                                    new Reach(id),
                                    Map::of,
                                    _ -> TakeOver.Evidence.NONE,
                                    new Deadlines(),
                                    databases.ownership(),
                                    flood,
                                    () -> {}));
            exchange = new Exchange(databases, flood, clients, () -> {}, clock, effects);
        }

        void claim(int client, long wallMillis) {
            IpAddress address = IpAddress.v4(0x0a000000 + client);
            databases.ownership().claim(address, HERE, Tai64n.of(wallMillis), wallMillis);
            flood.client(address, Flood.TO_ALL);
        }
    }

    private static PeerLink link(
            int self, int peer, Databases databases, Effects effects, WallClock wallClock) {
        return new PeerLink(
                new PeerLink.Env(self, effects, wallClock, databases, () -> {}),
                new Tunnel(Tunnel.Kind.LINK, peer, Pipe.overlay(peer), peer, 1420),
                /* machine= */ null, // it has no address to use
                new Desired.Peer("nowhere", Optional.empty(), 1420),
                ProbeProfile.FAST,
                1,
                0);
    }

    /** Carries a message over each link in turn, until nobody has anything to tell. */
    private void settle(BiPredicate<Integer, Integer> cut) {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (Controller from : controllers) {
                for (PeerLink link : from.links.values()) {
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
        Controller receiver = controllers.get(to - 1);
        told += ((Ownerships) payload).records().size();
        receiver.exchange.onPayload(receiver.links.get(from), payload, 0);
    }

    private void assertAllEqual() {
        var expected = new HashSet<>(controllers.getFirst().databases.ownership().all());
        assertThat(expected).hasSize(CLIENTS);
        for (Controller each : controllers) {
            assertThat(new HashSet<Ownership>(each.databases.ownership().all()))
                    .as("controller %d", each.id)
                    .isEqualTo(expected);
        }
    }

    @Test
    void recordsOfTenThousandClientsAreEqualEverywhereAfterAnyPartitionAndChangesCostLittle() {
        Seeds.run(1, this::run);
    }

    private void run(SplittableRandom random) {
        for (int id = 1; id <= CONTROLLERS; id++) {
            controllers.add(new Controller(id));
        }
        for (int client = 0; client < CLIENTS; client++) {
            controllers.get(client % CONTROLLERS).claim(client, 5_000);
        }
        settle((from, to) -> false);
        assertAllEqual();

        told = 0;
        controllers.get(3).claim(77, 6_000);
        settle((from, to) -> false);
        assertThat(told).as("one change is told by each to each, at most").isBetween(9L, 90L);

        BiPredicate<Integer, Integer> cut = (from, to) -> from <= 4 != to <= 4;
        for (int i = 0; i < 3_000; i++) {
            int client = random.nextInt(CLIENTS);
            controllers.get(random.nextInt(CONTROLLERS)).claim(client, 7_000 + random.nextInt(9));
        }
        told = 0;
        settle(cut);
        settle((from, to) -> false); // what could not be told is in the backlogs still
        assertAllEqual();
        assertThat(told).as("only what changed").isLessThan(3_000L * 90 * 2);
    }
}
