package io.peermesh.liveness;

/**
 * The last probes and what became of them, in a ring by sequence number. The peer's count of
 * received probes, told in each reply, splits the loss into its two directions.
 */
final class ProbeLog {
    /** Loss is measured over this many probes. */
    static final int MEASURED = 100;

    /** Fewer are no measure. */
    static final int MIN_MEASURED = 20;

    private static final int RING = 256; // more than measured: the newest may still be answered

    /** How many of the newest probes a caller may leave out of the measure. */
    static final int MAX_PENDING = RING - MEASURED;

    private final long[] sentNanos = new long[RING];
    private final boolean[] answered = new boolean[RING];
    private final int[] receivedByPeer = new int[RING];
    private int next;
    private int remembered; // probes back from the newest

    /** Notes a probe and gives its sequence number. */
    int sent(long nowNanos) {
        int sequence = next++;
        sentNanos[slot(sequence)] = nowNanos;
        answered[slot(sequence)] = false;
        remembered = Math.min(remembered + 1, RING);
        return sequence;
    }

    /** Forgets all but the newest probe, so that what was lost before does not count any more. */
    void forgetOlder() {
        remembered = Math.min(remembered, 1);
    }

    /** Notes a reply; false when it answers no probe that is remembered and open. */
    boolean answered(int sequence, long echoNanos, int received) {
        int age = next - 1 - sequence;
        int slot = slot(sequence);
        if (age < 0 || age >= remembered || answered[slot] || sentNanos[slot] != echoNanos) {
            return false;
        }
        answered[slot] = true;
        receivedByPeer[slot] = received;
        return true;
    }

    /** Unanswered part of the measured probes, without the newest {@code pending} ones. */
    double loss(int pending) {
        int counted = 0;
        int lost = 0;
        for (int age = 0; age < Math.min(remembered, MEASURED + pending); age++) {
            boolean open = !answered[slot(next - 1 - age)];
            if (age < pending && open) {
                continue;
            }
            counted++;
            lost += open ? 1 : 0;
        }
        return counted < MIN_MEASURED ? 0 : (double) lost / counted;
    }

    /** The part that did not reach the peer, between the oldest and the newest answered probe. */
    double lossOutward() {
        int newest = -1;
        int oldest = -1;
        for (int age = 0; age < Math.min(remembered, MEASURED); age++) {
            if (answered[slot(next - 1 - age)]) {
                newest = newest < 0 ? age : newest;
                oldest = age;
            }
        }
        if (newest == oldest) {
            return 0;
        }
        int sent = oldest - newest;
        int arrived =
                receivedByPeer[slot(next - 1 - newest)] - receivedByPeer[slot(next - 1 - oldest)];
        return Math.clamp((double) (sent - arrived) / sent, 0, 1);
    }

    private static int slot(int sequence) {
        return sequence & (RING - 1);
    }
}
