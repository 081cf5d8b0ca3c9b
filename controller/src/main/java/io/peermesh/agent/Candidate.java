package io.peermesh.agent;

/** What {@link Failover} knows of one controller. Owned by its machine. */
final class Candidate {
    /** Keys of this age are not taken for a switch: they have 10 s left at best. */
    static final long READY_NANOS = 170_000_000_000L;

    /** The time of what has not happened. */
    static final long NEVER = Long.MIN_VALUE;

    final int id;

    /** When its last handshake was done; {@link #NEVER} while its keys are used up or gone. */
    long readyNanos = NEVER;

    /** When it last answered a handshake or a probe. */
    long answeredNanos = NEVER;

    /** Smoothed round trip of handshakes and probes; 0 while unknown. */
    long rttNanos;

    /** Handshakes answered in a row. */
    int streak;

    /** When to start the next handshake with it while it stands by. */
    long handshakeDueNanos;

    /** When it was found silent in the outage that goes on. */
    long silentNanos = NEVER;

    /** Whether it has ever answered a probe. */
    boolean answersProbes;

    /** How often it answered a handshake after it had answered no probe. */
    int mute;

    /** When the controllers moved us away from it. */
    long leftNanos = NEVER;

    Candidate(int id, long nowNanos) {
        this.id = id;
        this.handshakeDueNanos = nowNanos;
    }

    boolean isReady(long nowNanos) {
        return readyNanos != NEVER && nowNanos - readyNanos < READY_NANOS;
    }

    /** Whether the controllers moved us away from it less than {@code nanos} ago. */
    boolean wasLeftWithin(long nanos, long nowNanos) {
        return leftNanos != NEVER && nowNanos - leftNanos < nanos;
    }

    /** It answers handshakes and no pings: something on it drops them. */
    boolean isMute() {
        return !answersProbes && mute >= 2;
    }

    /** It spoke up in an outage in which it had been silent. */
    void spokeUp() {
        if (silentNanos != NEVER) {
            silentNanos = NEVER;
            mute += answersProbes ? 0 : 1;
        }
    }

    /** Takes in a round trip; the smoothing is TCP's (RFC 6298: 7 parts old, 1 part new). */
    void measured(long roundTripNanos) {
        rttNanos = rttNanos == 0 ? roundTripNanos : (7 * rttNanos + roundTripNanos) / 8;
    }
}
