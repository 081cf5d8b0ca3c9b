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
    private final long[] sealedBefore = new long[RING];
    private int next;
    private int known; // back from the newest
    private int measured; // of these, those that count

    /** Notes a probe, before which so many packets were sent; gives its sequence number. */
    int sent(long sealedPackets, long nowNanos) {
        int sequence = next++;
        sealedBefore[slot(sequence)] = sealedPackets;
        sentNanos[slot(sequence)] = nowNanos;
        answered[slot(sequence)] = false;
        known = Math.min(known + 1, RING);
        measured = Math.min(measured + 1, RING);
        return sequence;
    }

    /** How many packets were sent before a probe that is known. */
    long sealedBefore(int sequence) {
        return sealedBefore[slot(sequence)];
    }

    /** What was lost so far is no loss; answers that are under way are taken all the same. */
    void measureAnew() {
        measured = 0;
    }

    /** Takes no answer any more to what was sent so far. */
    void forget() {
        known = 0;
        measured = 0;
    }

    /** Notes a reply; false when it answers no probe that is known and open. */
    boolean answered(int sequence, long echoNanos, int received) {
        int age = next - 1 - sequence;
        int slot = slot(sequence);
        if (age < 0 || age >= known || answered[slot] || sentNanos[slot] != echoNanos) {
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
        for (int age = 0; age < Math.min(measured, MEASURED + pending); age++) {
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
        for (int age = 0; age < Math.min(measured, MEASURED); age++) {
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
