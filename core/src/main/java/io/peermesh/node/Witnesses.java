package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.clients.Rendezvous;
import io.peermesh.ip.IpAddress;
import io.peermesh.wire.Payload.Ownership;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A few clients as witnesses between two sides of a cut that cannot hear each other. A client
 * accepts only handshakes that are later than all before, whoever sends them. So the side that
 * keeps the clients shakes hands with the witnesses again and again; the other side asks the same
 * ones with a timestamp of some time ago. No answer: somebody has renewed it since, and the client
 * was not disturbed. An answer: nobody has.
 *
 * <pre>
 *   idle --lost, we keep the clients--&gt; renewing: each interval, those that are connected here
 *     |
 *     +--lost, we have yielded them---&gt; asking: each interval, as of three intervals ago
 *                                         |
 *                                         +-- half of them answered --&gt; the others have died
 * </pre>
 *
 * <p>These are leases that the clients keep for us; see Gray and Cheriton, "Leases", 1989. Both
 * sides choose the same witnesses, since their records were equal when the cut came.
 */
final class Witnesses {
    /** How many clients are witnesses. */
    static final int COUNT = 16;

    /** Between two renewals at first; it grows to a twentieth of the age of the cut. */
    static final long MIN_INTERVAL_NANOS = 5_000_000_000L;

    /** Between two renewals of an old cut. */
    static final long MAX_INTERVAL_NANOS = 60_000_000_000L;

    private static final int INTERVALS_IN_AGE = 20;

    /** A lease that was not renewed for so many intervals is over. */
    static final int LEASE_INTERVALS = 3;

    /** The first renewal, right after the first calls: the other side may ask soon. */
    static final long FIRST_NANOS = 20_000_000L;

    /** Who comes later than this to what is due was paused. */
    static final long LATE_NANOS = 1_000_000_000L;

    /** Nobody notices a loss earlier than this before we do, apart from the probes' interval. */
    static final long BEFORE_NANOS = 200_000_000L;

    /** Before, nobody may have renewed what the first question is about. */
    static final long FIRST_ASKED_NANOS = (LEASE_INTERVALS + 1) * MIN_INTERVAL_NANOS;

    /** From the question to the verdict: when the last question has been given up. */
    static final long JUDGED_NANOS = Canaries.ANSWER_NANOS + 100_000_000L;

    private final Env env;
    private final Set<IpAddress> open = new HashSet<>();
    private List<IpAddress> chosen = List.of();
    private Set<Integer> ourSide = Set.of();
    private long sinceNanos;
    private long yieldedNanos;
    private long nextNanos = Deadlines.NONE;
    private boolean asked;

    /**
     * What they need of the taking over.
     *
     * @param asker starts a handshake as of some time ago
     */
    record Env(int selfId, Calls calls, OwnershipTable ownership, Reach reach, Asker asker) {}

    /** Asks a client, if it is this controller that has to ask it. */
    interface Asker {
        boolean ask(Ownership record, long ageNanos, long nowNanos);

        /** Whether this controller is the first to take over the client of a lost one. */
        boolean isOurs(Ownership record);
    }

    Witnesses(Env env) {
        this.env = env;
    }

    /** Controllers were lost: from now on these are the witnesses. */
    void onLost(long nowNanos) {
        chosen =
                Rendezvous.sample(
                        env.ownership().all().stream()
                                .filter(record -> record.owner() != OwnershipTable.NOBODY)
                                .filter(record -> record.endpoint().isPresent())
                                .map(Ownership::client),
                        COUNT);
        open.clear();
        asked = false;
        sinceNanos = nowNanos;
        nextNanos = nowNanos + FIRST_NANOS;
    }

    /** The witnesses of the last cut. */
    List<IpAddress> chosen() {
        return chosen;
    }

    /** Whether there are clients of lost ones, and none that we would be the first to take. */
    boolean areAllForOthers() {
        List<Ownership> across = across();
        return !across.isEmpty() && across.stream().noneMatch(env.asker()::isOurs);
    }

    private List<Ownership> across() {
        return chosen.stream()
                .flatMap(witness -> env.ownership().find(witness).stream())
                .filter(record -> env.reach().isAcross(record.owner()))
                .toList();
    }

    /**
     * Asks the clients of lost ones as of just before the loss.
     *
     * @return those that were asked
     */
    List<IpAddress> askAcross(long nowNanos) {
        long before = BEFORE_NANOS + env.reach().noticedWithinNanos();
        return across().stream()
                .filter(record -> {
                    long sinceNanos = env.reach().lost(record.owner()).orElseThrow().sinceNanos();
                    return env.asker().ask(record, nowNanos - sinceNanos + before, nowNanos);
                })
                .map(Ownership::client)
                .toList();
    }

    /** Our own clients have been called by the other side, all but those that still answer us. */
    void onYielded(Collection<IpAddress> silent, long nowNanos) {
        yieldedNanos = nowNanos;
        ourSide = Set.copyOf(env.reach().reachable());
        open.clear();
        for (IpAddress witness : chosen) {
            env.ownership()
                    .find(witness)
                    .filter(record ->
                            env.reach().lost(record.owner()).isPresent()
                                    || silent.contains(witness))
                    .ifPresent(_ -> open.add(witness));
        }
    }

    /**
     * Does what is due.
     *
     * @return whether those who kept the clients are found to have died
     */
    boolean run(long nowNanos) {
        if (nowNanos < nextNanos) {
            return false;
        }
        if (!env.reach().hasLost()) {
            nextNanos = Deadlines.NONE;
            return false;
        }
        if (nowNanos - nextNanos > LATE_NANOS) { // we were paused: others may have them by now
            nextNanos = nowNanos + LATE_NANOS;
            return false;
        }
        long interval = intervalNanos(nowNanos);
        if (!env.reach().isSmallerSide()) {
            env.calls().renew(chosen, nowNanos);
            nextNanos = nowNanos + interval;
            return false;
        }
        if (asked) {
            asked = false;
            nextNanos = nowNanos + interval - JUDGED_NANOS;
            return isLeaseOver();
        }
        if (nowNanos - sinceNanos < FIRST_ASKED_NANOS) {
            nextNanos = sinceNanos + FIRST_ASKED_NANOS;
            return false;
        }
        open.forEach(witness -> ask(witness, LEASE_INTERVALS * interval, nowNanos));
        asked = true;
        nextNanos = nowNanos + JUDGED_NANOS;
        return false;
    }

    private long intervalNanos(long nowNanos) {
        long wanted = (nowNanos - sinceNanos) / INTERVALS_IN_AGE;
        return Math.clamp(wanted, MIN_INTERVAL_NANOS, MAX_INTERVAL_NANOS);
    }

    private void ask(IpAddress witness, long ageNanos, long nowNanos) {
        env.ownership()
                .find(witness)
                .filter(record -> !isAtOurSide(record))
                .ifPresent(record -> env.asker().ask(record, ageNanos, nowNanos));
    }

    private boolean isLeaseOver() {
        long answered =
                open.stream()
                        .flatMap(witness -> env.ownership().find(witness).stream())
                        .filter(this::isAtOurSide)
                        .count();
        return answered > 0 && answered * 2 >= open.size();
    }

    /** Whether the witness has shaken hands with one of us since we yielded. */
    private boolean isAtOurSide(Ownership record) {
        return record.owner() == env.selfId()
                ? env.calls().hasShakenHands(record.client(), yieldedNanos)
                : ourSide.contains(record.owner());
    }

    /** When we have yielded. */
    long yieldedNanos() {
        return yieldedNanos;
    }

    /** When {@link #run} has something to do. */
    long nextDeadlineNanos() {
        return nextNanos;
    }
}
