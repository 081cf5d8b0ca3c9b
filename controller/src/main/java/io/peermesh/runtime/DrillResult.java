package io.peermesh.runtime;

/**
 * What a failover drill has shown.
 *
 * @param done whether the link was taken down at all
 * @param outageNanos the longest time from one answer of the peer to the next; -1 when it could not
 *     be measured
 * @param sent echo requests during the drill
 * @param lost how many of them stayed unanswered, those under way at the end included
 * @param returnNanos from the end of the silence until the peer answered on the link again; -1 when
 *     it had not {@link OutageMeter#RETURN_NANOS} later
 * @param obstacle why the outage could not be measured; empty when it was
 */
public record DrillResult(
        boolean done, long outageNanos, int sent, int lost, long returnNanos, String obstacle) {
    /** How it went. */
    public enum Ending {
        /** The link was down, and answers again. */
        OVER,
        /** The link was down, and has not come back by itself. */
        NOT_BACK,
        /** Nothing was taken down. */
        NOT_CARRIED_OUT
    }

    /** The link was taken down, and nothing was measured. */
    static DrillResult unmeasured(long returnNanos, String obstacle) {
        return new DrillResult(true, -1, 0, 0, returnNanos, obstacle);
    }

    /** The link was not taken down. */
    public static DrillResult failed(String obstacle) {
        return new DrillResult(false, -1, 0, 0, 0, obstacle);
    }

    /** How it went. */
    public Ending ending() {
        if (!done) {
            return Ending.NOT_CARRIED_OUT;
        }
        return returnNanos >= 0 ? Ending.OVER : Ending.NOT_BACK;
    }
}
