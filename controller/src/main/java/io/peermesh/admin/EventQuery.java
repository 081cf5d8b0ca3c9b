package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which events; each condition that is given must hold.
 *
 * @param after only greater ids, oldest first; without it newest first
 * @param before only smaller ids
 * @param since only from this time on
 * @param kinds one of these; empty for all
 * @param limit 1..{@link #MAX_LIMIT}
 */
public record EventQuery(
        Optional<Long> after,
        long before,
        Optional<Instant> since,
        List<EventKind> kinds,
        OptionalInt peer,
        Optional<IpAddress> client,
        int limit) {
    /** Most events in one answer. */
    public static final int MAX_LIMIT = 1000;

    /** Copies the list, and keeps the limit in its range. */
    public EventQuery {
        kinds = List.copyOf(kinds);
        limit = Math.clamp(limit, 1, MAX_LIMIT);
    }

    /** The newest. */
    public static EventQuery newest(int limit) {
        return new EventQuery(
                Optional.empty(),
                Long.MAX_VALUE,
                Optional.empty(),
                List.of(),
                OptionalInt.empty(),
                Optional.empty(),
                limit);
    }

    /** Those of some kinds. */
    public EventQuery of(EventKind... wanted) {
        return new EventQuery(after, before, since, List.of(wanted), peer, client, limit);
    }

    /** Those of some kinds about one peer. */
    public EventQuery of(int peerId, EventKind... wanted) {
        return new EventQuery(
                after, before, since, List.of(wanted), OptionalInt.of(peerId), client, limit);
    }

    /** Those of some kinds about one client. */
    public EventQuery of(IpAddress wantedClient, EventKind... wanted) {
        return new EventQuery(
                after, before, since, List.of(wanted), peer, Optional.of(wantedClient), limit);
    }

    /** Those with smaller ids. */
    public EventQuery before(long id) {
        return new EventQuery(after, id, since, kinds, peer, client, limit);
    }
}
