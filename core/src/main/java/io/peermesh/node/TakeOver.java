package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.clients.Rendezvous;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.Report.MoveCause;
import io.peermesh.session.Activity;
import io.peermesh.wire.Payload.Ownership;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Calls clients that are to be connected here: those of a controller that was lost, those that
 * their owner bequeathed to us, and our own of a former life. A call is a handshake that we start;
 * a stock client follows it.
 *
 * <pre>
 *   owner lost --&gt; rank by rendezvous hashing: first at once, second after 200 ms, ...
 *                  on the smaller side of a cut: later, and only if no other side lives
 *                    |
 *   bequeathed ------+--&gt; waiting --8 in a turn--&gt; called --proven--&gt; ours, in a new epoch
 *   former life -----+       |                       |
 *                            +-- a newer record -----+--&gt; let be
 *                                                    +-- 30 s without an answer --&gt; nobody's
 * </pre>
 */
final class TakeOver {
    /** Handshakes that are started in a turn: about 3 ms of key agreements. */
    static final int STARTED_PER_TURN = 8;

    /** The second-ranked survivor waits this long for the first. */
    static final long SECOND_RANK_NANOS = 200_000_000L;

    /** Each further one waits this much longer. */
    static final long FURTHER_RANK_NANOS = 1_000_000_000L;

    /** The rank of a call that may be in vain: nobody says then that the client is unreachable. */
    private static final int WITNESS = 1;

    private final Env env;
    private final Canaries canaries;
    private final Witnesses witnesses;
    private final PriorityQueue<Job> waiting =
            new PriorityQueue<>(
                    Comparator.comparingLong(Job::dueNanos)
                            .thenComparing(job -> !job.active())
                            .thenComparing(Job::client));
    private final Map<IpAddress, Job> called = new HashMap<>();
    private long failed;

    /**
     * What it needs of the node.
     *
     * @param candidates who may own clients now, with their weights; this controller among them
     *     unless it drains
     * @param evidence what is known of a controller that may be gone
     */
    record Env(
            int selfId,
            Calls calls,
            OwnershipTable ownership,
            Reach reach,
            Supplier<Map<Integer, Integer>> candidates,
            IntFunction<Evidence> evidence) {}

    /**
     * What is known of a controller that may be gone.
     *
     * @param heardNanos when it was last heard by us; {@link Activity#NEVER} for never
     * @param sealedSince packets that we have sealed for the link to it since then
     */
    record Evidence(long heardNanos, long sealedSince) {
        /** Nothing: there is no link to it. */
        static final Evidence NONE = new Evidence(Activity.NEVER, 0);
    }

    /**
     * A client to be called.
     *
     * @param from who owned it when this was decided
     * @param epoch of the record by which it was decided; another one ends it
     * @param rank of this controller among those who may call it
     * @param decidedNanos when its owner was given up, or asked us
     * @param evidence what is known of its owner
     */
    record Job(
            IpAddress client,
            int from,
            long epoch,
            boolean active,
            Optional<MoveCause> cause,
            int rank,
            long decidedNanos,
            Evidence evidence,
            long dueNanos) {}

    TakeOver(Env env) {
        this.env = env;
        witnesses =
                new Witnesses(
                        new Witnesses.Env(
                                env.selfId(),
                                env.calls(),
                                env.ownership(),
                                env.reach(),
                                new WitnessAsker()));
        canaries = new Canaries(env.calls(), env.reach(), witnesses);
    }

    // ---- who is to be called

    /** Controllers were lost: their clients are anybody's. */
    void onLost(Collection<Integer> lost, long nowNanos) {
        if (!lost.isEmpty()) {
            witnesses.onLost(nowNanos);
        }
        for (int id : lost) {
            if (env.reach().isAcross(id)) {
                canaries.onSmallerSide(nowNanos);
            }
            for (Ownership record : List.copyOf(env.ownership().all())) {
                if (record.owner() == id) {
                    onOrphan(record, nowNanos);
                }
            }
        }
    }

    /** Controllers can be reached again: their clients are theirs. */
    void onReturned(Collection<Integer> returned) {
        List<IpAddress> theirs =
                called.values().stream()
                        .filter(job -> returned.contains(job.from()))
                        .filter(job -> job.cause().equals(Optional.of(MoveCause.TAKE_OVER)))
                        .map(Job::client)
                        .toList();
        theirs.forEach(this::hangUp);
    }

    private void hangUp(IpAddress client) {
        called.remove(client);
        env.calls().hangUp(client);
    }

    /** A record came: its client may be an orphan, or be bequeathed to us, or no longer be. */
    void onRecord(Ownership record, long nowNanos) {
        Job job = called.get(record.client());
        if (job != null && !isOpen(job, record)) {
            hangUp(record.client());
        }
        if (record.heir() == env.selfId() && env.reach().isReachable(record.owner())) {
            add(record, Optional.of(cause(record)), 0, nowNanos, nowNanos);
        } else if (env.reach().lost(record.owner()).isPresent()) {
            onOrphan(record, nowNanos);
        }
    }

    private MoveCause cause(Ownership record) {
        return env.candidates().get().containsKey(record.owner())
                ? MoveCause.SHARING
                : MoveCause.DRAIN;
    }

    private void onOrphan(Ownership record, long nowNanos) {
        int rank = rank(record);
        if (rank >= 0) {
            add(record, Optional.of(MoveCause.TAKE_OVER), rank, nowNanos, nowNanos + wait(rank));
        }
    }

    private int rank(Ownership record) {
        return Rendezvous.rank(record.client(), env.candidates().get()).indexOf(env.selfId());
    }

    private static long wait(int rank) {
        return rank == 0 ? 0 : SECOND_RANK_NANOS + (rank - 1) * FURTHER_RANK_NANOS;
    }

    /** A client of our former life: one that only listens would not notice for two minutes. */
    void callBack(Ownership former, long nowNanos) {
        env.ownership()
                .find(former.client())
                .ifPresent(record -> add(record, Optional.empty(), 0, nowNanos, nowNanos));
    }

    // ---- the other side of a cut

    /** Those who kept the clients have died: all that we have yielded are ours again. */
    private void onOthersDied(long nowNanos) {
        canaries.onOthersDied();
        env.calls().outbidLost(nowNanos);
        env.reach().noOtherSide();
        for (Ownership record : List.copyOf(env.ownership().all())) {
            if (env.reach().lost(record.owner()).isPresent()) {
                onOrphan(record, nowNanos);
            } else if (isYielded(record)) {
                add(record, Optional.empty(), 0, nowNanos, nowNanos);
            }
        }
    }

    /** Ours once; what became of it we cannot know. */
    private boolean isYielded(Ownership record) {
        return record.owner() == env.selfId()
                ? !env.calls().hasShakenHands(record.client(), witnesses.yieldedNanos())
                : record.owner() == OwnershipTable.NOBODY && rank(record) == 0;
    }

    /** An answer means that the client is ours; none means nothing to the client. */
    private final class WitnessAsker implements Witnesses.Asker {
        @Override
        public boolean isOurs(Ownership record) {
            return rank(record) == 0;
        }

        @Override
        public boolean ask(Ownership record, long ageNanos, long nowNanos) {
            boolean orphan = record.owner() != env.selfId();
            if (called.containsKey(record.client()) || (orphan && !isOurs(record))) {
                return false;
            }
            boolean asked = env.calls().askAsOf(record, ageNanos, nowNanos);
            if (asked && orphan) {
                Optional<MoveCause> cause = Optional.of(MoveCause.TAKE_OVER);
                called.put(record.client(), job(record, cause, WITNESS, nowNanos, nowNanos));
            }
            return asked;
        }
    }

    // ---- the queue

    private void add(
            Ownership record, Optional<MoveCause> cause, int rank, long nowNanos, long dueNanos) {
        if (record.endpoint().isEmpty() || waiting.size() >= OwnershipTable.MAX_RECORDS) {
            return;
        }
        waiting.add(job(record, cause, rank, nowNanos, dueNanos));
    }

    private Job job(
            Ownership record, Optional<MoveCause> cause, int rank, long nowNanos, long dueNanos) {
        return new Job(
                record.client(),
                record.owner(),
                record.epoch(),
                record.active(),
                cause,
                rank,
                nowNanos,
                env.evidence().apply(record.owner()),
                dueNanos);
    }

    /** Whether the record is still the one by which it was decided. */
    private boolean isOpen(Job job, Ownership record) {
        boolean same = record.epoch() == job.epoch() && record.owner() == job.from();
        if (!same || job.cause().isEmpty()) {
            return same;
        }
        return job.cause().get() == MoveCause.TAKE_OVER
                ? env.reach().lost(job.from()).isPresent()
                : record.heir() == env.selfId();
    }

    // ---- calling

    /** Starts some of the handshakes that are due. */
    void startSome(long nowNanos) {
        env.reach().takeOverdue(nowNanos).forEach(id -> onLost(List.of(id), nowNanos));
        waiting.addAll(canaries.run(nowNanos));
        if (witnesses.run(nowNanos)) {
            onOthersDied(nowNanos);
        }
        for (int started = 0; started < STARTED_PER_TURN && isDue(nowNanos); ) {
            Job job = waiting.remove();
            started += start(job, nowNanos) ? 1 : 0;
        }
    }

    private boolean isDue(long nowNanos) {
        Job next = waiting.peek();
        return next != null && next.dueNanos() <= nowNanos;
    }

    private boolean start(Job job, long nowNanos) {
        Optional<Ownership> record =
                env.ownership().find(job.client()).filter(found -> isOpen(job, found));
        if (record.isEmpty() || called.containsKey(job.client())) {
            return false;
        }
        boolean orphan = job.cause().equals(Optional.of(MoveCause.TAKE_OVER));
        if (orphan && canaries.mustWait(job.from())) {
            canaries.hold(job);
            return false;
        }
        if (orphan && canaries.mustYield(job.from())) {
            return false;
        }
        if (!env.calls().call(record.get(), nowNanos)) {
            return false;
        }
        called.put(job.client(), job);
        return true;
    }

    // ---- what becomes of it

    /** A session was proven: the call that it answers, if there was one. */
    Optional<Job> onProven(ClientSession session, boolean weStarted) {
        if (weStarted) {
            canaries.onAnswer(session);
        }
        return Optional.ofNullable(called.remove(session.address()));
    }

    /** The client did not answer; empty when nobody called it on these grounds. */
    Optional<Job> onGaveUp(IpAddress client) {
        Optional<Job> job = Optional.ofNullable(called.remove(client));
        failed += job.isPresent() ? 1 : 0;
        return job;
    }

    /** Calls that were not answered. */
    long failed() {
        return failed;
    }

    /** When {@link #startSome} has something to do. */
    long nextDeadlineNanos() {
        Job next = waiting.peek();
        long due = next == null ? Deadlines.NONE : next.dueNanos();
        due = Math.min(due, canaries.nextDeadlineNanos());
        due = Math.min(due, witnesses.nextDeadlineNanos());
        return Math.min(due, env.reach().nextDeadlineNanos());
    }
}
