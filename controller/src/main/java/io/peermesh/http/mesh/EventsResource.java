package io.peermesh.http.mesh;

import io.peermesh.admin.EventDetail;
import io.peermesh.admin.EventKind;
import io.peermesh.admin.EventLog;
import io.peermesh.admin.EventQuery;
import io.peermesh.admin.EventView;
import io.peermesh.api.Event;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import io.peermesh.ip.IpAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * {@code /api/mesh/v1/events}: what happened, newest first; with {@code after} oldest first, and
 * with {@code wait} not before there is something, or the time is over.
 */
public final class EventsResource implements Resource {
    /** Longest {@code wait}, seconds: well within the time that a request may take. */
    static final int MAX_WAIT_SECONDS = 25;

    private static final int DEFAULT_LIMIT = 100;

    private final EventLog events;

    /** Over this log. */
    public EventsResource(EventLog events) {
        this.events = events;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/mesh/v1/events", this::find);
    }

    private Answer find(Request request) {
        Parameters given = request.parameters();
        EventQuery query = query(given);
        int seconds = given.number("wait").orElse(0);
        if (seconds < 0 || seconds > MAX_WAIT_SECONDS) {
            throw new BadArgument("wait must be between 0 and " + MAX_WAIT_SECONDS + " seconds");
        }
        if (seconds > 0 && query.after().isEmpty()) {
            throw new BadArgument("wait needs after: the id of the last event that you have");
        }
        return Answer.ok(
                find(query, Duration.ofSeconds(seconds)).stream()
                        .map(EventsResource::body)
                        .toList());
    }

    private List<EventView> find(EventQuery query, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        long seen = query.after().orElse(0L);
        List<EventView> found = events.find(query);
        while (found.isEmpty() && System.nanoTime() < end) {
            try {
                if (!events.awaitNewer(seen, Duration.ofNanos(end - System.nanoTime()))) {
                    return found;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return found;
            }
            seen = events.newestId(); // others than those asked for may have come
            found = events.find(query);
        }
        return found;
    }

    private static EventQuery query(Parameters given) {
        int limit = given.number("limit").orElse(DEFAULT_LIMIT);
        if (limit < 1 || limit > EventQuery.MAX_LIMIT) {
            throw new BadArgument("limit must be between 1 and " + EventQuery.MAX_LIMIT);
        }
        Optional<Integer> peer = given.number("peer");
        return new EventQuery(
                id(given, "after"),
                id(given, "before").orElse(Long.MAX_VALUE),
                given.textOrNotSet("since").map(EventsResource::since),
                given.list("kind").stream().map(EventsResource::kind).toList(),
                peer.isPresent() ? OptionalInt.of(peer.get()) : OptionalInt.empty(),
                given.textOrNotSet("client").map(EventsResource::client),
                limit);
    }

    private static Optional<Long> id(Parameters given, String name) {
        try {
            return given.textOrNotSet(name).map(Long::valueOf);
        } catch (NumberFormatException malformed) {
            throw new BadArgument(name + " must be the id of an event");
        }
    }

    private static Instant since(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw new BadArgument("since must look like 2030-12-31T23:59:59Z");
        }
    }

    private static EventKind kind(String text) {
        try {
            return EventKind.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new BadArgument(
                    "there is no such kind; kinds are: "
                            + String.join(
                                    ", ",
                                    java.util.Arrays.stream(EventKind.values())
                                            .map(EventKind::label)
                                            .toList()));
        }
    }

    /** As an address, or as the name of its pack. */
    private static IpAddress client(String text) {
        return IpAddress.parse(text.replace('_', '.'))
                .orElseThrow(() -> new BadArgument("client must be an overlay address"));
    }

    private static Event body(EventView event) {
        EventDetail detail = event.detail();
        var measures = new TreeMap<String, Long>();
        detail.measures().forEach((measure, value) -> measures.put(measure.label(), value));
        return new Event(
                event.id(),
                event.at().toString(),
                event.kind().label(),
                event.subject(),
                event.text(),
                Optional.of(detail.cause()).filter(text -> !text.isEmpty()),
                detail.peer().stream().boxed().findFirst(),
                detail.client().map(IpAddress::toString),
                measures);
    }
}
