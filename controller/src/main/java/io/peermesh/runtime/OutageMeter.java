package io.peermesh.runtime;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Takes a link down for a while and measures the outage from outside: asks an address for an echo
 * every 10 ms, and takes the longest time from one answer to the next. It is over when the link
 * answers again, whether or not anything could be measured. Blocks its caller, which should be a
 * thread of its own.
 */
final class OutageMeter {
    /** Time between two requests: no outage is measured finer. */
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** How long the first answer may take before anything is taken down. */
    static final long FIRST_ANSWER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long the link is waited for after the silence is over. */
    static final long RETURN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final String NO_ANSWERS =
            "the peer does not answer an echo inside the mesh: it runs without a TUN device (--tun"
                    + " none), or a firewall on it drops ICMP";
    private static final String NO_MORE_ANSWERS = "no answer came any more after the drill";

    private final LongSupplier clock;

    /** Reads this clock, monotonic nanoseconds. */
    OutageMeter(LongSupplier clock) {
        this.clock = clock;
    }

    /** The link under drill. */
    interface Link {
        /** Silences it for the time of the drill; false when there is no such link. */
        boolean takeDown();

        /** Whether the peer answers on it, later than at this time. */
        boolean answersAfter(long nanos);
    }

    /**
     * Takes the link down, and returns when it is back.
     *
     * @param obstacle why nothing will be measured; empty to measure by the echo
     */
    DrillResult measure(Echo echo, String obstacle, Duration lasting, Link link) {
        var run = new Run(echo);
        if (obstacle.isEmpty()) {
            run.until(clock.getAsLong() + FIRST_ANSWER_NANOS, () -> run.answered > 0);
        }
        boolean measurable = run.answered > 0;
        if (!link.takeDown()) {
            return DrillResult.failed("the link was taken out of the configuration");
        }
        long endNanos = clock.getAsLong() + lasting.toNanos();
        run.until(endNanos, () -> false);
        run.answered = 0;
        run.until(
                endNanos + RETURN_NANOS,
                () -> run.isBack(link, endNanos) && (run.answered > 0 || !measurable));
        if (measurable && run.answered > 0) {
            return new DrillResult(
                    true, run.longestNanos, run.sent, run.sent - run.all, run.returnNanos, "");
        }
        return DrillResult.unmeasured(
                run.returnNanos,
                measurable ? NO_MORE_ANSWERS : obstacle.isEmpty() ? NO_ANSWERS : obstacle);
    }

    /** One series of requests. */
    private final class Run {
        private final Echo echo;
        private int sent;
        private int all; // answers
        private int answered; // of these, in the phase that goes on
        private long lastAnswerNanos;
        private long longestNanos;
        private long nextNanos = clock.getAsLong();
        private long returnNanos = -1;

        Run(Echo echo) {
            this.echo = echo;
        }

        /** Asks and listens until a time, or until there is enough. */
        void until(long endNanos, BooleanSupplier enough) {
            for (long now = clock.getAsLong();
                    now - endNanos < 0 && !enough.getAsBoolean();
                    now = clock.getAsLong()) {
                if (now - nextNanos >= 0) {
                    echo.send(sent & 0xffff);
                    sent++;
                    nextNanos = now + INTERVAL_NANOS;
                }
                long waitMillis = TimeUnit.NANOSECONDS.toMillis(nextNanos - now) + 1;
                if (echo.receive(Math.clamp(waitMillis, 1, 10)) >= 0) {
                    onAnswer(clock.getAsLong());
                }
            }
        }

        private void onAnswer(long nowNanos) {
            if (all > 0) {
                longestNanos = Math.max(longestNanos, nowNanos - lastAnswerNanos);
            }
            all++;
            answered++;
            lastAnswerNanos = nowNanos;
        }

        boolean isBack(Link link, long silenceEndsNanos) {
            if (returnNanos < 0 && link.answersAfter(silenceEndsNanos)) {
                returnNanos = clock.getAsLong() - silenceEndsNanos;
            }
            return returnNanos >= 0;
        }
    }
}
