package io.peermesh.admin;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Which controller ids are kept for controllers that are joining: an immutable value, whose changes
 * are new values. At most one lease per id and per installation, so at most ten.
 *
 * <pre>
 *               lease                   announce
 *   (free)  ------------->  LEASED  ----------------->  ANNOUNCED, a peer now
 *     ^                       |                             |
 *     +-----------------------+                             | 30 s: forgotten, and a peer still
 *               30 s                                        v
 * </pre>
 */
record JoinLeases(Map<Integer, Lease> byId) {
    /** How long an id is kept after it was last asked for. */
    static final long LEASE_MILLIS = 30_000;

    /** How long others may take to say that they gave the same id away at the same time. */
    static final long SETTLE_MILLIS = 1_000;

    static final JoinLeases NONE = new JoinLeases(Map.of());

    /** Copies the map. */
    JoinLeases {
        byId = Map.copyOf(byId);
    }

    /** An id that is kept; {@code announcedMillis} is 0 until it is announced. */
    record Lease(UUID installation, long untilMillis, long announcedMillis) {}

    /** These leases at a later time. */
    JoinLeases at(long nowMillis) {
        var kept = new TreeMap<>(byId);
        kept.values().removeIf(lease -> nowMillis >= lease.untilMillis());
        return new JoinLeases(kept);
    }

    /** The same with an id for this installation: the one it has, else the lowest free one. */
    JoinLeases grant(
            UUID installation,
            OptionalInt former,
            Set<Integer> taken,
            int controllers,
            long nowMillis) {
        OptionalInt held = of(installation);
        OptionalInt id = held.isPresent() && !taken.contains(held.getAsInt()) ? held : former;
        OptionalInt chosen =
                id.isPresent()
                        ? id
                        : IntStream.rangeClosed(1, controllers)
                                .filter(each -> !taken.contains(each) && !byId.containsKey(each))
                                .findFirst();
        var more = new TreeMap<>(byId);
        more.values().removeIf(lease -> lease.installation().equals(installation));
        chosen.ifPresent(
                each -> more.put(each, new Lease(installation, nowMillis + LEASE_MILLIS, 0)));
        return new JoinLeases(more);
    }

    /** The same with an announced id. */
    JoinLeases announced(int id, UUID installation, long nowMillis) {
        var more = new TreeMap<>(byId);
        more.put(id, new Lease(installation, nowMillis + LEASE_MILLIS, nowMillis));
        return new JoinLeases(more);
    }

    /** The id that is kept for an installation. */
    OptionalInt of(UUID installation) {
        return byId.entrySet().stream()
                .filter(each -> each.getValue().installation().equals(installation))
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }

    boolean isHeldByOther(int id, UUID installation) {
        Lease lease = byId.get(id);
        return lease != null && !lease.installation().equals(installation);
    }

    /** How much longer another controller's announcement of the same id may be on its way. */
    long unsettledMillis(int id, long nowMillis) {
        Lease lease = byId.get(id);
        return lease == null || lease.announcedMillis() == 0
                ? 0
                : Math.max(0, lease.announcedMillis() + SETTLE_MILLIS - nowMillis);
    }
}
