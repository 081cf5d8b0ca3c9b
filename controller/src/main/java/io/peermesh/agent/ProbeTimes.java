package io.peermesh.agent;

/**
 * When the latest probes were sent, so that answers tell the round trip. Numbers grow for ever;
 * only the last {@link #REMEMBERED} are known, which is more than any round trip lasts.
 */
final class ProbeTimes {
    /** 12.8 s at the usual interval. */
    static final int REMEMBERED = 64;

    private final long[] sentNanos = new long[REMEMBERED];
    private final boolean[] open = new boolean[REMEMBERED];
    private long sent;
    private long answered;
    private long oldest; // numbers before this one are of a former controller

    /** The number of the probe that is sent now. */
    long next(long nowNanos) {
        int slot = (int) (sent % REMEMBERED);
        sentNanos[slot] = nowNanos;
        open[slot] = true;
        return sent++;
    }

    /** The round trip of an answer; negative when it is none that is waited for. */
    long onAnswer(long number, long nowNanos) {
        int slot = (int) Math.floorMod(number, (long) REMEMBERED);
        if (number < oldest || number >= sent || sent - number > REMEMBERED || !open[slot]) {
            return -1;
        }
        open[slot] = false;
        answered++;
        return nowNanos - sentNanos[slot];
    }

    /** Another controller is asked from now on. */
    void forget() {
        oldest = sent;
    }

    long sent() {
        return sent;
    }

    long answered() {
        return answered;
    }
}
