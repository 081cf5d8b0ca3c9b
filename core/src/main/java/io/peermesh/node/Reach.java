package io.peermesh.node;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which other controllers can be reached, which were lost, and when; and, for those that were lost,
 * on which side of the cut this controller stands, if it was one and nobody has died.
 *
 * <pre>
 *   unknown --told of--&gt; awaited --path--&gt; reachable &lt;--path-- lost
 *                           |                  |                ^
 *                           +--- 3 s ----------|----------------+
 *                                              +----- no path --+
 * </pre>
 *
 * <p>The larger side is the one that keeps the clients which both could reach; of equal sides the
 * one with the lowest id. Only controllers that were lost together count as the other side: who was
 * away before takes no part.
 */
final class Reach {
    /** Controllers that were lost within this time are on one side. */
    static final long TOGETHER_NANOS = 3_000_000_000L;

    /** Who was told of and not reached for this long counts as lost. */
    static final long AWAITED_NANOS = 3_000_000_000L;

    private final int selfId;
    private long probeNanos;
    private final Map<Integer, Long> awaitedSince = new HashMap<>();
    private final Map<Integer, Lost> lost = new HashMap<>();
    private final Set<Integer> reachable = new HashSet<>();

    /**
     * A controller without a path to it.
     *
     * @param sinceNanos when the last path was lost
     * @param larger whether our side is the one that keeps the clients
     */
    record Lost(int id, long sinceNanos, boolean larger) {}

    /** What an update has changed. */
    record Changed(Set<Integer> lost, Set<Integer> returned) {
        boolean isEmpty() {
            return lost.isEmpty() && returned.isEmpty();
        }
    }

    Reach(int selfId) {
        this.selfId = selfId;
    }

    /**
     * The paths were computed.
     *
     * @param paths controllers with a path to them
     * @param known controllers that were told of
     * @return those that were lost, or have returned, just now
     */
    Changed update(Set<Integer> paths, Set<Integer> known, long nowNanos) {
        var gone = new HashSet<>(reachable);
        gone.removeAll(paths);
        var returned = new HashSet<>(paths);
        returned.retainAll(lost.keySet());
        reachable.clear();
        reachable.addAll(paths);
        awaitedSince.keySet().removeAll(paths);
        lost.keySet().removeAll(paths);
        lost.keySet().retainAll(known);
        gone.forEach(id -> lost.put(id, new Lost(id, nowNanos, true)));
        for (int id : known) {
            if (id != selfId && !paths.contains(id) && !lost.containsKey(id)) {
                awaitedSince.putIfAbsent(id, nowNanos);
            }
        }
        if (!gone.isEmpty()) {
            takeSides(nowNanos);
        }
        return new Changed(gone, returned);
    }

    /** Those that were awaited in vain, once each. */
    Set<Integer> takeOverdue(long nowNanos) {
        var overdue = new HashSet<Integer>();
        awaitedSince.forEach((id, since) -> {
            if (nowNanos - since >= AWAITED_NANOS) {
                overdue.add(id);
                lost.put(id, new Lost(id, since, true));
            }
        });
        awaitedSince.keySet().removeAll(overdue);
        return overdue;
    }

    private void takeSides(long nowNanos) {
        var others = new HashSet<Integer>();
        lost.values().stream()
                .filter(each -> nowNanos - each.sinceNanos() < TOGETHER_NANOS)
                .forEach(each -> others.add(each.id()));
        var ours = new HashSet<>(reachable);
        ours.add(selfId);
        boolean larger =
                ours.size() != others.size()
                        ? ours.size() > others.size()
                        : Collections.min(ours) < Collections.min(others);
        others.forEach(id ->
                lost.computeIfPresent(id, (_, each) -> new Lost(id, each.sinceNanos(), larger)));
    }

    boolean isReachable(int id) {
        return reachable.contains(id);
    }

    /** Controllers with a path to them; not this one. */
    Set<Integer> reachable() {
        return Collections.unmodifiableSet(reachable);
    }

    Optional<Lost> lost(int id) {
        return Optional.ofNullable(lost.get(id));
    }

    /** Links are probed this often: both ends of a cut notice it within about two intervals. */
    void probeEvery(long intervalNanos) {
        probeNanos = intervalNanos;
    }

    /** How much later than we the others may notice the same cut. */
    long noticedWithinNanos() {
        return 2 * probeNanos;
    }

    /** Whether anybody is lost. */
    boolean hasLost() {
        return !lost.isEmpty();
    }

    /** Those that are lost now. */
    Set<Integer> lost() {
        return Set.copyOf(lost.keySet());
    }

    /** Whether it was lost, and may live on the side that keeps the clients. */
    boolean isAcross(int id) {
        return lost(id).filter(each -> !each.larger()).isPresent();
    }

    /** Whether somebody was lost who may live on the side that keeps the clients. */
    boolean isSmallerSide() {
        return lost.values().stream().anyMatch(each -> !each.larger());
    }

    /** Whoever was lost has died. */
    void noOtherSide() {
        lost.replaceAll((id, each) -> new Lost(id, each.sinceNanos(), true));
    }

    /** When {@link #takeOverdue} has something. */
    long nextDeadlineNanos() {
        long next = Deadlines.NONE;
        for (long since : awaitedSince.values()) {
            next = Math.min(next, since + AWAITED_NANOS);
        }
        return next;
    }
}
