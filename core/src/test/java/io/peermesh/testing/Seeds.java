package io.peermesh.testing;

import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Random tests: each run draws new seeds, a failure names the one that failed, and {@code
 * -Dseed=NUMBER} replays it.
 */
public final class Seeds {
    private Seeds() {}

    /** Runs the body with {@code count} seeds, or only with the one of {@code -Dseed}. */
    public static void run(int count, Consumer<SplittableRandom> body) {
        Long given = Long.getLong("seed");
        if (given != null) {
            body.accept(new SplittableRandom(given));
            return;
        }
        var draw = new SplittableRandom();
        for (int i = 0; i < count; i++) {
            long seed = draw.nextLong();
            try {
                body.accept(new SplittableRandom(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("failed; replay with -Dseed=" + seed, e);
            }
        }
    }
}
