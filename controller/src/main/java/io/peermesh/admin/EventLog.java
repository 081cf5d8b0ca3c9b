package io.peermesh.admin;

import java.util.List;

/** What happened, newest first; bounded, the oldest go first. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class EventLog {
    /** Most events that are kept. */
    public static final int MAX_EVENTS = 10_000;

    EventLog() {}

    /** Notes an event. */
    public void record(EventKind kind, String subject, String text) {
        throw new UnsupportedOperationException();
    }

    /** At most {@code limit} events (1..1000) older than {@code beforeId}; newest first. */
    public List<EventView> recent(int limit, long beforeId) {
        throw new UnsupportedOperationException();
    }
}
