package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.replication.SharedMap;
import io.peermesh.routing.LinkStateDatabase;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.Payload;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Payload.Ownerships;
import io.peermesh.wire.Tai64n;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a neighbor is answered when it tells something that is not news. */
@SuppressWarnings("NullAway") // machine and clients stay out of it, as said below
class ExchangeTest {
    private static final IpAddress CLIENT = Pipe.client(1);
    private static final Optional<Endpoint> HERE = Endpoint.parse("192.0.2.7:4000");

    private final Databases databases =
            new Databases(
                    new LinkStateDatabase(2, 1),
                    new OwnershipTable(2, Pipe.OVERLAY),
                    new SharedMap());
    private final Effects effects = new Effects();
    private final WallClock wallClock = new WallClock();
    private final PeerLink one = link(1);
    private final PeerLink three = link(3);
    private final Exchange exchange =
            new Exchange(
                    databases,
                    new Flood(2, List.of(one, three)),
                    /* clients= */ null, // what is not news does not reach them
                    () -> {},
                    new MeshClock(wallClock),
                    effects);

    private PeerLink link(int peer) {
        return new PeerLink(
                new PeerLink.Env(2, effects, wallClock, databases, () -> {}),
                new Tunnel(Tunnel.Kind.LINK, peer, Pipe.overlay(peer), peer, 1420),
                /* machine= */ null, // it has no address to use
                new Desired.Peer("nowhere", Optional.empty(), 1420),
                ProbeProfile.FAST,
                1,
                0);
    }

    @Test
    void whoTellsSomethingOlderIsToldTheNewer() {
        wallClock.onWallClock(10_000_000_000L, 0);
        Ownership older = databases.ownership().claim(CLIENT, HERE, Tai64n.NONE, 5_000);
        Ownership newer = databases.ownership().release(CLIENT, 6_000);

        exchange.onPayload(one, new Ownerships(List.of(older)), 0);

        assertThat(one.backlog.next(databases)).contains(new Ownerships(List.of(newer)));
        assertThat(three.backlog.next(databases)).as("knows it").isEmpty();
    }

    @Test
    void whoTellsTheSameNeedNotBeTold() {
        wallClock.onWallClock(10_000_000_000L, 0);
        Ownership same = databases.ownership().claim(CLIENT, HERE, Tai64n.NONE, 5_000);
        one.backlog.addClient(CLIENT);
        three.backlog.addClient(CLIENT);

        exchange.onPayload(one, new Ownerships(List.of(same)), 0);

        assertThat(one.backlog.next(databases)).isEmpty();
        assertThat(three.backlog.next(databases)).isPresent();
    }

    @Test
    void absurdRecordsAreReportedOnceAnHourAndNotAnswered() {
        wallClock.onWallClock(10_000_000_000L, 0);
        Ownership absurd = databases.ownership().claim(CLIENT, HERE, Tai64n.NONE, 1L << 60);
        databases.ownership().release(CLIENT, 1);

        for (int i = 0; i < 100; i++) {
            exchange.onPayload(one, new Ownerships(List.of(absurd)), i);
        }

        assertThat(one.backlog.next(databases)).isEmpty();
        var reports = new ArrayList<Report>();
        effects.drainReports(reports::add);
        assertThat(reports).singleElement().isInstanceOf(Report.ClocksDiffer.class);
    }

    @Test
    void aWrongClockOfANeighborIsReported() {
        wallClock.onWallClock(1_000_000_000_000L, 0);

        exchange.onPayload(three, new Payload.Clock(1_600_000_000_000L), 0);

        var reports = new ArrayList<Report>();
        effects.drainReports(reports::add);
        assertThat(reports).containsExactly(new Report.ClocksDiffer(3, 600_000_000_000L));
    }
}
