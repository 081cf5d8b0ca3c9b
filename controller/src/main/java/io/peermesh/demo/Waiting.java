package io.peermesh.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other processes do. The rig's clock is the real one, as its kernel is. */
public final class Waiting {
    private static final long STEP_MILLIS = 20;

    private Waiting() {}

    /** Asks again and again until there is an answer, or the limit is over. */
    public static <T> Optional<T> until(Duration limit, Supplier<Optional<T>> question) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<T> answer = question.get();
            if (answer.isPresent() || System.nanoTime() - end > 0 || !pause()) {
                return answer;
            }
        }
    }

    /** Waits until a condition holds; false when the limit is over before. */
    public static boolean untilTrue(Duration limit, BooleanSupplier condition) {
        return until(limit, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty())
                .isPresent();
    }

    private static boolean pause() {
        try {
            Thread.sleep(STEP_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
