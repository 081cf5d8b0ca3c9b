package io.peermesh.forward;

/** Lets through a mean rate with bursts. Starts full. */
final class TokenBucket {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final long costNanos;
    private final long fullNanos;
    private long creditNanos;
    private long lastNanos;
    private boolean started;

    TokenBucket(int perSecond, int burst) {
        costNanos = SECOND_NANOS / perSecond;
        fullNanos = costNanos * burst;
        creditNanos = fullNanos;
    }

    boolean take(long nowNanos) {
        if (started) {
            long elapsed = Math.max(0, nowNanos - lastNanos);
            creditNanos = Math.min(fullNanos, creditNanos + Math.min(elapsed, fullNanos));
        }
        started = true;
        lastNanos = nowNanos;
        if (creditNanos < costNanos) {
            return false;
        }
        creditNanos -= costNanos;
        return true;
    }
}
