package io.peermesh.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.clients.OwnershipTable.Limits;
import io.peermesh.clients.OwnershipTable.Merge;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Tai64n;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OwnershipTableTest {
    private static final Prefix OVERLAY = Prefix.literal("10.0.0.0/8");
    private static final IpAddress CLIENT = IpAddress.literal("10.0.0.7");
    private static final Endpoint HERE = Endpoint.parse("192.0.2.7:4000").orElseThrow();
    private static final Endpoint THERE = Endpoint.parse("192.0.2.8:4000").orElseThrow();

    private final OwnershipTable table = new OwnershipTable(2, OVERLAY);

    @Test
    void aClaimBeginsANewerEpochThanAnyKnown() {
        table.merge(record(1, 9_000, 0), Limits.NONE);

        Ownership claimed = table.claim(CLIENT, Optional.of(HERE), Tai64n.NONE, 5_000);

        assertThat(claimed.epoch()).as("another's clock was ahead").isEqualTo(9_001);
        assertThat(table.ownerOf(CLIENT)).isEqualTo(2);
    }

    @Test
    void aClaimOfAControllerThatForgotAllIsNewerThanWhatTheOthersHold() {
        var forgetful = new OwnershipTable(3, OVERLAY);
        Ownership before = table.claim(CLIENT, Optional.of(HERE), Tai64n.NONE, 5_000);

        Ownership after = forgetful.claim(CLIENT, Optional.of(THERE), Tai64n.NONE, 6_000);

        assertThat(table.merge(after, Limits.NONE)).isEqualTo(Merge.NEWER);
        assertThat(forgetful.merge(before, Limits.NONE)).isEqualTo(Merge.OLDER);
    }

    @Test
    void ordersByEpochThenLowerOwnerThenRevision() {
        table.merge(record(3, 5, 0), Limits.NONE);

        assertThat(table.merge(record(3, 5, 0), Limits.NONE)).isEqualTo(Merge.SAME);
        assertThat(table.merge(record(4, 5, 9), Limits.NONE)).isEqualTo(Merge.OLDER);
        assertThat(table.merge(record(3, 4, 9), Limits.NONE)).isEqualTo(Merge.OLDER);
        assertThat(table.merge(record(3, 5, 1), Limits.NONE)).isEqualTo(Merge.NEWER);
        assertThat(table.merge(record(1, 5, 0), Limits.NONE)).isEqualTo(Merge.NEWER);
        assertThat(table.merge(record(9, 6, 0), Limits.NONE)).isEqualTo(Merge.NEWER);
    }

    @Test
    void aReleaseKeepsTheEndpointAndBeginsAnEpoch() {
        Ownership claimed = table.claim(CLIENT, Optional.of(HERE), Tai64n.NONE, 5_000);

        Ownership released = table.release(CLIENT, 1_000);

        assertThat(released.owner()).isEqualTo(OwnershipTable.NOBODY);
        assertThat(released.epoch()).isEqualTo(claimed.epoch() + 1);
        assertThat(released.endpoint()).contains(HERE);
    }

    @Test
    void roamingRaisesTheRevisionOfOurOwnRecordsOnly() {
        table.claim(CLIENT, Optional.of(HERE), Tai64n.NONE, 5_000);

        assertThat(table.roamed(CLIENT, HERE)).as("no change").isEmpty();
        assertThat(table.roamed(CLIENT, THERE).orElseThrow().revision()).isEqualTo(1);

        table.merge(record(1, 9_000, 0), Limits.NONE);

        assertThat(table.roamed(CLIENT, HERE)).isEmpty();
    }

    @Test
    void refusesWhatIsNotOfTheOverlay() {
        var stranger = record(IpAddress.literal("192.0.2.1"));

        assertThat(table.merge(stranger, Limits.NONE)).isEqualTo(Merge.REFUSED);
        assertThat(table.refused()).isEqualTo(1);
    }

    @Test
    void holdsNoMoreThanItsLimit() {
        for (int i = 0; i < OwnershipTable.MAX_RECORDS; i++) { // CLIENT is among them
            table.merge(record(IpAddress.v4(0x0a000000 + i)), Limits.NONE);
        }

        assertThat(table.merge(record(IpAddress.literal("10.200.0.1")), Limits.NONE))
                .isEqualTo(Merge.REFUSED);
        assertThat(table.merge(record(3, Ownership.MAX_EPOCH, 0), Limits.NONE))
                .isEqualTo(Merge.NEWER);
        assertThat(table.all()).hasSize(OwnershipTable.MAX_RECORDS);
    }

    @Test
    void anAbsurdEpochOfAPeerIsNoReasonToFail() {
        table.merge(record(3, Ownership.MAX_EPOCH, 0), Limits.NONE);

        assertThat(table.claim(CLIENT, Optional.of(HERE), Tai64n.NONE, 5_000).epoch())
                .isEqualTo(Ownership.MAX_EPOCH);
    }

    @Test
    void atEqualEpochsTheLaterClientTimestampWinsOverTheLowerOwner() {
        table.merge(record(CLIENT, 1, 5, 9, timestamp(1)), Limits.NONE);

        assertThat(table.merge(record(CLIENT, 4, 5, 0, timestamp(2)), Limits.NONE))
                .isEqualTo(Merge.NEWER);
        assertThat(table.merge(record(CLIENT, 1, 5, 9, timestamp(1)), Limits.NONE))
                .isEqualTo(Merge.OLDER);
        assertThat(table.ownerOf(CLIENT)).isEqualTo(4);
    }

    @Test
    void gatewayTimestampsAreMergedOnTheirOwn() {
        table.merge(record(1, 9, 0), Limits.NONE);
        table.sent(CLIENT, timestamp(7));

        Ownership older = record(3, 5, 0).withGatewayTimestamp(timestamp(8));
        assertThat(table.merge(older, Limits.NONE)).isEqualTo(Merge.MIXED);
        Ownership newer = record(3, 10, 0).withGatewayTimestamp(timestamp(2));
        assertThat(table.merge(newer, Limits.NONE)).isEqualTo(Merge.MIXED);

        assertThat(table.find(CLIENT)).contains(newer.withGatewayTimestamp(timestamp(8)));
        assertThat(table.sent(CLIENT, timestamp(8))).as("no news").isEmpty();
    }

    @Test
    void nobodyCanLockAClientOutByATimestampThatItNeverReaches() {
        var limits = new Limits(10_000, timestamp(100)); // ten seconds after 1970
        Tai64n last = Tai64n.of(10_000_000_000L);
        table.merge(record(CLIENT, 1, 5, 0, last), limits);
        assertThat(table.find(CLIENT).orElseThrow().clientTimestamp()).isEqualTo(last);

        Ownership forged = record(CLIENT, 1, 6, 0, new Tai64n(-1L, -1));

        assertThat(table.merge(forged, limits)).isEqualTo(Merge.NEWER);
        assertThat(table.find(CLIENT).orElseThrow())
                .isEqualTo(forged.withClientTimestamp(Tai64n.NONE));
        assertThat(table.merge(forged, limits)).as("told again").isEqualTo(Merge.SAME);
    }

    @Test
    void whatIsFurtherAheadThanAnyClockIsNotBelieved() {
        var limits = new Limits(10_000, timestamp(100));
        table.merge(record(1, 9_000, 0), limits);

        assertThat(table.merge(record(3, 10_001, 0), limits)).isEqualTo(Merge.ABSURD);
        Ownership half = record(3, 9_500, 0).withGatewayTimestamp(timestamp(101));
        assertThat(table.merge(half, limits)).isEqualTo(Merge.NEWER);

        assertThat(table.find(CLIENT)).contains(half.withGatewayTimestamp(Tai64n.NONE));
        assertThat(table.absurd()).isEqualTo(2);
    }

    @Test
    void aReleaseForgetsTheClientsTimestampAndAResetKeepsTheOwner() {
        table.claim(CLIENT, Optional.of(HERE), timestamp(50), 5_000);
        Ownership reset = table.forgetTimestamp(CLIENT, 1).orElseThrow();
        assertThat(reset.clientTimestamp()).isEqualTo(Tai64n.NONE);
        assertThat(reset.owner()).isEqualTo(2);
        assertThat(reset.epoch()).isEqualTo(5_001);

        table.accepted(CLIENT, timestamp(60));
        table.bequeath(CLIENT, 3);
        Ownership released = table.release(CLIENT, 1);

        assertThat(released.clientTimestamp()).isEqualTo(Tai64n.NONE);
        assertThat(released.heir()).isEqualTo(OwnershipTable.NOBODY);
    }

    @Test
    void tablesThatExchangeInAnyOrderAgree() {
        for (long seed = 1; seed <= 300; seed++) {
            var random = new Random(seed);
            var tables = new ArrayList<OwnershipTable>();
            for (int id = 1; id <= 4; id++) {
                tables.add(new OwnershipTable(id, OVERLAY));
            }
            for (int step = 0; step < 300; step++) {
                act(tables, random, step);
            }
            for (int round = 0; round < 4; round++) {
                tables.forEach(from -> tables.forEach(to -> exchange(from, to)));
            }

            for (OwnershipTable each : tables) {
                assertThat(new HashSet<>(each.all()))
                        .as("seed %d", seed)
                        .isEqualTo(new HashSet<>(tables.getFirst().all()));
            }
        }
    }

    private static void act(List<OwnershipTable> tables, Random random, int step) {
        OwnershipTable one = tables.get(random.nextInt(4));
        IpAddress client = IpAddress.v4(0x0a000000 + random.nextInt(6));
        long skewed = step + random.nextLong(20);
        switch (random.nextInt(8)) {
            case 3 -> one.sent(client, timestamp(random.nextInt(9)));
            case 4 -> one.accepted(client, timestamp(random.nextInt(9)));
            case 5 -> one.bequeath(client, 1 + random.nextInt(4));
            case 0 -> one.claim(client, Optional.of(HERE), timestamp(random.nextInt(4)), skewed);
            case 1 -> one.release(client, skewed);
            case 2 -> one.roamed(client, random.nextBoolean() ? HERE : THERE);
            default -> exchange(one, tables.get(random.nextInt(4)));
        }
    }

    private static void exchange(OwnershipTable from, OwnershipTable to) {
        List.copyOf(from.all()).forEach(record -> to.merge(record, Limits.NONE));
    }

    private static Ownership record(int owner, long epoch, int revision) {
        return record(CLIENT, owner, epoch, revision, Tai64n.NONE);
    }

    private static Ownership record(IpAddress client) {
        return record(client, 1, 1, 0, Tai64n.NONE);
    }

    private static Ownership record(
            IpAddress client, int owner, long epoch, int revision, Tai64n clientTimestamp) {
        return new Ownership(
                client,
                owner,
                OwnershipTable.NOBODY,
                false,
                epoch,
                revision,
                clientTimestamp,
                Tai64n.NONE,
                Optional.empty());
    }

    private static Tai64n timestamp(long seconds) {
        return Tai64n.of(seconds * 1_000_000_000L);
    }
}
