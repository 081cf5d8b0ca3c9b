package io.peermesh.routing;

/**
 * The cost of one link, from its round-trip time and loss. Costs come in classes with hysteresis,
 * so that a value that trembles about a boundary moves no traffic. A path of two hops costs more
 * than one of the same total time.
 *
 * <pre>
 *   RTT below   1    2    5   10   20   50  100   200   500 ms   else
 *   cost       11   12   15   20   30   60  110   210   510      1010
 *
 *   loss below  2 %  10 %  else
 *   times         1     2     4
 * </pre>
 */
public final class LinkCost {
    /** Added while a link is held down: more than any path over links that are not. */
    public static final int HELD = 1 << 20;

    private static final double MILLISECOND = 1e6;
    private static final double[] RTT_BOUNDS = {1, 2, 5, 10, 20, 50, 100, 200, 500};
    private static final int[] RTT_COSTS = {11, 12, 15, 20, 30, 60, 110, 210, 510, 1010};
    private static final double[] LOSS_BOUNDS = {0.02, 0.10};
    private static final int[] LOSS_FACTORS = {1, 2, 4};

    /** A class is left when the value is beyond its boundary by this part of the boundary. */
    static final double HYSTERESIS = 0.25;

    private static final int UNKNOWN = -1;

    private int rttClass = UNKNOWN;
    private int lossClass = UNKNOWN;

    /** Takes in the latest estimates and gives the cost. */
    public int update(long rttNanos, double loss) {
        rttClass = next(rttClass, rttNanos / MILLISECOND, RTT_BOUNDS);
        lossClass = next(lossClass, loss, LOSS_BOUNDS);
        return RTT_COSTS[rttClass] * LOSS_FACTORS[lossClass];
    }

    private static int next(int current, double value, double[] bounds) {
        if (current == UNKNOWN) {
            return classOf(value, bounds);
        }
        int ifRising = classOf(value / (1 + HYSTERESIS), bounds);
        int ifFalling = classOf(value / (1 - HYSTERESIS), bounds);
        return Math.clamp(current, ifRising, ifFalling);
    }

    private static int classOf(double value, double[] bounds) {
        int index = 0;
        while (index < bounds.length && value >= bounds[index]) {
            index++;
        }
        return index;
    }
}
