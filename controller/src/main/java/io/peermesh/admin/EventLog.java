package io.peermesh.admin;

import io.peermesh.store.Events;
import io.peermesh.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What happened, newest first; bounded, the oldest go first. Noting an event never waits for the
 * disk: events are written in batches in the background, and a crash may lose the last of them.
 */
public final class EventLog {
    /** Most events that are kept. */
    public static final int MAX_EVENTS = 10_000;

    /** Most events that wait to be written; more are counted and left out. */
    public static final int MAX_WAITING = 2_000;

    /** Longest subject and text, characters. */
    public static final int MAX_TEXT_CHARACTERS = 1_000;

    private final Store store;
    private final InstantSource clock;
    private final Executor background;
    private final BlockingQueue<Events.Row> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final EventDamper damper = new EventDamper();
    private final AtomicLong lost = new AtomicLong();

    EventLog(Store store, InstantSource clock, Executor background) {
        this.store = store;
        this.clock = clock;
        this.background = background;
    }

    /** Notes an event. */
    public void record(EventKind kind, String subject, String text) {
        var row = new Events.Row(0, clock.instant(), kind.label(), cut(subject), cut(text));
        if (!waiting.offer(row)) {
            lost.incrementAndGet();
            return;
        }
        background.execute(this::flush);
    }

    /** Notes an event that anyone can provoke: at most once a minute each, and 60 in all. */
    void recordProvoked(EventKind kind, String subject, String text) {
        if (damper.admits(kind, subject, text, clock.instant())) {
            record(kind, subject, text);
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT_CHARACTERS ? text : text.substring(0, MAX_TEXT_CHARACTERS);
    }

    /** Writes what waits. */
    private void flush() {
        if (waiting.isEmpty()) {
            return; // an earlier batch took it along
        }
        store.write(tx -> {
            var batch = new ArrayList<Events.Row>();
            waiting.drainTo(batch);
            batch.forEach(tx.events()::add);
            tx.events().trim(MAX_EVENTS);
        });
    }

    /** At most {@code limit} events (1..1000) older than {@code beforeId}; newest first. */
    public List<EventView> recent(int limit, long beforeId) {
        flush();
        int most = Math.clamp(limit, 1, 1000);
        return store.read(tx -> tx.events().before(beforeId, most)).stream()
                .map(EventLog::view)
                .toList();
    }

    /** When something last happened to each subject. */
    Map<String, Instant> lastOf(EventKind kind) {
        flush();
        return store.read(tx -> tx.events().lastOf(kind.label()));
    }

    /** How many events were left out because too many came at once. */
    public long lost() {
        return lost.get();
    }

    private static EventView view(Events.Row row) {
        return new EventView(
                row.id(),
                row.at(),
                EventKind.valueOf(row.kind().toUpperCase(Locale.ROOT)),
                row.subject(),
                row.text());
    }
}
