package io.peermesh.liveness;

/** Smoothed round-trip time and its mean deviation (RFC 6298 §2). */
final class RoundTrip {
    private static final long MILLISECOND = 1_000_000L;

    /** Before the first sample. */
    static final long INITIAL_RETRANSMIT_NANOS = 300 * MILLISECOND;

    /** RFC 6298 says 1 s, for the sake of delayed acknowledgements, which we have not. */
    static final long MIN_RETRANSMIT_NANOS = 50 * MILLISECOND;

    static final long MAX_RETRANSMIT_NANOS = 3_000 * MILLISECOND;

    private boolean sampled;
    private long smoothedNanos;
    private long jitterNanos;

    void sample(long nanos) {
        if (nanos < 0) {
            return;
        }
        if (sampled) {
            jitterNanos += (Math.abs(smoothedNanos - nanos) - jitterNanos) / 4;
            smoothedNanos += (nanos - smoothedNanos) / 8;
        } else {
            sampled = true;
            jitterNanos = nanos / 2;
            smoothedNanos = nanos;
        }
    }

    long smoothedNanos() {
        return smoothedNanos;
    }

    long jitterNanos() {
        return jitterNanos;
    }

    long retransmitNanos() {
        if (!sampled) {
            return INITIAL_RETRANSMIT_NANOS;
        }
        return Math.clamp(
                smoothedNanos + 4 * jitterNanos, MIN_RETRANSMIT_NANOS, MAX_RETRANSMIT_NANOS);
    }
}
