package io.peermesh.agent;

import io.peermesh.agent.Failover.State;

/**
 * Keeps two ways of moving apart. When a controller dies, the survivors agree which of them takes
 * its clients and call them, while the clients look for another one by themselves. Who calls does
 * not know yet where we went, and we do not know who is about to call: without this, each such
 * death could move us twice. Owned by {@link Failover}.
 */
final class Callers {
    /** Once we have moved, no other controller may take us for so long: the first shall keep us. */
    static final long SETTLE_NANOS = 2_000_000_000L;

    /** Before we leave a silent one, those that call are waited for so long at most. */
    static final long CALLED_NANOS = 1_000_000_000L;

    private long firstNanos = Candidate.NEVER; // since the one in use answered
    private long untilNanos = Candidate.NEVER;
    private int caller; // the latest
    private long putOff;

    /**
     * Whether a handshake of another controller is answered: not right after a move, and not while
     * a third one may take us.
     *
     * @param usedNanos since when the present one is used
     * @param answerNanos how long its first answer may take
     */
    boolean mayTake(int id, State state, long usedNanos, long answerNanos, long nowNanos) {
        long settleNanos =
                switch (state) {
                    case CONNECTED -> SETTLE_NANOS;
                    case SWITCHING -> answerNanos;
                    case CONNECTING, SEARCHING -> 0;
                };
        boolean settling = nowNanos - usedNanos < settleNanos;
        boolean anotherCalls = areExpected(nowNanos) && id != caller;
        putOff += settling || anotherCalls ? 1 : 0;
        return !settling && !anotherCalls;
    }

    /** Another controller's handshake was answered: in a moment it may have taken us. */
    void onCall(int id, long answerNanos, long nowNanos) {
        caller = id;
        firstNanos = firstNanos == Candidate.NEVER ? nowNanos : firstNanos;
        untilNanos = Math.min(nowNanos + answerNanos, firstNanos + CALLED_NANOS);
    }

    /** Whether one that has called may take us yet. */
    boolean areExpected(long nowNanos) {
        return nowNanos < untilNanos;
    }

    /** The one in use answers, or is another one. */
    void forget() {
        firstNanos = Candidate.NEVER;
        untilNanos = Candidate.NEVER;
    }

    /** Handshakes that were not answered because we had just moved, or were about to. */
    long putOff() {
        return putOff;
    }
}
