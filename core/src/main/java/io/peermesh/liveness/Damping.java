package io.peermesh.liveness;

/**
 * How long a link that returns must answer before it is used again. The first failure after a quiet
 * time costs nothing; each further one doubles the hold-down, each quiet minute takes one back.
 *
 * <pre>
 *   flaps      1    2    3    4    5    6    7    8
 *   hold-down  0    1    2    4    8   16   32   60 s
 * </pre>
 */
final class Damping {
    private static final long SECOND = 1_000_000_000L;

    static final long MAX_HOLD_NANOS = 60 * SECOND;

    /** This long without a flap makes one forgotten. */
    static final long FORGIVE_NANOS = 60 * SECOND;

    private static final int MAX_FLAPS = 8;

    private int flaps;
    private long countedNanos;

    /** A link that was used went down. */
    void onFlap(long nowNanos) {
        flaps = Math.min(flaps(nowNanos) + 1, MAX_FLAPS);
        countedNanos = nowNanos;
    }

    /** Flaps that still count. */
    int flaps(long nowNanos) {
        while (flaps > 0 && nowNanos - countedNanos >= FORGIVE_NANOS) {
            flaps--;
            countedNanos += FORGIVE_NANOS;
        }
        return flaps;
    }

    long holdNanos(long nowNanos) {
        int counting = flaps(nowNanos);
        return counting < 2 ? 0 : Math.min(SECOND << (counting - 2), MAX_HOLD_NANOS);
    }
}
