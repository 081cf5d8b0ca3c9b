package io.peermesh.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.replication.SharedMap.Merge;
import io.peermesh.wire.Payload.SharedField;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SharedMapTest {
    private final SharedMap map = new SharedMap();

    @Test
    void theHigherCounterWinsThenTheGreaterValueThenTheHigherId() {
        assertThat(map.merge(entry("k", "0", 5, 3))).isEqualTo(Merge.NEWER);
        assertThat(map.merge(entry("k", "0", 5, 3))).isEqualTo(Merge.SAME);
        assertThat(map.merge(entry("k", "9", 4, 3))).isEqualTo(Merge.OLDER);
        assertThat(map.merge(entry("k", "0", 5, 2))).isEqualTo(Merge.OLDER);
        assertThat(map.merge(entry("k", "1", 5, 1))).as("disabled wins").isEqualTo(Merge.NEWER);
        assertThat(map.merge(entry("k", "0", 6, 1))).isEqualTo(Merge.NEWER);
    }

    @Test
    void refusesWhatNoMessageCouldCarry() {
        assertThat(map.merge(entry("", "v", 1, 1))).isEqualTo(Merge.REFUSED);
        assertThat(map.merge(entry("ü".repeat(65), "v", 1, 1))).isEqualTo(Merge.REFUSED);
        assertThat(map.merge(entry("k", "v".repeat(513), 1, 1))).isEqualTo(Merge.REFUSED);
        assertThat(map.merge(entry("k", "v", 0, 1))).isEqualTo(Merge.REFUSED);
        assertThat(map.refused()).isEqualTo(4);
    }

    @Test
    void holdsNoMoreThanItsLimit() {
        for (int i = 0; i < SharedMap.MAX_ENTRIES; i++) {
            map.merge(entry("k" + i, "v", 1, 1));
        }

        assertThat(map.merge(entry("another", "v", 1, 1))).isEqualTo(Merge.REFUSED);
        assertThat(map.merge(entry("k0", "v", 2, 1))).isEqualTo(Merge.NEWER);
    }

    @Test
    void hasTheSameLimitsAsTheWire() {
        assertThat(SharedEntry.MAX_KEY_BYTES).isEqualTo(SharedField.MAX_KEY_BYTES);
        assertThat(SharedEntry.MAX_VALUE_BYTES).isEqualTo(SharedField.MAX_VALUE_BYTES);
    }

    @Test
    void travelsUnchanged() {
        SharedEntry entry = entry("k", "v", 7, 9);

        assertThat(SharedMap.fromField(SharedMap.toField(entry))).isEqualTo(entry);
    }

    @Test
    void mapsThatExchangeInAnyOrderAgree() {
        for (long seed = 1; seed <= 300; seed++) {
            var random = new Random(seed);
            var maps = List.of(new SharedMap(), new SharedMap(), new SharedMap());
            for (int step = 0; step < 200; step++) {
                maps.get(random.nextInt(3))
                        .merge(
                                entry(
                                        "k" + random.nextInt(5),
                                        "" + random.nextInt(3),
                                        random.nextInt(1, 6),
                                        random.nextInt(1, 4)));
            }

            for (SharedMap from : maps) {
                maps.forEach(to -> new ArrayList<>(from.all()).forEach(to::merge));
            }
            maps.getLast().all().forEach(maps.getFirst()::merge);

            for (SharedMap each : maps.subList(0, 2)) {
                assertThat(new HashSet<>(each.all()))
                        .as("seed %d", seed)
                        .isEqualTo(new HashSet<>(maps.getLast().all()));
            }
        }
    }

    private static SharedEntry entry(String key, String value, long counter, int controllerId) {
        return new SharedEntry(key, value, counter, controllerId);
    }
}
