package io.peermesh.node;

/** The wall clock as last told, carried on by the monotonic one. */
final class WallClock {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private long offsetNanos;

    void onWallClock(long epochNanos, long nowNanos) {
        offsetNanos = epochNanos - nowNanos;
    }

    long epochNanos(long nowNanos) {
        return nowNanos + offsetNanos;
    }

    long epochMillis(long nowNanos) {
        return epochNanos(nowNanos) / NANOS_PER_MILLI;
    }
}
