package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.wire.Tai64n;
import org.junit.jupiter.api.Test;

class MeshClockTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_800_000_000L * SECOND;
    private final WallClock own = new WallClock();
    private final MeshClock clock = new MeshClock(own);

    @Test
    void aClockThatIsAheadGivesWayToTheMiddle() {
        own.onWallClock(NOW + 600 * SECOND, 0);
        assertThat(clock.epochNanos(0)).as("nobody to compare with").isEqualTo(NOW + 600 * SECOND);

        assertThat(clock.onHeard(1, NOW, 0)).contains(-600 * SECOND);

        assertThat(clock.epochNanos(SECOND)).isEqualTo(NOW + SECOND);
    }

    @Test
    void smallDifferencesAndALateClockStay() {
        own.onWallClock(NOW, 0);

        assertThat(clock.onHeard(1, NOW + 50 * SECOND, 0)).isEmpty();
        assertThat(clock.onHeard(2, NOW + 700 * SECOND, 0)).contains(700 * SECOND);

        assertThat(clock.epochNanos(0)).isEqualTo(NOW);
    }

    @Test
    void oneClockFarAheadOfThreeDoesNotMoveTheLimits() {
        own.onWallClock(NOW, 0);
        clock.onHeard(1, NOW, 0);
        clock.onHeard(2, Long.MAX_VALUE / 2, 0);

        assertThat(clock.limits(0).epochMillis()).isEqualTo((NOW + 3_600 * SECOND) / 1_000_000L);
        assertThat(clock.limits(0).gateway()).isEqualTo(Tai64n.of(NOW + 60 * SECOND));
    }
}
