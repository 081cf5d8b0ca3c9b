package io.peermesh.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.testing.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "10.0.0.0/8",
                "10.199.0.1/32",
                "::/0",
                "::/128",
                "2001:db8::/32",
                "2001:db8::1/128"
            })
    void readsAndWrites(String text) {
        assertThat(Prefix.literal(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.0",
                "10.0.0.0/",
                "/8",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.0/1000",
                "10.0.0.1/8",
                "10.0.0.1/31",
                "0.0.0.1/0",
                "::/129",
                "2001:db8::1/127",
                "2001:db8::/31x",
                "[::]/0",
                "10/8"
            })
    void refusesMalformedPrefixesAndHostBits(String text) {
        assertThat(Prefix.parse(text)).isEmpty();
    }

    @Test
    void theConstructorClearsHostBits() {
        var prefix = new Prefix(IpAddress.literal("10.1.2.3"), 96 + 8);

        assertThat(prefix).isEqualTo(Prefix.literal("10.0.0.0/8"));
        assertThat(prefix.length()).isEqualTo(8);
    }

    @Test
    void anIpv4PrefixHasAtLeastTheBitsOfItsMapping() {
        assertThatThrownBy(() -> new Prefix(IpAddress.v4(0), 95))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Prefix(IpAddress.UNSPECIFIED, 129))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Prefix(IpAddress.UNSPECIFIED, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void containsFromItsFirstToItsLastAddress() {
        Prefix prefix = Prefix.literal("10.1.0.0/16");

        assertThat(prefix.contains(IpAddress.literal("10.0.255.255"))).isFalse();
        assertThat(prefix.contains(IpAddress.literal("10.1.0.0"))).isTrue();
        assertThat(prefix.contains(IpAddress.literal("10.1.255.255"))).isTrue();
        assertThat(prefix.contains(IpAddress.literal("10.2.0.0"))).isFalse();
    }

    @Test
    void familiesDoNotMix() {
        assertThat(Prefix.literal("::/0").contains(IpAddress.literal("10.0.0.1"))).isFalse();
        assertThat(Prefix.literal("::/0").contains(Prefix.literal("10.0.0.0/8"))).isFalse();
        assertThat(Prefix.literal("0.0.0.0/0").contains(IpAddress.literal("::1"))).isFalse();
        assertThat(Prefix.literal("0.0.0.0/0").overlaps(Prefix.literal("::/0"))).isFalse();
    }

    @Test
    void overlapsWhereOneContainsTheOther() {
        Prefix wide = Prefix.literal("10.0.0.0/8");
        Prefix narrow = Prefix.literal("10.9.0.0/16");

        assertThat(wide.overlaps(narrow)).isTrue();
        assertThat(narrow.overlaps(wide)).isTrue();
        assertThat(wide.contains(narrow)).isTrue();
        assertThat(narrow.contains(wide)).isFalse();
        assertThat(narrow.overlaps(Prefix.literal("10.8.0.0/16"))).isFalse();
    }

    @Test
    void containsWhatAgreesInEveryBitOfItsLength() {
        Seeds.run(
                3000,
                random -> {
                    boolean v4 = random.nextBoolean();
                    IpAddress a = address(v4, random);
                    int bits = v4 ? 96 + random.nextInt(33) : random.nextInt(129);
                    int flipped = v4 ? 96 + random.nextInt(32) : random.nextInt(128);
                    IpAddress b = flip(a, flipped);

                    assertThat(new Prefix(a, bits).contains(a)).isTrue();
                    assertThat(new Prefix(a, bits).contains(b)).isEqualTo(flipped >= bits);
                });
    }

    private static IpAddress address(boolean v4, SplittableRandom random) {
        return v4
                ? IpAddress.v4(random.nextInt())
                : new IpAddress(random.nextLong() | 1L << 62, random.nextLong());
    }

    private static IpAddress flip(IpAddress a, int bit) {
        return bit < 64
                ? new IpAddress(a.hi() ^ 1L << (63 - bit), a.lo())
                : new IpAddress(a.hi(), a.lo() ^ 1L << (127 - bit));
    }
}
