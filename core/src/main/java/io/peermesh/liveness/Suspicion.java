package io.peermesh.liveness;

/**
 * Somebody said that the peer cannot be reached, who need not be right: three quick probes find
 * out. An answer to one of them ends the suspicion; when none comes, it was right. Times are
 * monotonic nanoseconds; one thread owns it.
 *
 * <pre>
 *   NONE --hint--&gt; ASKING --3 probes sent--&gt; WAITING --time is up--&gt; (right)
 *    ^               |                         |
 *    +---------------+-------- answer ---------+
 * </pre>
 */
public final class Suspicion {
    /** So many probes find out. */
    public static final int PROBES = 3;

    /** Hints that come sooner after one are ignored: they can be forged. */
    public static final long HINT_INTERVAL_NANOS = 1_000_000_000L;

    private enum State {
        /** Nothing was said. */
        NONE,
        /** The quick probes are going out. */
        ASKING,
        /** They are out. */
        WAITING
    }

    private State state = State.NONE;
    private int sent;
    private int firstSequence;
    private long verdictNanos;
    private boolean everHinted;
    private long hintedNanos;

    /** Whether the hint is followed. */
    public boolean onHint(long nowNanos) {
        boolean soon = everHinted && nowNanos - hintedNanos < HINT_INTERVAL_NANOS;
        if (state != State.NONE || soon) {
            return false;
        }
        everHinted = true;
        hintedNanos = nowNanos;
        state = State.ASKING;
        sent = 0;
        return true;
    }

    /** Whether quick probes are wanted. */
    public boolean isAsking() {
        return state == State.ASKING;
    }

    /**
     * A probe goes out.
     *
     * @param patienceNanos how long the last of them may take to be answered
     */
    public void onProbe(int sequence, long patienceNanos, long nowNanos) {
        if (state != State.ASKING) {
            return;
        }
        firstSequence = sent == 0 ? sequence : firstSequence;
        sent++;
        if (sent == PROBES) {
            state = State.WAITING;
            verdictNanos = nowNanos + patienceNanos;
        }
    }

    /** A probe was answered. */
    public void onReply(int sequence) {
        if (sent > 0 && sequence - firstSequence >= 0) {
            end();
        }
    }

    /** Whatever was said does not count any more. */
    public void end() {
        state = State.NONE;
        sent = 0;
    }

    /** Whether the time to answer is over; much later, nobody was there to hear an answer. */
    public boolean isRight(long nowNanos, long lateNanos) {
        if (nowNanos < verdictNanos()) {
            return false;
        }
        boolean heard = nowNanos - verdictNanos < lateNanos;
        end();
        return heard;
    }

    /** When {@link #isRight} is to be asked. */
    public long verdictNanos() {
        return state == State.WAITING ? verdictNanos : Long.MAX_VALUE;
    }
}
