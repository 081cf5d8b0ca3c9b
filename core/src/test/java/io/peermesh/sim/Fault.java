package io.peermesh.sim;

import java.util.SplittableRandom;

/**
 * Everything that can go wrong in a world, or be done to it, each with its weight: the probability
 * of a fault is its weight by the sum of all. {@link Chaos} carries them out.
 */
enum Fault {
    /** Nothing passes between two controllers. */
    CUT(8),
    /** Nothing passes in one direction. */
    CUT_ONE_WAY(6),
    /** Two groups of controllers cannot reach each other; clients reach both. */
    SPLIT(3),
    /** A controller is cut off from all others, not from its clients. */
    ISOLATE(2),
    /** A client and a controller cannot reach each other. */
    CUT_CLIENT(3),
    /** One cut heals. */
    HEAL(8),
    /** All cuts heal. */
    HEAL_ALL(3),
    /** The network loses, delays, doubles and reorders, everywhere. */
    BAD_NETWORK(3),
    /** The same between two controllers only. */
    BAD_LINK(4),
    /** A delay that wanders, without loss. */
    JITTER(2),
    /** The network works again. */
    GOOD_NETWORK(6),
    /** A controller dies without a word, and keeps its disk. */
    CRASH(5),
    /** A controller dies and loses its disk. */
    CRASH_WITHOUT_DISK(1),
    /** A controller dies and is back at once. */
    QUICK_RESTART(2),
    /** A controller ends in order. */
    STOP(2),
    /** A controller that was down starts. */
    START(9),
    /** A controller gets no time for a while. */
    PAUSE(5),
    /** A controller's wall clock is set. */
    CLOCK_STEP(2),
    /** A client's wall clock is set. */
    CLIENT_CLOCK_STEP(1),
    /** A controller's disk becomes slow, or fast again. */
    SLOW_DISK(2),
    /** Strangers send what looks like messages, and is none. */
    JUNK(3),
    /** Somebody sends again what he has recorded, from elsewhere, whole or in part. */
    REPLAY(3),
    /** Somebody forges that what controllers send does not arrive, by ICMP, for a while. */
    FORGED_ICMP(3),
    /** A clientpack is disabled or enabled, at any controller. */
    DISABLE_OR_ENABLE(4),
    /** A controller is told to forget a peer, or knows it again. */
    UNPEER_OR_PEER(3),
    /** A controller advertises the subnet of another, too, or no more. */
    ADVERTISE_TWICE(3),
    /** A controller's links are probed more often, or less. */
    PROBE_PROFILE(2),
    /** A controller is to hand all its clients over, or takes some again. */
    DRAIN_OR_UNDRAIN(3),
    /** A client's outer address changes. */
    CLIENT_MOVES(4),
    /** A client is pointed at another controller. */
    CLIENT_SWITCHES(4),
    /** An operator ends the session of a client. */
    DISCONNECT(2);

    private static final Fault[] ALL = values();
    private static final int SUM = sum();

    private final int weight;

    Fault(int weight) {
        this.weight = weight;
    }

    private static int sum() {
        int sum = 0;
        for (Fault fault : ALL) {
            sum += fault.weight;
        }
        return sum;
    }

    static Fault draw(SplittableRandom random) {
        int left = random.nextInt(SUM);
        for (Fault fault : ALL) {
            left -= fault.weight;
            if (left < 0) {
                return fault;
            }
        }
        throw new AssertionError("the weights do not add up");
    }
}
