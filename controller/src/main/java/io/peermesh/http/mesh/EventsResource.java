package io.peermesh.http.mesh;

import io.peermesh.admin.EventLog;
import io.peermesh.admin.EventView;
import io.peermesh.api.Event;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;

/** {@code /api/mesh/v1/events?limit=&before=}: what happened, newest first. */
public final class EventsResource implements Resource {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;

    private final EventLog events;

    /** Over this log. */
    public EventsResource(EventLog events) {
        this.events = events;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/mesh/v1/events", this::recent);
    }

    private Answer recent(Request request) {
        Parameters given = request.parameters();
        int limit = given.number("limit").orElse(DEFAULT_LIMIT);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new BadArgument("limit must be between 1 and " + MAX_LIMIT);
        }
        long before = given.number("before").map(Integer::longValue).orElse(Long.MAX_VALUE);
        return Answer.ok(events.recent(limit, before).stream().map(EventsResource::body).toList());
    }

    private static Event body(EventView event) {
        return new Event(
                event.id(),
                event.at().toString(),
                event.kind().label(),
                event.subject(),
                event.text());
    }
}
