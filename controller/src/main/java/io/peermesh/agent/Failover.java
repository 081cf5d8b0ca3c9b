package io.peermesh.agent;

import io.peermesh.liveness.Suspicion;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;

/**
 * Which controller a client uses, and when it moves to another one.
 *
 * <pre>
 *                 a handshake is answered             silent, and one stands by
 *   +------------+ -----------------&gt; +-----------+ -------------&gt; +-----------+ --+ silent too,
 *   | CONNECTING |                    | CONNECTED |                | SWITCHING |   | and one more
 *   +------------+                    +-----------+ &lt;------------- +-----------+ &lt;-+ stands by
 *                                       ^       |      it answers        |
 *                  a handshake or probe |       | silent, and            | silent too, and
 *                  is answered          |       v nobody stands by       v nobody is left
 *                                     +------------------------------------+
 *                                     |             SEARCHING              |
 *                                     +------------------------------------+
 * </pre>
 *
 * <ul>
 *   <li>CONNECTING: no controller has answered yet; the home controller has a head start;
 *   <li>CONNECTED: the controller in use answers probes;
 *   <li>SWITCHING: we use one that was warm, and wait for its first answer;
 *   <li>SEARCHING: nobody answers; handshakes go to all, and the first that is answered decides.
 * </ul>
 *
 * A controller stands by when a handshake with it is done and its keys are unused: it does not know
 * yet that we could come, since only a transport packet changes the owner. Such keys are renewed
 * every {@link #RENEW_NANOS}.
 *
 * <p>Silence is measured from the last answer. {@link #SILENT_HALVES} half intervals without one,
 * and without any other packet, are silence. From {@link #SUSPICIOUS_HALVES} on, probes go four
 * times as often, so that all of about ten have to be lost. While other packets come in but no
 * answers, it takes {@link #ONE_WAY_INTERVALS}; of one that answers handshakes and never a ping,
 * nothing is expected but packets within {@link #MUTE_NANOS}. Time in which this machine was not
 * called although it was due (a stopped process, a starved CPU) does not count; after sleep it
 * probes first. The network's word that something did not arrive is a hint: three quick probes find
 * out. A controller may come and take us, as it may a stock client, within the bounds of {@link
 * Callers}.
 *
 * <p>Nobody moves back without reason: away from a controller that answers only if another is
 * nearer by {@link Candidates#NEARER_NANOS} and by a third, has been so for {@link
 * Candidates#NEARER_STREAK} handshakes, and the last move is {@link #DWELL_NANOS} ago; not within
 * {@link Candidates#LEFT_NANOS} to one that the controllers moved us away from, because it drains
 * or has too much to do.
 *
 * <p>Pure; one thread owns it. Times are monotonic nanoseconds.
 */
final class Failover {
    /** The usual distance of probes. */
    static final long PROBE_INTERVAL_NANOS = 200_000_000L;

    /** Keys that stand by are renewed at this age; they are refused at 180 s. */
    static final long RENEW_NANOS = 110_000_000_000L;

    /** A controller that does not answer handshakes is tried again after this. */
    static final long RETRY_NANOS = 30_000_000_000L;

    /** The same while nobody answers. */
    static final long SEARCH_NANOS = 5_000_000_000L;

    /** How long the home controller may take to answer after another one has. */
    static final long HEAD_START_NANOS = 500_000_000L;

    /** So many half intervals without an answer are silence: 3.5 intervals. */
    static final int SILENT_HALVES = 7;

    /** So many half intervals without an answer make it probe four times as often. */
    static final int SUSPICIOUS_HALVES = 3;

    /** So many intervals without an answer, while other packets arrive. */
    static final int ONE_WAY_INTERVALS = 10;

    /** The limit for one that drops pings: the session itself asks after 15 s (WireGuard §6.5). */
    static final long MUTE_NANOS = 20_000_000_000L;

    /** We move to a nearer controller so long after the last move. */
    static final long DWELL_NANOS = 300_000_000_000L;

    /** Distance of the probes that follow a hint of the network. */
    static final long QUICK_NANOS = 20_000_000L;

    /** How long the last of them may take at least. */
    static final long PATIENCE_NANOS = 60_000_000L;

    /** Nothing is due. */
    static final long NEVER = Long.MAX_VALUE;

    /** See the drawing. */
    enum State {
        CONNECTING,
        CONNECTED,
        SWITCHING,
        SEARCHING
    }

    /** What is to be done, in order. */
    sealed interface Action {
        /** Send this probe to the controller in use. */
        record Probe(int id, long number) implements Action {}

        /** Use this controller from now on: what is sent goes there, beginning with a keepalive. */
        record Use(int id, MoveCause cause) implements Action {}

        /** Start a handshake with it. */
        record Handshake(int id) implements Action {}
    }

    private final long intervalNanos;
    private final int homeId;
    private final Candidates candidates = new Candidates();
    private final Queue<Action> actions = new ArrayDeque<>();
    private final ProbeTimes probes = new ProbeTimes();
    private final Suspicion suspicion = new Suspicion();
    private final Callers callers = new Callers();

    private State state = State.CONNECTING;
    private OptionalInt current = OptionalInt.empty();
    private MoveCause cause = MoveCause.FIRST;
    private long usedNanos = Candidate.NEVER;
    private long evidenceNanos;
    private long heardNanos = Candidate.NEVER;
    private long probeDueNanos = NEVER;
    private long headStartEndsNanos = NEVER;
    private long silentNanos;
    private long switches;

    /**
     * A machine that connects.
     *
     * @param intervalNanos distance of probes
     * @param homeId preferred at the start
     */
    Failover(long intervalNanos, int homeId) {
        this.intervalNanos = intervalNanos;
        this.homeId = homeId;
    }

    /** A controller that may be used; known ones are let be. */
    void add(int id, long nowNanos) {
        candidates.add(id, nowNanos);
    }

    // ---- what is known

    State state() {
        return state;
    }

    /** The controller in use; empty until the first has answered. */
    OptionalInt current() {
        return current;
    }

    /** Why it is in use. */
    MoveCause cause() {
        return cause;
    }

    /** When it was taken into use; {@link Candidate#NEVER} before. */
    long usedNanos() {
        return usedNanos;
    }

    /** How long the one before had been silent when it was left; 0 when it was not. */
    long silentNanos() {
        return silentNanos;
    }

    /** Moves from one controller to another. */
    long switches() {
        return switches;
    }

    /** See {@link Callers#putOff}. */
    long putOff() {
        return callers.putOff();
    }

    /** Probes sent. */
    long probesSent() {
        return probes.sent();
    }

    /** Probes answered. */
    long probesAnswered() {
        return probes.answered();
    }

    /** Whether a controller may be used at all. */
    boolean knows(int id) {
        return candidates.has(id);
    }

    /** What is known of a controller. */
    Candidate candidate(int id) {
        return candidates.of(id);
    }

    /** For how long no controller has answered anything; 0 while one does. */
    long lonelyNanos(long startedNanos, long nowNanos) {
        boolean lonely = state == State.CONNECTING || state == State.SEARCHING;
        return lonely ? nowNanos - Math.max(candidates.answeredNanos(), startedNanos) : 0;
    }

    /** Takes the next action. */
    Optional<Action> nextAction() {
        return Optional.ofNullable(actions.poll());
    }

    // ---- inputs

    /** A controller answered our handshake. */
    void onHandshake(int id, long rttNanos, long nowNanos) {
        Candidate answered = candidate(id);
        answered.readyNanos = nowNanos;
        answered.answeredNanos = nowNanos;
        answered.handshakeDueNanos = nowNanos + RENEW_NANOS;
        answered.streak++;
        answered.spokeUp();
        if (isCurrent(id)) {
            onEvidence(nowNanos);
            return;
        }
        answered.measured(rttNanos);
        switch (state) {
            case CONNECTING -> {
                if (id == homeId) {
                    use(answered, MoveCause.FIRST, nowNanos);
                } else if (headStartEndsNanos == NEVER) {
                    headStartEndsNanos = nowNanos + HEAD_START_NANOS;
                }
            }
            case SEARCHING -> use(answered, MoveCause.FOUND, nowNanos);
            case CONNECTED -> {
                Candidate used = candidate(current.orElseThrow());
                boolean nearer = Candidates.isClearlyNearer(answered, used, nowNanos);
                if (nearer && nowNanos - usedNanos >= DWELL_NANOS) {
                    use(answered, MoveCause.NEARER, nowNanos);
                }
            }
            case SWITCHING -> {} // its turn comes if the one in use stays silent
        }
    }

    /** Whether a handshake that this controller starts is answered, so that it may take us. */
    boolean mayTake(int id, long nowNanos) {
        if (current.isEmpty() || isCurrent(id)) {
            return true;
        }
        long answerNanos = answerNanos(candidate(current.getAsInt()));
        return callers.mayTake(id, state, usedNanos, answerNanos, nowNanos);
    }

    private long answerNanos(Candidate from) {
        return Math.max(intervalNanos, 2 * from.rttNanos);
    }

    /** Another controller's handshake was answered: in a moment it may have taken us. */
    void onCalled(int id, long nowNanos) {
        add(id, nowNanos);
        if (!isCurrent(id)) {
            callers.onCall(id, answerNanos(candidate(id)), nowNanos);
        }
    }

    /** A controller started a handshake with us and has used its keys: we are its client now. */
    void onTaken(int id, long nowNanos) {
        add(id, nowNanos);
        Candidate taker = candidate(id);
        taker.answeredNanos = nowNanos;
        if (isCurrent(id)) {
            onEvidence(nowNanos);
            return;
        }
        if (current.isPresent()) {
            candidate(current.getAsInt()).leftNanos = nowNanos;
        }
        taker.leftNanos = Candidate.NEVER;
        use(taker, MoveCause.TAKEN, nowNanos);
    }

    /** The operator wants this one; false when it does not stand by. */
    boolean onTold(int id, long nowNanos) {
        if (isCurrent(id)) {
            return true;
        }
        Optional<Candidate> wanted = candidates.find(id).filter(each -> each.isReady(nowNanos));
        wanted.ifPresent(each -> use(each, MoveCause.TOLD, nowNanos));
        return wanted.isPresent();
    }

    /** An authentic packet of the controller in use came in at this time. */
    void onHeard(long whenNanos) {
        heardNanos = Math.max(heardNanos, whenNanos);
    }

    /** The network says that something of ours did not arrive; anybody can forge that. */
    void onHint(long nowNanos) {
        boolean asked = state == State.CONNECTED && candidate(current.orElseThrow()).answersProbes;
        if (asked && suspicion.onHint(nowNanos)) {
            probeDueNanos = nowNanos;
        }
    }

    /** An answer to a probe came in. */
    void onAnswer(long number, long nowNanos) {
        OptionalInt from = current;
        long rtt = probes.onAnswer(number, nowNanos);
        if (rtt < 0 || from.isEmpty()) {
            return; // of the one before, or seen already
        }
        suspicion.onReply((int) number);
        candidate(from.getAsInt()).answersProbes = true;
        candidate(from.getAsInt()).measured(Math.max(1, rtt));
        onEvidence(nowNanos);
    }

    private void onEvidence(long nowNanos) {
        evidenceNanos = Math.max(evidenceNanos, nowNanos);
        candidate(current.orElseThrow()).answeredNanos = nowNanos;
        if (state == State.SWITCHING || state == State.SEARCHING) {
            state = State.CONNECTED;
        }
        candidates.all().forEach(each -> each.silentNanos = Candidate.NEVER);
        callers.forget();
    }

    /** Our own packet loop has not sent the last probe yet: the silence is ours. */
    void onOwnDelay(long nowNanos) {
        suspicion.end();
        evidenceNanos = Math.max(evidenceNanos, nowNanos);
    }

    /**
     * The machine slept: keys may have expired on the other side. Renews all, and probes before it
     * judges.
     */
    void onWake(long nowNanos) {
        evidenceNanos = nowNanos;
        probeDueNanos = current.isPresent() ? nowNanos : NEVER;
        for (Candidate each : candidates.all()) {
            each.readyNanos = Candidate.NEVER;
            handshake(each, nowNanos);
        }
    }

    /** Does what is due. */
    void onTimer(long nowNanos) {
        long lateNanos = nowNanos - nextDeadlineNanos();
        if (lateNanos > intervalNanos / 2) {
            evidenceNanos = Math.min(nowNanos, evidenceNanos + lateNanos);
        }
        if (headStartEndsNanos <= nowNanos) {
            headStartEndsNanos = NEVER;
            candidates
                    .best(each -> true, nowNanos)
                    .ifPresent(each -> use(each, MoveCause.FIRST, nowNanos));
        }
        if (suspicion.isRight(nowNanos, /* lateNanos= */ intervalNanos)) {
            leave(MoveCause.UNREACHABLE, nowNanos);
        }
        if (probeDueNanos <= nowNanos) {
            if (isSilent(nowNanos)) {
                leave(MoveCause.SILENT, nowNanos);
            }
            probe(nowNanos);
        }
        for (Candidate each : candidates.all()) {
            if (!isCurrent(each.id) && each.handshakeDueNanos <= nowNanos) {
                handshake(each, nowNanos);
            }
        }
    }

    /** When {@link #onTimer} is due at the latest. */
    long nextDeadlineNanos() {
        long next = Math.min(probeDueNanos, headStartEndsNanos);
        next = Math.min(next, suspicion.verdictNanos());
        for (Candidate each : candidates.all()) {
            if (!isCurrent(each.id)) {
                next = Math.min(next, each.handshakeDueNanos);
            }
        }
        return next;
    }

    // ---- decisions

    private boolean isCurrent(int id) {
        return current.isPresent() && current.getAsInt() == id;
    }

    private void leave(MoveCause why, long nowNanos) {
        if (callers.areExpected(nowNanos)) {
            return;
        }
        Candidate silent = candidate(current.orElseThrow());
        boolean outageBegins = state == State.CONNECTED;
        silent.silentNanos = nowNanos;
        silent.streak = 0;
        Optional<Candidate> next =
                candidates.best(
                        each -> each.silentNanos == Candidate.NEVER && each != silent, nowNanos);
        if (next.isPresent()) {
            long silence = nowNanos - evidenceNanos;
            use(next.get(), why, nowNanos);
            silentNanos = silence;
        } else if (state != State.SEARCHING) {
            state = State.SEARCHING;
            outageBegins = true;
        }
        if (outageBegins) {
            candidates.all().stream()
                    .filter(each -> next.isEmpty() || each != next.get())
                    .forEach(each -> handshake(each, nowNanos));
        }
    }

    private boolean isSilent(long nowNanos) {
        if (candidate(current.orElseThrow()).isMute()) {
            return nowNanos - Math.max(evidenceNanos, heardNanos) >= MUTE_NANOS;
        }
        long limit = SILENT_HALVES * intervalNanos / 2;
        long heard = Math.max(evidenceNanos, heardNanos);
        return nowNanos - heard >= limit
                || nowNanos - evidenceNanos >= ONE_WAY_INTERVALS * intervalNanos;
    }

    private boolean isSuspicious(long nowNanos) {
        return state != State.SEARCHING
                && candidate(current.orElseThrow()).answersProbes
                && nowNanos - evidenceNanos >= SUSPICIOUS_HALVES * intervalNanos / 2;
    }

    private void probe(long nowNanos) {
        int id = current.orElseThrow();
        long number = probes.next(nowNanos);
        long patienceNanos = Math.max(PATIENCE_NANOS, 3 * candidate(id).rttNanos);
        suspicion.onProbe((int) number, patienceNanos, nowNanos);
        probeDueNanos = nowNanos + distance(nowNanos);
        actions.add(new Action.Probe(id, number));
        if (state == State.SEARCHING && candidate(id).handshakeDueNanos <= nowNanos) {
            handshake(candidate(id), nowNanos); // its keys may be what is gone
        }
    }

    private long distance(long nowNanos) {
        if (suspicion.isAsking()) {
            return Math.min(QUICK_NANOS, intervalNanos);
        }
        return isSuspicious(nowNanos) ? intervalNanos / 4 : intervalNanos;
    }

    private void use(Candidate next, MoveCause why, long nowNanos) {
        if (current.isPresent()) {
            switches++;
            // The former one gets fresh keys that stand by, once the dust has settled.
            Candidate former = candidate(current.getAsInt());
            former.readyNanos = Candidate.NEVER;
            former.handshakeDueNanos = nowNanos + intervalNanos;
        }
        // What was warm may have died unseen; what has just spoken has not.
        boolean hasJustSpoken = next.answeredNanos == nowNanos;
        state = hasJustSpoken ? State.CONNECTED : State.SWITCHING;
        current = OptionalInt.of(next.id);
        cause = why;
        usedNanos = nowNanos;
        silentNanos = 0;
        headStartEndsNanos = NEVER;
        next.readyNanos = Candidate.NEVER; // they are used now
        probes.forget();
        suspicion.end();
        callers.forget();
        evidenceNanos = nowNanos + 2 * next.rttNanos;
        heardNanos = Candidate.NEVER;
        probeDueNanos = nowNanos;
        actions.add(new Action.Use(next.id, why));
    }

    private void handshake(Candidate with, long nowNanos) {
        if (with.answeredNanos == Candidate.NEVER
                || nowNanos - with.answeredNanos > RENEW_NANOS + RETRY_NANOS) {
            with.streak = 0;
        }
        boolean searching = state == State.SEARCHING || state == State.CONNECTING;
        with.handshakeDueNanos = nowNanos + (searching ? SEARCH_NANOS : RETRY_NANOS);
        actions.add(new Action.Handshake(with.id));
    }
}
