package io.peermesh.routing;

import static io.peermesh.routing.LinkStateDatabase.MAX_UNREACHABLE_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.routing.LinkStateDatabase.Merge;
import io.peermesh.routing.LinkStateDatabase.Own;
import io.peermesh.wire.Payload.Advertisement;
import io.peermesh.wire.Payload.Load;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinkStateDatabaseTest {
    private static final long BELIEVED = 1_000_000L;
    private static final String CHECKSUM = "ab".repeat(20);

    private final LinkStateDatabase database = new LinkStateDatabase(1, 100);

    @Test
    void advertisesOnlyWhatChanged() {
        assertThat(database.advertise(own(1))).containsExactly(new LinkStateDatabase.Key(1, 0));
        assertThat(database.advertise(own(1))).isEmpty();
        assertThat(database.advertise(own(41)))
                .containsExactly(new LinkStateDatabase.Key(1, 0), new LinkStateDatabase.Key(1, 1));
        assertThat(database.advertise(own(42))).containsExactly(new LinkStateDatabase.Key(1, 1));
    }

    @Test
    void tellsThatAFragmentHasBecomeEmpty() {
        database.advertise(own(41));

        List<LinkStateDatabase.Key> changed = database.advertise(own(40));

        assertThat(changed).containsExactly(new LinkStateDatabase.Key(1, 1));
        assertThat(database.find(new LinkStateDatabase.Key(1, 1)).orElseThrow().prefixes())
                .isEmpty();
        assertThat(database.find(new LinkStateDatabase.Key(1, 1)).orElseThrow().sequence())
                .isEqualTo(2);
        assertThat(prefixesOf(database, 1)).hasSize(40);
    }

    @Test
    void leavesOutPrefixesBeyondTheLimit() {
        database.advertise(own(LinkStateDatabase.MAX_PREFIXES + 5));

        assertThat(prefixesOf(database, 1)).hasSize(LinkStateDatabase.MAX_PREFIXES);
    }

    @Test
    void takesTheHigherSequenceThenTheHigherInstance() {
        assertThat(database.merge(heard(2, 7, 5), BELIEVED)).isEqualTo(Merge.NEWER);
        assertThat(database.merge(heard(2, 7, 5), BELIEVED)).isEqualTo(Merge.SAME);
        assertThat(database.merge(heard(2, 9, 4), BELIEVED)).isEqualTo(Merge.OLDER);
        assertThat(database.merge(heard(2, 6, 5), BELIEVED)).isEqualTo(Merge.OLDER);
        assertThat(database.merge(heard(2, -1, 5), BELIEVED)).as("unsigned").isEqualTo(Merge.NEWER);
        assertThat(database.merge(heard(2, 1, 6), BELIEVED)).isEqualTo(Merge.NEWER);
    }

    @Test
    void jumpsPastItsOwnFormerLife() {
        database.advertise(own(1));

        Merge merge = database.merge(heard(1, 55, 900), BELIEVED);

        assertThat(merge).isEqualTo(Merge.OVERTAKEN);
        Advertisement ours = database.find(new LinkStateDatabase.Key(1, 0)).orElseThrow();
        assertThat(ours.sequence()).isEqualTo(901);
        assertThat(ours.instance()).isEqualTo(100);
        assertThat(ours.prefixes()).isEqualTo(own(1).prefixes());
    }

    @Test
    void nobodyCanUseUpTheSequencesOfAnother() {
        database.advertise(own(1));

        assertThat(database.merge(heard(1, -1, BELIEVED + 1), BELIEVED)).isEqualTo(Merge.ABSURD);
        assertThat(database.merge(heard(1, -1, BELIEVED), BELIEVED)).isEqualTo(Merge.OVERTAKEN);
        assertThat(database.merge(heard(2, -1, BELIEVED + 1), BELIEVED)).isEqualTo(Merge.ABSURD);

        Advertisement ours = database.find(new LinkStateDatabase.Key(1, 0)).orElseThrow();
        assertThat(ours.sequence()).isEqualTo(BELIEVED + 1);
        assertThat(ours.instance()).isEqualTo(100);
        assertThat(database.find(new LinkStateDatabase.Key(2, 0))).isEmpty();
        assertThat(database.absurd()).isEqualTo(2);
    }

    @Test
    void jumpsAlsoWhenItRestartedWithinTheSameProcess() {
        database.advertise(own(1));

        assertThat(database.merge(heard(1, 100, 30), BELIEVED)).isEqualTo(Merge.OVERTAKEN);
        assertThat(database.find(new LinkStateDatabase.Key(1, 0)).orElseThrow().sequence())
                .isEqualTo(31);
    }

    @Test
    void withdrawsFragmentsOfItsFormerLife() {
        database.advertise(own(1));
        Advertisement former = fragment(1, 3, 55, 8);

        assertThat(database.merge(former, BELIEVED)).isEqualTo(Merge.OVERTAKEN);

        Advertisement ours = database.find(new LinkStateDatabase.Key(1, 3)).orElseThrow();
        assertThat(ours.sequence()).isEqualTo(9);
        assertThat(ours.prefixes()).isEmpty();
    }

    @Test
    void anEchoOfItselfIsNoNews() {
        database.advertise(own(1));
        Advertisement ours = database.find(new LinkStateDatabase.Key(1, 0)).orElseThrow();

        assertThat(database.merge(ours, BELIEVED)).isEqualTo(Merge.SAME);
    }

    @Test
    void doesNotCountFragmentsOfAFormerLifeOfAnother() {
        database.merge(heard(2, 7, 5), BELIEVED);
        database.merge(fragment(2, 1, 7, 1), BELIEVED);
        assertThat(prefixesOf(database, 2)).hasSize(2);

        database.merge(heard(2, 8, 6), BELIEVED);

        assertThat(prefixesOf(database, 2)).hasSize(1);
    }

    @Test
    void forgetsAnOriginThatIsUnreachableForLong() {
        database.advertise(own(1));
        database.merge(heard(2, 7, 5), BELIEVED);
        database.merge(heard(3, 7, 5), BELIEVED);

        database.age(Set.of(2), 0);
        assertThat(database.age(Set.of(2), MAX_UNREACHABLE_NANOS - 1)).isFalse();
        assertThat(database.age(Set.of(2), MAX_UNREACHABLE_NANOS)).isTrue();

        assertThat(database.heads()).extracting(Advertisement::origin).containsExactly(1, 2);
    }

    @Test
    void anOriginThatComesBackStartsAfresh() {
        database.merge(heard(2, 7, 5), BELIEVED);
        database.age(Set.of(), 0);
        database.age(Set.of(2), MAX_UNREACHABLE_NANOS / 2);
        database.age(Set.of(), MAX_UNREACHABLE_NANOS);

        assertThat(database.age(Set.of(), MAX_UNREACHABLE_NANOS + 1)).isFalse();
    }

    @Test
    void databasesThatExchangeInAnyOrderBecomeEqual() {
        for (long seed = 1; seed <= 300; seed++) {
            var random = new Random(seed);
            var databases = new ArrayList<LinkStateDatabase>();
            for (int id = 1; id <= 4; id++) {
                databases.add(new LinkStateDatabase(id, random.nextLong()));
            }
            for (int step = 0; step < 200; step++) {
                LinkStateDatabase one = databases.get(random.nextInt(4));
                if (random.nextInt(3) == 0) {
                    one.advertise(own(random.nextInt(1, 90)));
                } else if (random.nextInt(20) == 0) {
                    int id = random.nextInt(1, 5);
                    databases.set(id - 1, new LinkStateDatabase(id, random.nextLong()));
                } else {
                    exchange(one, databases.get(random.nextInt(4)), random.nextInt(5));
                }
            }
            for (LinkStateDatabase database : databases) {
                database.advertise(own(50));
            }
            settle(databases);

            for (LinkStateDatabase database : databases) {
                assertThat(new HashSet<>(database.all()))
                        .as("seed %d", seed)
                        .isEqualTo(new HashSet<>(databases.getFirst().all()));
                assertThat(prefixesOf(database, 3)).as("seed %d", seed).hasSize(50);
            }
        }
    }

    private static void settle(List<LinkStateDatabase> databases) {
        for (int round = 0; round < 4; round++) {
            for (LinkStateDatabase one : databases) {
                databases.forEach(other -> exchange(one, other, Integer.MAX_VALUE));
            }
        }
    }

    private static void exchange(LinkStateDatabase from, LinkStateDatabase to, int count) {
        from.all().stream().limit(count).forEach(each -> to.merge(each, BELIEVED));
    }

    private static List<Prefix> prefixesOf(LinkStateDatabase database, int origin) {
        return database.prefixes().getOrDefault(origin, List.of());
    }

    private static Own own(int prefixes) {
        return new Own(
                CHECKSUM,
                "192.0.2.1:51820",
                Load.NONE,
                Map.of(2, 10),
                IntStream.range(0, prefixes)
                        .mapToObj(n -> Prefix.host(IpAddress.v4(0x0a000000 + n)))
                        .toList());
    }

    private static Advertisement heard(int origin, long instance, long sequence) {
        return fragment(origin, 0, instance, sequence);
    }

    private static Advertisement fragment(int origin, int number, long instance, long sequence) {
        return new Advertisement(
                origin,
                number,
                instance,
                sequence,
                CHECKSUM,
                "",
                Load.NONE,
                Map.of(),
                List.of(Prefix.host(IpAddress.v4(number))));
    }
}
