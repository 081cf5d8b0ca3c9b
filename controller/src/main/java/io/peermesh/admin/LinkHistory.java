package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** When links and clients went up and down, from the event log. */
public final class LinkHistory {
    /** Most entries that are told, the newest. */
    public static final int MAX_ENTRIES = EventQuery.MAX_LIMIT;

    private final Changes changes;
    private final EventLog events;

    LinkHistory(Changes changes, EventLog events) {
        this.changes = changes;
        this.events = events;
    }

    /**
     * The ups and downs of one link, newest first.
     *
     * @param remote a peer's address as configured, its overlay address, or its controller id
     */
    public Outcome<List<EventView>> of(String remote) {
        Configuration now = changes.current();
        Optional<Problem> problem = Prerequisites.license(now);
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        OptionalInt peer = peer(now, remote.strip());
        if (peer.isEmpty() && IpAddress.parse(remote.strip()).isEmpty()) {
            return Outcome.refused(Problem.argument("bad or invalid remote"));
        }
        return Outcome.done(
                peer.isEmpty()
                        ? List.of()
                        : events.find(
                                EventQuery.newest(MAX_ENTRIES)
                                        .of(
                                                peer.getAsInt(),
                                                EventKind.PEER_UP,
                                                EventKind.PEER_DOWN)));
    }

    /** When the link to a peer was up, as far as the newest {@link #MAX_ENTRIES} events tell. */
    public LinkTimeline timeline(int peerId, Instant begin, Instant end) {
        EventQuery newest = EventQuery.newest(MAX_ENTRIES);
        return LinkTimeline.of(
                events.find(newest.of(peerId, EventKind.PEER_UP, EventKind.PEER_DOWN)),
                events.find(newest.of(EventKind.CONTROLLER_STARTED)),
                begin,
                end);
    }

    /** When a client was connected here, as far as the newest {@link #MAX_ENTRIES} events tell. */
    public LinkTimeline timeline(IpAddress client, Instant begin, Instant end) {
        EventQuery newest = EventQuery.newest(MAX_ENTRIES);
        return LinkTimeline.of(
                events.find(
                        newest.of(
                                client,
                                EventKind.CLIENTPACK_UP,
                                EventKind.CLIENT_MOVED,
                                EventKind.CLIENTPACK_DOWN)),
                events.find(newest.of(EventKind.CONTROLLER_STARTED)),
                begin,
                end);
    }

    /** Clients that came or went here since a time, the last one first. */
    public List<IpAddress> clientsSince(Instant begin) {
        var last = new HashMap<String, Instant>();
        Stream.of(EventKind.CLIENTPACK_UP, EventKind.CLIENT_MOVED, EventKind.CLIENTPACK_DOWN)
                .forEach(kind ->
                        events.lastOf(kind)
                                .forEach((name, at) ->
                                        last.merge(
                                                name,
                                                at,
                                                (one, other) -> one.isAfter(other) ? one : other)));
        return last.entrySet().stream()
                .filter(each -> !each.getValue().isBefore(begin))
                .sorted(
                        Map.Entry.<String, Instant>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .flatMap(each -> IpAddress.parse(each.getKey().replace('_', '.')).stream())
                .toList();
    }

    private static OptionalInt peer(Configuration now, String remote) {
        int controllers = now.addressing().map(each -> each.controllers().size()).orElse(0);
        for (int id = 1; id <= controllers; id++) {
            String overlay = now.addressing().orElseThrow().controller(id).toString();
            boolean configured =
                    now.peers().containsKey(id) && now.peers().get(id).host().equals(remote);
            if (configured || remote.equals(overlay) || remote.equals(Integer.toString(id))) {
                return OptionalInt.of(id);
            }
        }
        return OptionalInt.empty();
    }
}
