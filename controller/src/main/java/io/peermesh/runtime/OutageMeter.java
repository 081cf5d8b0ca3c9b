package io.peermesh.runtime;

import io.peermesh.ip.IpAddress;
import io.peermesh.linux.LinuxEcho;
import io.peermesh.linux.OsException;
import io.peermesh.port.Entropy;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Measures an outage from outside: asks an address for an echo every 10 ms, and takes the longest
 * time from one answer to the next. Blocks its caller, which should be a thread of its own.
 */
final class OutageMeter {
    /** Time between two requests: no outage is measured finer. */
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** How long the first answer may take before anything is taken down. */
    private static final long FIRST_ANSWER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long answers are waited for after the drill is over. */
    private static final long LAST_ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Entropy entropy;

    OutageMeter(Entropy entropy) {
        this.entropy = entropy;
    }

    /**
     * Takes something down when a first answer has come, and measures until it is up again.
     *
     * @param takeDown takes it down for {@code lasting}; false when it cannot
     */
    DrillResult measure(IpAddress address, Duration lasting, BooleanSupplier takeDown) {
        try (var echo = new LinuxEcho(address, entropy.nextInt() & 0xffff)) {
            var run = new Run(echo);
            run.until(System.nanoTime() + FIRST_ANSWER_NANOS, true);
            if (run.answered == 0) {
                return withoutMeasure(takeDown, address + " does not answer an echo");
            }
            if (!takeDown.getAsBoolean()) {
                return DrillResult.failed();
            }
            run.until(System.nanoTime() + lasting.toNanos(), false);
            run.answeredSince = 0;
            run.until(System.nanoTime() + LAST_ANSWER_NANOS, true);
            return run.result();
        } catch (OsException e) {
            return withoutMeasure(takeDown, Objects.requireNonNullElse(e.getMessage(), ""));
        }
    }

    private static DrillResult withoutMeasure(BooleanSupplier takeDown, String reason) {
        return takeDown.getAsBoolean() ? DrillResult.unmeasured(reason) : DrillResult.failed();
    }

    /** One series of requests. */
    private static final class Run {
        private final LinuxEcho echo;
        private int sent;
        private int answered;
        private int answeredSince;
        private long lastAnswerNanos;
        private long longestNanos;
        private long nextNanos = System.nanoTime();

        Run(LinuxEcho echo) {
            this.echo = echo;
        }

        /** Asks and listens until a time, or until an answer comes. */
        void until(long endNanos, boolean endWithAnswer) {
            while (System.nanoTime() - endNanos < 0 && !(endWithAnswer && answeredSince > 0)) {
                long now = System.nanoTime();
                if (now - nextNanos >= 0) {
                    echo.send(sent & 0xffff);
                    sent++;
                    nextNanos = now + INTERVAL_NANOS;
                }
                long waitMillis = TimeUnit.NANOSECONDS.toMillis(nextNanos - now) + 1;
                if (echo.receive(Math.clamp(waitMillis, 1, 10)) >= 0) {
                    onAnswer(System.nanoTime());
                }
            }
        }

        private void onAnswer(long nowNanos) {
            if (answered > 0) {
                longestNanos = Math.max(longestNanos, nowNanos - lastAnswerNanos);
            }
            answered++;
            answeredSince++;
            lastAnswerNanos = nowNanos;
        }

        DrillResult result() {
            return answeredSince == 0
                    ? DrillResult.unmeasured("no answer came any more after the drill")
                    : new DrillResult(true, longestNanos, sent, sent - answered, "");
        }
    }
}
