package io.peermesh.session;

/** An unfinished effort to get a session, over all its initiations. */
final class Attempt {
    private final RetryLadder ladder;
    private long neededNanos;
    private long nextNanos;
    private int sent;

    Attempt(RetryLadder ladder, long nowNanos, long firstNanos) {
        this.ladder = ladder;
        this.neededNanos = nowNanos;
        this.nextNanos = firstNanos;
    }

    /** Someone asked for the session again: the time to give up counts from now. */
    void onNeeded(long nowNanos) {
        neededNanos = nowNanos;
    }

    void onSent(long nowNanos, int randomBits) {
        sent++;
        long jitter = ladder.jitterNanos();
        long part = jitter == 0 ? 0 : Integer.toUnsignedLong(randomBits) % jitter;
        nextNanos = nowNanos + ladder.delayNanos(sent) + part;
    }

    void onCookie(long soonestNanos) {
        if (ladder.resendOnCookie()) {
            nextNanos = soonestNanos;
        }
    }

    long nextNanos() {
        return nextNanos;
    }

    long giveUpNanos() {
        return ladder.giveUpAfterNanos() == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : neededNanos + ladder.giveUpAfterNanos();
    }

    long deadlineNanos() {
        return Math.min(nextNanos, giveUpNanos());
    }
}
