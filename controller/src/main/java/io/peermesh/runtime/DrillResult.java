package io.peermesh.runtime;

/**
 * What a failover drill has shown.
 *
 * @param done whether the link was taken down at all
 * @param outageNanos the longest time from one answer of the peer to the next; -1 when it could not
 *     be measured
 * @param sent echo requests during the drill
 * @param lost how many of them stayed unanswered, those under way at the end included
 * @param obstacle why the outage could not be measured; empty when it was
 */
public record DrillResult(boolean done, long outageNanos, int sent, int lost, String obstacle) {
    /** The link was taken down, and nothing was measured. */
    public static DrillResult unmeasured(String obstacle) {
        return new DrillResult(true, -1, 0, 0, obstacle);
    }

    /** There is no such link any more. */
    public static DrillResult failed() {
        return new DrillResult(false, -1, 0, 0, "the link was taken out of the configuration");
    }
}
