package io.peermesh.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Tai64nTest {
    @Test
    void putsTheEpochTenSecondsAfterItsBase() {
        assertThat(HexFormat.of().formatHex(Tai64n.of(0).toBytes()))
                .isEqualTo("400000000000000a00000000");
        assertThat(HexFormat.of().formatHex(Tai64n.of(1_700_000_000_123_456_789L).toBytes()))
                .isEqualTo("400000006553f10a075bcd15");
    }

    @Test
    void readsBackWhatItWrote() {
        byte[] bytes = new byte[20];
        Tai64n label = Tai64n.of(1_700_000_000_123_456_789L);
        System.arraycopy(label.toBytes(), 0, bytes, 5, Tai64n.BYTES);

        assertThat(Tai64n.parse(bytes, 5)).isEqualTo(label);
    }

    @Test
    void ordersLikeItsBytesAsUnsignedNumbers() {
        long seed = Long.getLong("seed", 64L);
        var random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            byte[] a = new byte[Tai64n.BYTES];
            byte[] b = new byte[Tai64n.BYTES];
            random.nextBytes(a);
            random.nextBytes(b);
            if (random.nextBoolean()) {
                System.arraycopy(a, 0, b, 0, 8);
            }
            int order = Tai64n.parse(a, 0).compareTo(Tai64n.parse(b, 0));

            assertThat(Integer.signum(order))
                    .as("seed %d", seed)
                    .isEqualTo(Integer.signum(java.util.Arrays.compareUnsigned(a, b)));
        }
    }

    @Test
    void hidesTheExactClockInTheCoarseForm() {
        Tai64n coarse = Tai64n.coarse(1_700_000_000_123_456_789L);

        assertThat(coarse.nanos() % Tai64n.STEP_NANOS).isZero();
        assertThat(coarse).isLessThan(Tai64n.of(1_700_000_000_123_456_789L));
    }

    @Test
    void stepsOverTheEndOfASecond() {
        Tai64n last = Tai64n.coarse(999_999_999L);

        assertThat(last.nextCoarse()).isEqualTo(Tai64n.of(1_000_000_000L));
        assertThat(last.nextCoarse().nextCoarse()).isGreaterThan(last.nextCoarse());
        assertThat(last.nextCoarse().secondsAfter(last)).isEqualTo(1);
    }
}
