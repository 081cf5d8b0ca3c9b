package io.peermesh.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.testing.Seeds;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    private final ReplayWindow window = new ReplayWindow();

    @Test
    void takesEachCounterOnce() {
        for (long counter = 0; counter < 20_000; counter++) {
            assertThat(take(counter)).isTrue();
            assertThat(take(counter)).isFalse();
        }
    }

    @Test
    void asksWithoutMarking() {
        assertThat(window.isFresh(7)).isTrue();
        assertThat(window.isFresh(7)).isTrue();
    }

    @Test
    void takesZeroAfterLaterOnes() {
        assertThat(take(5)).isTrue();
        assertThat(take(0)).isTrue();
        assertThat(take(0)).isFalse();
    }

    @Test
    void reachesBackExactlyOneWindow() {
        long newest = 100_000;
        take(newest);

        assertThat(take(newest - ReplayWindow.WINDOW_BITS)).isFalse();
        assertThat(take(newest - ReplayWindow.WINDOW_BITS + 1)).isTrue();
        assertThat(take(newest - ReplayWindow.WINDOW_BITS + 1)).isFalse();
    }

    @Test
    void forgetsNothingInsideTheWindowWhenItSlides() {
        take(0);
        take(ReplayWindow.WINDOW_BITS - 1);

        assertThat(window.isFresh(0)).isFalse();
        assertThat(window.isFresh(1)).isTrue();
    }

    @Test
    void jumpsBeyondTheWholeRing() {
        for (long i = 0; i < 9000; i++) {
            take(i);
        }
        long far = 9000 + 3L * 8192;

        assertThat(take(far)).isTrue();

        for (long counter = far - ReplayWindow.WINDOW_BITS + 1; counter < far; counter++) {
            assertThat(window.isFresh(counter)).as("%d", counter).isTrue();
        }
    }

    /** The corner cases of the reference test of RFC 6479. */
    @Test
    void knowsTheCornersOfRfc6479() {
        long w = ReplayWindow.WINDOW_BITS;
        long[] counters = {0, 1, 1, 9, 8, 7, 7, w, w - 1, w - 1, w - 2, 2, 2, w + 16, 3, w + 16};
        boolean[] fresh = {
            true, true, false, true, true, true, false, true, true, false, true, true, false, true,
            false, false
        };
        for (int i = 0; i < counters.length; i++) {
            assertThat(take(counters[i])).as("step %d: %d", i, counters[i]).isEqualTo(fresh[i]);
        }
        assertThat(take(w * 4)).isTrue();
        assertThat(take(w * 4 - (w - 1))).isTrue();
        assertThat(take(10)).isFalse();
        assertThat(take(w * 4 - w)).isFalse();
        assertThat(take(w * 4 - (w + 1))).isFalse();
        assertThat(take(w * 4 - (w - 2))).isTrue();
        assertThat(take(w * 4 + 1 - w)).isFalse();
    }

    @Test
    void refusesCountersThatNoSenderMayReach() {
        assertThat(window.isFresh(ReplayWindow.LIMIT)).isFalse();
        assertThat(window.isFresh(-1)).isFalse();
        assertThat(take(ReplayWindow.LIMIT - 1)).isTrue();
        assertThat(take(ReplayWindow.LIMIT - 1)).isFalse();
        assertThat(window.isFresh(0)).isFalse();
    }

    @Test
    void agreesWithASetOfAllCounters() {
        Seeds.run(
                40,
                random -> {
                    var fast = new ReplayWindow();
                    var slow = new SlowWindow();
                    long at = random.nextInt(3) == 0 ? 0 : random.nextLong() >>> 1;
                    for (int i = 0; i < 3000; i++) {
                        at = Math.max(0, at + step(random));
                        assertThat(fast.isFresh(at)).as("%d", at).isEqualTo(slow.isFresh(at));
                        if (slow.isFresh(at) && random.nextInt(8) > 0) {
                            fast.mark(at);
                            slow.mark(at);
                        }
                    }
                });
    }

    private static long step(SplittableRandom random) {
        return switch (random.nextInt(12)) {
            case 0 -> random.nextInt(-8200, 8200);
            case 1 -> random.nextInt(20_000);
            case 2 -> random.nextBoolean() ? ReplayWindow.WINDOW_BITS : -ReplayWindow.WINDOW_BITS;
            case 3 -> 64L * random.nextInt(-4, 4);
            default -> random.nextInt(-16, 24);
        };
    }

    private boolean take(long counter) {
        if (!window.isFresh(counter)) {
            return false;
        }
        window.mark(counter);
        return true;
    }

    /** The obviously right twin: remembers everything. */
    private static final class SlowWindow {
        private final Set<Long> seen = new HashSet<>();
        private long newest = -1;

        boolean isFresh(long counter) {
            return !seen.contains(counter)
                    && (newest < 0 || counter > newest - ReplayWindow.WINDOW_BITS);
        }

        void mark(long counter) {
            seen.add(counter);
            newest = Math.max(newest, counter);
        }
    }
}
