package io.peermesh.testing;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

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
        draw(count).forEach(seed -> tryOne(seed, body));
    }

    /**
     * The same on all processors, for bodies that share nothing. Of several failures the one that
     * comes first is told; seeds that were not begun by then are left out.
     */
    public static void eachInParallel(int count, LongConsumer body) {
        Long given = Long.getLong("seed");
        if (given != null) {
            body.accept(given);
            return;
        }
        var failures = new ConcurrentLinkedQueue<AssertionError>();
        draw(count)
                .parallel()
                .filter(seed -> failures.isEmpty())
                .forEach(seed -> {
                    try {
                        tryOne(seed, body);
                    } catch (AssertionError e) {
                        failures.add(e);
                    }
                });
        if (!failures.isEmpty()) {
            throw failures.element();
        }
    }

    private static LongStream draw(int count) {
        var draw = new SplittableRandom(Long.getLong("seeds.from", 1));
        long[] seeds = new long[count];
        Arrays.setAll(seeds, i -> draw.nextLong());
        return Arrays.stream(seeds);
    }

    private static void tryOne(long seed, LongConsumer body) {
        try {
            body.accept(seed);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(e.getMessage() + "\nreplay with -Dseed=" + seed, e);
        }
    }
}
