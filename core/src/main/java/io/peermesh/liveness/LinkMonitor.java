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
 *            2 replies, no silence between
 *   DOWN ------------------------------------&gt; UP
 *     ^                                        |
 *     +----------------------------------------+
 *        3 intervals without a reply; or down()
 * </pre>
 *
 * <p>DOWN: the peer does not answer, or only began to. UP: it answers our probes, so packets pass
 * both ways.
 *
 * <p>Silence is counted only while somebody watches: a call that comes late adds at most one
 * interval, so a paused process or a starved CPU is not taken for a dead peer, yet one that is
 * always late still notices.
 */
public final class LinkMonitor {
    /** This many intervals without a reply take the link down. */
    public static final int SILENT_INTERVALS = 3;

    /** This many replies bring it up. */
    public static final int GOOD_REPLIES = 2;

    /** Whether the link carries traffic. */
    public enum State {
        /** The peer does not answer, or only began to. */
        DOWN,
        /** It answers. */
        UP
    }

    private long intervalNanos;
    private final RoundTrip roundTrip = new RoundTrip();
    private final ProbeLog log = new ProbeLog();
    private State state = State.DOWN;
    private long nextProbeNanos;
    private long countedToNanos;
    private long silentNanos;
    private long lastReplyNanos;
    private int goodReplies;
    private int receivedProbes;

    /** A link that is down; the first probe is due at once. */
    public LinkMonitor(ProbeProfile profile, long nowNanos) {
        this.intervalNanos = profile.intervalNanos();
        nextProbeNanos = nowNanos;
        countedToNanos = nowNanos;
        lastReplyNanos = nowNanos;
    }

    /**
     * Counts silence, and sends a probe when one is due.
     *
     * @return the probe to send
     */
    public Optional<Probe> onTimer(long nowNanos) {
        countSilence(nowNanos);
        if (nowNanos < nextProbeNanos) {
            return Optional.empty();
        }
        boolean late = nowNanos - nextProbeNanos >= intervalNanos;
        nextProbeNanos = (late ? nowNanos : nextProbeNanos) + intervalNanos;
        return Optional.of(new Probe(log.sent(nowNanos), nowNanos));
    }

    private void countSilence(long nowNanos) {
        silentNanos += Math.min(nowNanos - countedToNanos, intervalNanos);
        countedToNanos = nowNanos;
        if (silentNanos >= toleratedSilenceNanos()) {
            goodReplies = 0;
            state = State.DOWN;
        }
    }

    /** Probes at another rate from now on. */
    public void profile(ProbeProfile profile, long nowNanos) {
        intervalNanos = profile.intervalNanos();
        nextProbeNanos = Math.min(nextProbeNanos, nowNanos + intervalNanos);
    }

    /**
     * The third probe must have had its time to be answered; and replies that come regularly but
     * with jitter may be later than the probes are apart.
     */
    static long toleratedSilenceNanos(long intervalNanos, long jitterNanos) {
        return SILENT_INTERVALS * intervalNanos
                + Math.clamp(4 * jitterNanos, intervalNanos / 8, intervalNanos);
    }

    private long toleratedSilenceNanos() {
        return toleratedSilenceNanos(intervalNanos, roundTrip.jitterNanos());
    }

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
        roundTrip.sample(nowNanos - reply.echoNanos());
        lastReplyNanos = nowNanos;
        countedToNanos = nowNanos;
        silentNanos = 0;
        goodReplies = Math.min(goodReplies + 1, GOOD_REPLIES);
        if (goodReplies == GOOD_REPLIES && state == State.DOWN) {
            log.forgetOlder();
            state = State.UP;
        }
    }

    /** Takes the link down at once, for a reason from outside such as a goodbye. */
    public void down() {
        goodReplies = 0;
        state = State.DOWN;
    }

    /** Whether the link carries traffic. */
    public State state() {
        return state;
    }

    /** When {@link #onTimer} is due. */
    public long nextDeadlineNanos() {
        long untilDown =
                state == State.UP
                        ? countedToNanos + Math.max(toleratedSilenceNanos() - silentNanos, 0)
                        : Long.MAX_VALUE;
        return Math.min(nextProbeNanos, untilDown);
    }

    /** When the peer answered last; the time of creation if never. */
    public long lastReplyNanos() {
        return lastReplyNanos;
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

    /** Probes that may still be answered, because the peer has had no time to. */
    private int pending() {
        long patience = Math.max(roundTrip.retransmitNanos(), intervalNanos);
        return (int) Math.min(patience / intervalNanos + 1, ProbeLog.MAX_PENDING);
    }
}
