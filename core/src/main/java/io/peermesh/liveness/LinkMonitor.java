package io.peermesh.liveness;

import io.peermesh.wire.ControlMessage.Probe;
import io.peermesh.wire.ControlMessage.ProbeReply;
import java.util.Optional;

/**
 * Decides from probes and replies whether a peer link carries traffic in both directions, and
 * measures it. Call {@link #onTimer} at {@link #nextDeadlineNanos}, feed it what arrives, read
 * {@link #state}.
 *
 * <pre>
 *           2 replies              answers all through the hold-down
 *   DOWN ----------------&gt; HELD ------------------------------------&gt; UP
 *     ^                     |                                          |
 *     +---------------------+------------------------------------------+
 *        no reply for 3 intervals; 3 quick probes unanswered after a hint; down()
 * </pre>
 *
 * <p>DOWN: the peer does not answer, or only began to. HELD: it answers, but the link went down too
 * often lately, see {@link Damping}; it is for use only where nothing else leads. UP: it answers
 * our probes, so packets pass both ways. Without a hold-down HELD is passed at once.
 *
 * <p>One or two lost probes move nothing. On a link that loses probes anyway, more of them have to
 * be lost in a row: 4 from 2 % on, 6 from 10 % on.
 *
 * <p>Silence is counted only while somebody watches: a call that comes late adds at most one
 * interval. After a pause, of the process or the machine, counting starts again, and not before a
 * round trip has passed; once, so that a caller who is always late still notices.
 */
public final class LinkMonitor {
    /** This many intervals without a reply take the link down. */
    public static final int SILENT_INTERVALS = 3;

    /** This many replies bring it back. */
    public static final int GOOD_REPLIES = 2;

    private static final double SOME_LOSS = 0.02;
    private static final double MUCH_LOSS = 0.10;

    /** Whether the link carries traffic. */
    public enum State {
        /** The peer does not answer, or only began to. */
        DOWN,
        /** It answers, and has to go on to for a while. */
        HELD,
        /** It answers. */
        UP
    }

    private long intervalNanos;
    private final RoundTrip roundTrip = new RoundTrip();
    private final ProbeLog log = new ProbeLog();
    private final Damping damping = new Damping();
    private final Suspicion suspicion = new Suspicion();
    private State state = State.DOWN;
    private boolean fellByHint;
    private double lossOutwardAtFall;
    private double lossInwardAtFall;
    private long nextProbeNanos;
    private long countedToNanos;
    private long silentNanos;
    private long toleratedNanos;
    private boolean excused; // a pause was forgiven, and nothing has answered since
    private long lastReplyNanos;
    private long heldUntilNanos;
    private int goodReplies;
    private int receivedProbes;
    private long sealedWhenAnswered;

    /** A link that is down; the first probe is due at once. */
    public LinkMonitor(ProbeProfile profile, long nowNanos) {
        this.intervalNanos = profile.intervalNanos();
        nextProbeNanos = nowNanos;
        countedToNanos = nowNanos;
        lastReplyNanos = nowNanos;
        tolerate();
    }

    /** Probes at another rate from now on. */
    public void profile(ProbeProfile profile, long nowNanos) {
        intervalNanos = profile.intervalNanos();
        nextProbeNanos = Math.min(nextProbeNanos, nowNanos + intervalNanos);
        tolerate();
    }

    // ---- time

    /**
     * Counts silence, and sends a probe when one is due.
     *
     * @param sealedPackets how many packets the link has sent so far
     * @return the probe to send
     */
    public Optional<Probe> onTimer(long sealedPackets, long nowNanos) {
        countSilence(nowNanos);
        if (suspicion.isRight(nowNanos, /* lateNanos= */ intervalNanos)) {
            fall(/* byHint= */ true, nowNanos);
        }
        release(nowNanos);
        if (nowNanos < nextProbeNanos) {
            return Optional.empty();
        }
        int sequence = log.sent(sealedPackets, nowNanos);
        suspicion.onProbe(sequence, patienceNanos(), nowNanos);
        scheduleProbe(nowNanos);
        return Optional.of(new Probe(sequence, nowNanos));
    }

    private void scheduleProbe(long nowNanos) {
        if (suspicion.isAsking()) {
            nextProbeNanos = nowNanos + quickNanos();
        } else {
            boolean late = nowNanos - nextProbeNanos >= intervalNanos;
            nextProbeNanos = (late ? nowNanos : nextProbeNanos) + intervalNanos;
        }
    }

    private void countSilence(long nowNanos) {
        long passed = nowNanos - countedToNanos;
        if (wasPaused(nowNanos) && !excused) {
            excused = true;
            silentNanos = 0;
            countedToNanos = nowNanos + expectedReplyNanos();
        } else if (passed > 0) {
            silentNanos += Math.min(passed, intervalNanos);
            countedToNanos = nowNanos;
        }
        if (silentNanos >= toleratedNanos) {
            fall(/* byHint= */ false, nowNanos);
        }
    }

    private boolean wasPaused(long nowNanos) {
        return nowNanos - countedToNanos > 2 * intervalNanos;
    }

    private void release(long nowNanos) {
        if (state == State.HELD && nowNanos >= heldUntilNanos) {
            state = State.UP;
        }
    }

    private void fall(boolean byHint, long nowNanos) {
        goodReplies = 0;
        suspicion.end();
        if (state == State.DOWN) {
            return;
        }
        if (state == State.UP) {
            damping.onFlap(nowNanos);
        }
        state = State.DOWN;
        fellByHint = byHint;
        lossOutwardAtFall = lossOutward();
        lossInwardAtFall = lossInward();
        log.forget(); // a late answer says nothing about now
    }

    private long expectedReplyNanos() {
        return roundTrip.smoothedNanos() + 4 * roundTrip.jitterNanos();
    }

    /** Between two quick probes. */
    private long quickNanos() {
        return intervalNanos / 8;
    }

    /** What the last quick probe has until it must be answered. */
    private long patienceNanos() {
        return Math.min(expectedReplyNanos() + 2 * quickNanos(), toleratedNanos);
    }

    /**
     * The last probe must have had its time to be answered; and replies that come regularly but
     * with jitter may be later than the probes are apart.
     */
    static long toleratedSilenceNanos(int intervals, long intervalNanos, long jitterNanos) {
        return intervals * intervalNanos
                + Math.clamp(4 * jitterNanos, intervalNanos / 8, intervalNanos);
    }

    private void tolerate() {
        double loss = loss();
        int intervals =
                loss < SOME_LOSS
                        ? SILENT_INTERVALS
                        : loss < MUCH_LOSS ? SILENT_INTERVALS + 1 : 2 * SILENT_INTERVALS;
        toleratedNanos = toleratedSilenceNanos(intervals, intervalNanos, roundTrip.jitterNanos());
    }

    // ---- messages

    /** The answer to a probe of the peer. */
    public ProbeReply onProbe(Probe probe) {
        receivedProbes++;
        return new ProbeReply(probe.sequence(), probe.sentNanos(), receivedProbes);
    }

    /** Takes in a reply; one that answers no probe, or a probe that is answered, is ignored. */
    public void onReply(ProbeReply reply, long nowNanos) {
        if (!log.answered(reply.sequence(), reply.echoNanos(), reply.receivedProbes())) {
            return;
        }
        if (!wasPaused(nowNanos)) { // else it has waited for us
            roundTrip.sample(nowNanos - reply.echoNanos());
        }
        suspicion.onReply(reply.sequence());
        sealedWhenAnswered = log.sealedBefore(reply.sequence());
        lastReplyNanos = nowNanos;
        countedToNanos = nowNanos;
        silentNanos = 0;
        excused = false;
        goodReplies = Math.min(goodReplies + 1, GOOD_REPLIES);
        if (goodReplies == GOOD_REPLIES && state == State.DOWN) {
            log.measureAnew();
            state = State.HELD;
            heldUntilNanos = nowNanos + damping.holdNanos(nowNanos);
        }
        release(nowNanos);
        tolerate();
    }

    /**
     * The network says that the peer cannot be reached. That may be forged, so it only makes three
     * quick probes, whose silence takes the link down; once a second at most.
     */
    public void hint(long nowNanos) {
        if (state != State.DOWN && suspicion.onHint(nowNanos)) {
            nextProbeNanos = nowNanos;
        }
    }

    /** Takes the link down at once, for a reason from outside such as a goodbye. */
    public void down(long nowNanos) {
        fall(/* byHint= */ false, nowNanos);
    }

    // ---- what it is now

    /** Whether the link carries traffic. */
    public State state() {
        return state;
    }

    /** Whether it was a hint, and the silence after it, that took the link down last. */
    public boolean fellByHint() {
        return fellByHint;
    }

    /** {@link #lossOutward} when the link went down last. */
    public double lossOutwardAtFall() {
        return lossOutwardAtFall;
    }

    /** {@link #lossInward} when the link went down last. */
    public double lossInwardAtFall() {
        return lossInwardAtFall;
    }

    /** When {@link #onTimer} is due. */
    public long nextDeadlineNanos() {
        long next = Math.min(nextProbeNanos, suspicion.verdictNanos());
        return state == State.DOWN
                ? next
                : Math.min(next, countedToNanos + Math.max(toleratedNanos - silentNanos, 0));
    }

    /** How long the link must go on answering before it is used like any other; 0 if it is. */
    public long holdNanos(long nowNanos) {
        return switch (state) {
            case DOWN -> damping.holdNanos(nowNanos);
            case HELD -> Math.max(heldUntilNanos - nowNanos, 0);
            case UP -> 0;
        };
    }

    /** How often it went down lately; one is forgotten in each minute without. */
    public int flaps(long nowNanos) {
        return damping.flaps(nowNanos);
    }

    /** When the peer answered last; the time of creation if never. */
    public long lastReplyNanos() {
        return lastReplyNanos;
    }

    /**
     * How many packets had been sent when the last probe that was answered went out: what was sent
     * since then may be lost.
     */
    public long sealedWhenAnswered() {
        return sealedWhenAnswered;
    }

    /** Smoothed round-trip time; 0 while unknown. */
    public long rttNanos() {
        return roundTrip.smoothedNanos();
    }

    /** Mean deviation of the round-trip time. */
    public long jitterNanos() {
        return roundTrip.jitterNanos();
    }

    /** How long to wait for an answer before repeating a message (RFC 6298). */
    public long retransmitNanos() {
        return roundTrip.retransmitNanos();
    }

    /** Part of the last 100 probes since it came up that stayed unanswered, 0..1. */
    public double loss() {
        return log.loss(pending());
    }

    /** Part of the probes that got lost on the way to the peer, 0..1. */
    public double lossOutward() {
        return log.lossOutward();
    }

    /** Part of the answers that got lost on the way back, 0..1. */
    public double lossInward() {
        double arrived = 1 - lossOutward();
        return arrived <= 0 ? 0 : Math.clamp(1 - (1 - loss()) / arrived, 0, 1);
    }

    /** Probes that may still be answered, because the peer has had no time to. */
    private int pending() {
        long patience = Math.max(roundTrip.retransmitNanos(), intervalNanos);
        return (int) Math.min(patience / intervalNanos + 1, ProbeLog.MAX_PENDING);
    }
}
