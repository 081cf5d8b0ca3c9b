package io.peermesh.admin;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps those whom nobody has authenticated from flushing the event log: of events that they can
 * provoke, the same one comes through once a minute, and at most 60 different ones do.
 */
final class EventDamper {
    /** How long the same event is held back. */
    static final int SECONDS = 60;

    /** Most events in that time. */
    static final int MAX_EVENTS = 60;

    private final AtomicReference<Map<String, Instant>> passed = new AtomicReference<>(Map.of());

    /** Whether an event comes through; if so, it counts. */
    boolean admits(EventKind kind, String subject, String text, Instant now) {
        String event = kind + " " + subject + " " + text;
        Map<String, Instant> before =
                passed.getAndUpdate(all -> with(recent(all, now), event, now));
        Map<String, Instant> recent = recent(before, now);
        return !recent.containsKey(event) && recent.size() < MAX_EVENTS;
    }

    private static Map<String, Instant> recent(Map<String, Instant> all, Instant now) {
        var recent = new LinkedHashMap<String, Instant>();
        all.forEach((event, at) -> {
            if (now.isBefore(at.plusSeconds(SECONDS))) {
                recent.put(event, at);
            }
        });
        return recent;
    }

    private static Map<String, Instant> with(
            Map<String, Instant> recent, String event, Instant now) {
        if (!recent.containsKey(event) && recent.size() < MAX_EVENTS) {
            recent.put(event, now);
        }
        return recent;
    }
}
