package io.peermesh.node;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.TakeOver.Job;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells a cut from a death, on the smaller side: asks some of our own clients whether somebody else
 * has called them. The larger side calls all clients of ours that it reaches, at once; the clients
 * remember its timestamp. So we start handshakes with some of ours whose timestamps are below what
 * anybody else would send: who answers was not called, and nobody is disturbed by the question.
 *
 * <pre>
 *   idle --lost, smaller side--&gt; waiting --WAIT---&gt; asking --half answered--&gt; alone: take over
 *                                                      |
 *                                                      +-- 300 ms ----------&gt; yielded: let be
 * </pre>
 *
 * <p>Whether those who kept the clients live on is then asked of {@link Witnesses}.
 *
 * <p>With no client of our own we ask those of the others, as of just before the loss: who keeps
 * them has shaken hands with the {@link Witnesses} since. With none to ask we take over.
 */
final class Canaries {
    /** The larger side has called our clients this long after it has noticed. */
    static final long WAIT_NANOS = 150_000_000L;

    /** Clients answer within this time. */
    static final long ANSWER_NANOS = 300_000_000L;

    /** How many are asked, and all of ours that are {@link Witnesses}. */
    static final int ASKED = 8;

    private final Calls calls;
    private final Reach reach;
    private final Witnesses witnesses;
    private final List<Job> held = new ArrayList<>();
    private final Set<IpAddress> asked = new HashSet<>();
    private State state = State.IDLE;
    private long deadlineNanos = Deadlines.NONE;
    private int answers;
    private boolean mustLeaveToOthers;

    private enum State {
        IDLE,
        WAITING,
        ASKING,
        YIELDED
    }

    Canaries(Calls calls, Reach reach, Witnesses witnesses) {
        this.calls = calls;
        this.reach = reach;
        this.witnesses = witnesses;
    }

    /** Controllers were lost, and the others may live on. */
    void onSmallerSide(long nowNanos) {
        state = State.WAITING;
        deadlineNanos = nowNanos + WAIT_NANOS + reach.noticedWithinNanos();
    }

    /** Whether it is not known yet if the clients of a lost controller may be called. */
    boolean mustWait(int from) {
        return (state == State.WAITING || state == State.ASKING) && reach.isAcross(from);
    }

    /** Whether the clients of a lost controller are somebody else's. */
    boolean mustYield(int from) {
        return state == State.YIELDED && reach.isAcross(from);
    }

    /** Those who kept the clients have died. */
    void onOthersDied() {
        state = State.IDLE;
    }

    void hold(Job job) {
        held.add(job);
    }

    /** A client answered a handshake that we started. */
    void onAnswer(ClientSession session) {
        if (state == State.ASKING && asked.remove(session.address())) {
            answers++;
        }
    }

    /**
     * Does what is due.
     *
     * @return calls that may be made now
     */
    List<Job> run(long nowNanos) {
        if (state == State.WAITING && deadlineNanos <= nowNanos) {
            ask(nowNanos);
        }
        if (state != State.ASKING) {
            return List.of();
        }
        boolean alone = isAlone();
        if (!alone && nowNanos < deadlineNanos) {
            return List.of();
        }
        deadlineNanos = Deadlines.NONE;
        state = alone ? State.IDLE : State.YIELDED;
        if (alone) {
            reach.noOtherSide();
        } else {
            witnesses.onYielded(asked, nowNanos);
        }
        List<Job> released = alone ? List.copyOf(held) : List.of();
        held.clear();
        return released;
    }

    /** At least half have answered; or nobody could be asked, and there is something to take. */
    private boolean isAlone() {
        return answers >= asked.size() && !mustLeaveToOthers;
    }

    private void ask(long nowNanos) {
        state = State.ASKING;
        deadlineNanos = nowNanos + ANSWER_NANOS;
        answers = 0;
        asked.clear();
        asked.addAll(calls.ask(ASKED, witnesses.chosen(), nowNanos));
        mustLeaveToOthers = asked.isEmpty() && witnesses.areAllForOthers();
        if (asked.isEmpty()) {
            asked.addAll(witnesses.askAcross(nowNanos));
        }
    }

    /** When {@link #run} is due; answers come with events. */
    long nextDeadlineNanos() {
        return deadlineNanos;
    }
}
