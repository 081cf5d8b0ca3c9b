package io.peermesh.liveness;

/**
 * How often links are probed: the quicker a dead link is noticed, the more bytes the probes cost.
 * {@link #detectionNanos} and {@link #bytesPerMonth} say how much of either.
 */
public enum ProbeProfile {
    /** Every 50 ms: the default. */
    FAST(50),
    /** Every 200 ms: for links that are paid by volume. */
    NORMAL(200),
    /** Every second: for very thin links. */
    SLOW(1000);

    private static final long MILLISECOND = 1_000_000L;
    private static final long MONTH_MILLIS = 30L * 24 * 3600 * 1000;

    /** IPv4, UDP, transport header, tag: 20 + 8 + 16 + 16 bytes around each message. */
    private static final int OVERHEAD_BYTES = 60;

    private static final int PROBE_BYTES = OVERHEAD_BYTES + 16;
    private static final int REPLY_BYTES = OVERHEAD_BYTES + 20;

    private final long intervalMillis;

    ProbeProfile(long intervalMillis) {
        this.intervalMillis = intervalMillis;
    }

    /** Time between two probes. */
    public long intervalNanos() {
        return intervalMillis * MILLISECOND;
    }

    /**
     * How long after the last answer a link that has fallen silent is taken down, as expected where
     * round trips hardly vary.
     */
    public long detectionNanos() {
        return LinkMonitor.toleratedSilenceNanos(
                LinkMonitor.SILENT_INTERVALS, intervalNanos(), /* jitterNanos= */ 0);
    }

    /**
     * IP bytes that the probes of one link take in 30 days, in each direction: both ends probe and
     * answer. Over IPv6 it is a quarter more.
     */
    public long bytesPerMonth() {
        return MONTH_MILLIS / intervalMillis * (PROBE_BYTES + REPLY_BYTES);
    }
}
