package io.peermesh.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SourceLimiterTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final IpAddress SOURCE = IpAddress.literal("192.0.2.1");

    private final SourceLimiter limiter = new SourceLimiter();

    private int allowed(IpAddress source, int tries, long nowNanos) {
        int allowed = 0;
        for (int i = 0; i < tries; i++) {
            allowed += limiter.allows(source, nowNanos) ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void allowsABurstOfFiveAndThenTwentyASecond() {
        assertThat(allowed(SOURCE, 100, 0)).isEqualTo(5);
        int later = 0;
        for (int ms = 1; ms <= 1000; ms++) {
            later += allowed(SOURCE, 1, ms * MILLISECOND);
        }
        assertThat(later).isEqualTo(20);
    }

    @Test
    void countsIpv4AddressesOneByOneAndIpv6BySubnet() {
        assertThat(allowed(SOURCE, 9, 0)).isEqualTo(5);
        assertThat(allowed(IpAddress.literal("192.0.2.2"), 9, 0)).isEqualTo(5);
        assertThat(allowed(IpAddress.literal("2001:db8::1"), 9, 0)).isEqualTo(5);
        assertThat(allowed(IpAddress.literal("2001:db8::2"), 9, 0)).isZero();
        assertThat(allowed(IpAddress.literal("2001:db8:0:1::2"), 9, 0)).isEqualTo(5);
    }

    @Test
    void staysBoundedUnderAHundredThousandSources() {
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            refused += limiter.allows(IpAddress.v4(i), 0) ? 0 : 1;
        }

        assertThat(limiter.size()).isEqualTo(SourceLimiter.MAX_SOURCES);
        assertThat(refused).isEqualTo(100_000 - SourceLimiter.MAX_SOURCES);
    }

    @Test
    void forgetsSourcesThatAreQuiet() {
        for (int i = 0; i < 100_000; i++) {
            limiter.allows(IpAddress.v4(i), i * MILLISECOND / 10);
        }

        assertThat(limiter.size()).isLessThanOrEqualTo(2500);
        limiter.allows(SOURCE, 20_000 * MILLISECOND);
        assertThat(limiter.size()).isEqualTo(1);
    }

    /** The slow twin never forgets a bucket. */
    @Test
    void decidesLikeALimiterThatRemembersEverything() {
        long seed = Long.getLong("seed", 20L);
        var random = new Random(seed);
        Map<Integer, long[]> twin = new HashMap<>();
        long now = 0;
        for (int i = 0; i < 50_000; i++) {
            now += random.nextInt(20) * MILLISECOND;
            int source = random.nextInt(30);
            long[] bucket = twin.computeIfAbsent(source, key -> new long[] {250 * MILLISECOND, 0});
            bucket[0] = Math.min(250 * MILLISECOND, bucket[0] + now - bucket[1]);
            bucket[1] = now;
            boolean expected = bucket[0] >= 50 * MILLISECOND;
            bucket[0] -= expected ? 50 * MILLISECOND : 0;

            assertThat(limiter.allows(IpAddress.v4(source), now))
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(expected);
        }
    }
}
