package io.peermesh.testing;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Random tests: a failure names the seed that failed, and {@code -Dseed=NUMBER} replays it. Each
 * run draws the same seeds, so that a build which passed here passes elsewhere; {@code
 * -Dseeds.from=NUMBER} draws others, for hunting.
 */
public final class Seeds {
    private Seeds() {}

    /** Runs the body with {@code count} generators, or only with that of {@code -Dseed}. */
    public static void run(int count, Consumer<SplittableRandom> body) {
        each(count, seed -> body.accept(new SplittableRandom(seed)));
    }

    /** Runs the body with {@code count} seeds, or only with the one of {@code -Dseed}. */
    public static void each(int count, LongConsumer body) {
        Long given = Long.getLong("seed");
        if (given != null) {
            body.accept(given);
            return;
        }
        var draw = new SplittableRandom(Long.getLong("seeds.from", 1));
        for (int i = 0; i < count; i++) {
            long seed = draw.nextLong();
            try {
                body.accept(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(e.getMessage() + "\nreplay with -Dseed=" + seed, e);
            }
        }
    }
}
