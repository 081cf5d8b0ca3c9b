package io.peermesh.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkCostTest {
    private static final long US = 1_000L;

    @ParameterizedTest
    @CsvSource({
        "0,0,11",
        "999,0,11",
        "1000,0,12",
        "30000,0,60",
        "9000000,0,1010",
        "0,0.02,22",
        "0,1,44"
    })
    void costsWhatItsClassSays(long rttMicros, double loss, int cost) {
        assertThat(new LinkCost().update(rttMicros * US, loss)).isEqualTo(cost);
    }

    @Test
    void doesNotTrembleAboutABoundary() {
        var cost = new LinkCost();
        int first = cost.update(1_900 * US, 0);

        for (int i = 0; i < 100; i++) {
            assertThat(cost.update((i % 2 == 0 ? 1_700 : 2_400) * US, i % 2 * 0.024))
                    .isEqualTo(first);
        }
    }

    @Test
    void followsAClearChangeOverSeveralClassesAndBack() {
        var cost = new LinkCost();
        cost.update(500 * US, 0);

        assertThat(cost.update(200_000 * US, 0.5)).isEqualTo(4 * 210);
        assertThat(cost.update(500 * US, 0)).isEqualTo(11);
    }

    @Test
    void prefersOneHopToTwoOfTheSameTotalTime() {
        int direct = new LinkCost().update(8_000 * US, 0);
        int each = new LinkCost().update(4_000 * US, 0);

        assertThat(direct).isLessThan(2 * each);
    }
}
