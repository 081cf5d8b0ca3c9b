package io.peermesh.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrefixTableTest {
    @Test
    void anEmptyTableKnowsNothing() {
        PrefixTable<String> table = PrefixTable.of(Map.of());

        assertThat(table.lookupV4(0x0a000001)).isNull();
        assertThat(table.lookup(0, 0)).isNull();
        assertThat(table.entries()).isEmpty();
    }

    @Test
    void theLongestPrefixWins() {
        PrefixTable<String> table =
                PrefixTable.of(
                        Map.of(
                                Prefix.literal("0.0.0.0/0"), "default",
                                Prefix.literal("10.0.0.0/8"), "eight",
                                Prefix.literal("10.1.0.0/16"), "sixteen",
                                Prefix.literal("10.1.2.3/32"), "host"));

        assertThat(v4(table, "10.1.2.3")).isEqualTo("host");
        assertThat(v4(table, "10.1.2.4")).isEqualTo("sixteen");
        assertThat(v4(table, "10.2.0.0")).isEqualTo("eight");
        assertThat(v4(table, "192.0.2.1")).isEqualTo("default");
    }

    @Test
    void theIpv6DefaultRouteTakesNoIpv4() {
        PrefixTable<String> table = PrefixTable.of(Map.of(Prefix.literal("::/0"), "six"));

        assertThat(v4(table, "10.1.2.3")).isNull();
        assertThat(at(table, IpAddress.literal("10.1.2.3"))).isNull();
        assertThat(at(table, IpAddress.literal("2001:db8::1"))).isEqualTo("six");
    }

    @Test
    void entriesComeSortedAndCannotBeChanged() {
        var source = new HashMap<Prefix, String>();
        source.put(Prefix.literal("10.0.1.0/24"), "b");
        source.put(Prefix.literal("10.0.0.0/24"), "a");
        PrefixTable<String> table = PrefixTable.of(source);
        source.clear();

        assertThat(table.entries().values()).containsExactly("a", "b");
        assertThat(table.entries()).isUnmodifiable();
    }

    @Test
    void findsEachOfTenThousandHostRoutes() {
        var entries = new HashMap<Prefix, Integer>();
        for (int i = 0; i < 10_000; i++) {
            entries.put(Prefix.host(IpAddress.v4(0x0ac70000 + i)), i);
        }
        PrefixTable<Integer> table = PrefixTable.of(entries);

        for (int i = 0; i < 10_000; i++) {
            assertThat(table.lookupV4(0x0ac70000 + i)).isEqualTo(i);
        }
        assertThat(table.lookupV4(0x0ac70000 + 10_000)).isNull();
    }

    @Test
    void agreesWithTheSlowTableOnRandomTables() {
        Seeds.run(
                60,
                random -> {
                    Map<Prefix, Integer> entries = randomEntries(random);
                    PrefixTable<Integer> table = PrefixTable.of(entries);
                    var slow = new SlowPrefixTable<>(entries);
                    for (IpAddress probe : probes(entries, random)) {
                        Integer expected = slow.lookup(probe.hi(), probe.lo());
                        assertThat(at(table, probe)).as("%s", probe).isEqualTo(expected);
                        if (probe.isV4()) {
                            assertThat(table.lookupV4(probe.v4Bits())).isEqualTo(expected);
                        }
                    }
                });
    }

    private static Map<Prefix, Integer> randomEntries(SplittableRandom random) {
        var entries = new HashMap<Prefix, Integer>();
        int count = random.nextInt(200);
        for (int i = 0; i < count; i++) {
            boolean v4 = random.nextBoolean();
            IpAddress address = randomAddress(v4, random);
            int bits = v4 ? 96 + random.nextInt(33) : random.nextInt(129);
            entries.put(new Prefix(address, bits), i);
        }
        return entries;
    }

    /** Few distinct high bits, so that prefixes nest. */
    private static IpAddress randomAddress(boolean v4, SplittableRandom random) {
        if (v4) {
            return IpAddress.v4(0x0a000000 | random.nextInt(4) << 16 | random.nextInt(1 << 12));
        }
        return new IpAddress(0x20010db8_00000000L | random.nextInt(4), random.nextInt(1 << 12));
    }

    private static List<IpAddress> probes(Map<Prefix, Integer> entries, SplittableRandom random) {
        var probes = new ArrayList<IpAddress>();
        for (Prefix prefix : entries.keySet()) {
            IpAddress a = prefix.address();
            probes.add(a);
            probes.add(new IpAddress(a.hi(), a.lo() ^ 1L << random.nextInt(64)));
            probes.add(new IpAddress(a.hi() ^ 1L << random.nextInt(64), a.lo()));
        }
        for (int i = 0; i < 100; i++) {
            probes.add(randomAddress(random.nextBoolean(), random));
            probes.add(new IpAddress(random.nextLong(), random.nextLong()));
            probes.add(IpAddress.v4(random.nextInt()));
        }
        return probes;
    }

    private static @Nullable String v4(PrefixTable<String> table, String address) {
        return table.lookupV4(IpAddress.literal(address).v4Bits());
    }

    private static <T> @Nullable T at(PrefixTable<T> table, IpAddress address) {
        return table.lookup(address.hi(), address.lo());
    }
}
