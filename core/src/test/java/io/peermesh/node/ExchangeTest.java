package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.wire.Payload;
import io.peermesh.wire.Payload.Advertisement;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Payload.Ownerships;
import io.peermesh.wire.Payload.SharedField;
import io.peermesh.wire.Payload.SharedFields;
import io.peermesh.wire.Tai64n;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a neighbor is answered when it tells something that is not news. */
@SuppressWarnings("NullAway") // machine and clients stay out of it, as said below
class ExchangeTest {
    private static final IpAddress CLIENT = Pipe.client(1);
    private static final Optional<Endpoint> HERE = Endpoint.parse("192.0.2.7:4000");

    private final Parts parts = new Parts(new Pipe(1), 2, 3);
    private final Databases databases = parts.databases;
    private final Exchange exchange = parts.exchange;
    private final PeerLink one = parts.link(1);
    private final PeerLink three = parts.link(3);
    private final Parts other = new Parts(new Pipe(1), 3, 3);

    @Test
    void whoTellsSomethingOlderIsToldTheNewer() {
        Ownership older = databases.ownership().claim(CLIENT, HERE, Tai64n.NONE, 5_000);
        Ownership newer = databases.ownership().release(CLIENT, 6_000);

        exchange.onPayload(one, new Ownerships(List.of(older)), 0);

        assertThat(one.backlog.next(databases)).contains(new Ownerships(List.of(newer)));
        assertThat(three.backlog.next(databases)).as("knows it").isEmpty();
    }

    @Test
    void whoTellsTheSameNeedNotBeTold() {
        Ownership same = databases.ownership().claim(CLIENT, HERE, Tai64n.NONE, 5_000);
        one.backlog.addClient(CLIENT);
        three.backlog.addClient(CLIENT);

        exchange.onPayload(one, new Ownerships(List.of(same)), 0);

        assertThat(one.backlog.next(databases)).isEmpty();
        assertThat(three.backlog.next(databases)).isPresent();
    }

    @Test
    void absurdRecordsAreReportedOnceAnHourAndNotAnswered() {
        Ownership absurd = databases.ownership().claim(CLIENT, HERE, Tai64n.NONE, 1L << 60);
        databases.ownership().release(CLIENT, 1);

        for (int i = 0; i < 100; i++) {
            exchange.onPayload(one, new Ownerships(List.of(absurd)), i);
        }

        assertThat(one.backlog.next(databases)).isEmpty();
        var reports = new ArrayList<Report>();
        parts.effects.drainReports(reports::add);
        assertThat(reports).singleElement().isInstanceOf(Report.ClocksDiffer.class);
    }

    @Test
    void whatIsAheadOfTheClockIsTakenInWhenTheClockIsThere() {
        long believed = 1_000_000 + 3_600_000; // milliseconds: the clock shows 1,000 s
        Advertisement early = advertisement(1, believed + 30_000);
        exchange.onPayload(one, early, 0);
        exchange.onPayload(one, advertisement(1, Advertisement.MAX_SEQUENCE), 0);
        exchange.onPayload(one, early, 0);
        assertThat(databases.linkState().all()).isEmpty();

        exchange.onPayload(one, new Payload.Clock(1_020_000_000_000L), 20_000_000_000L);
        assertThat(databases.linkState().all()).as("not yet").isEmpty();
        exchange.onPayload(one, new Payload.Clock(1_040_000_000_000L), 40_000_000_000L);

        assertThat(databases.linkState().all()).containsExactly(early);
        assertThat(one.tooNew.size()).isZero();
        assertThat(three.backlog.next(databases)).contains(early);
    }

    private static Advertisement advertisement(int origin, long sequence) {
        return new Advertisement(
                origin,
                0,
                7,
                sequence,
                "00".repeat(20),
                "",
                Payload.Load.NONE,
                Map.of(),
                List.of());
    }

    @Test
    void fieldsAndRecordsThatAreAheadOfTheClockWaitLikewise() {
        long believed = 1_000_000 + 3_600_000;
        var good = new SharedField("k", "v", believed, 1);
        var early = new SharedField("k", "w", believed + 1, 1);
        Ownership record = databases.ownership().claim(CLIENT, HERE, Tai64n.NONE, believed + 1);

        toThree(new SharedFields(List.of(good, early)), 0);
        toThree(new Ownerships(List.of(record)), 0);
        assertThat(other.databases.shared().find("k").orElseThrow().value()).isEqualTo("v");
        assertThat(other.databases.shared().refused()).isEqualTo(1);
        assertThat(other.databases.ownership().all()).isEmpty();
        toThree(new Payload.Clock(1_001_000_000_000L), Pipe.SECOND);

        assertThat(other.databases.shared().find("k").orElseThrow().value()).isEqualTo("w");
        assertThat(other.databases.ownership().all()).containsExactly(record);
    }

    private void toThree(Payload payload, long nowNanos) {
        other.exchange.onPayload(other.link(1), payload, nowNanos);
    }

    @Test
    void noMoreIsKeptOfAPeerThanTheLimit() {
        for (int i = 0; i < 2 * TooNew.MAX_KEPT; i++) {
            var absurd = new SharedField("k" + i, "v", SharedField.MAX_COUNTER, 1);
            exchange.onPayload(one, new SharedFields(List.of(absurd)), 0);
        }

        assertThat(one.tooNew.size()).isEqualTo(TooNew.MAX_KEPT);
        assertThat(databases.shared().all()).isEmpty();
    }

    @Test
    void aWrongClockOfANeighborIsReported() {
        exchange.onPayload(three, new Payload.Clock(1_600_000_000_000L), 0);

        var reports = new ArrayList<Report>();
        parts.effects.drainReports(reports::add);
        assertThat(reports).containsExactly(new Report.ClocksDiffer(3, 600_000_000_000L));
    }
}
