package io.peermesh.node;

/**
 * What an operator may tune in a node.
 *
 * @param probeIntervalNanos time between two probes on a link; three silent ones take it down
 */
public record NodeSettings(long probeIntervalNanos) {
    private static final long MILLISECOND = 1_000_000L;

    /** Checks the range: 10 ms to 10 s. */
    public NodeSettings {
        if (probeIntervalNanos < 10 * MILLISECOND || probeIntervalNanos > 10_000 * MILLISECOND) {
            throw new IllegalArgumentException(
                    "the probe interval is 10 ms to 10 s, not " + probeIntervalNanos + " ns");
        }
    }

    /** Probes every 200 ms. */
    public static NodeSettings defaults() {
        return new NodeSettings(200 * MILLISECOND);
    }
}
