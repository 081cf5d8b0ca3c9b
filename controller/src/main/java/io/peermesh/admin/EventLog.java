package io.peermesh.admin;

import io.peermesh.admin.EventDetail.Measure;
import io.peermesh.ip.IpAddress;
import io.peermesh.store.Events;
import io.peermesh.store.Store;
import io.peermesh.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What happened; bounded by number and age, the oldest go first. Noting an event never waits for
 * the disk: events are written in batches in the background, and a crash may lose the last of them.
 * Safe from any thread.
 */
public final class EventLog {
    /** Most events that are kept. */
    public static final int MAX_EVENTS = 50_000;

    /** How long events are kept. */
    public static final Duration MAX_AGE = Duration.ofDays(90);

    /** Most events that wait to be written; more are counted and left out. */
    public static final int MAX_WAITING = 20_000;

    /** Longest subject and text, characters. */
    public static final int MAX_TEXT_CHARACTERS = 1_000;

    /** Most callers that wait for events at a time; others are answered at once. */
    public static final int MAX_FOLLOWERS = 16;

    private final Store store;
    private final InstantSource clock;
    private final Executor background;
    private final BlockingQueue<Events.Row> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final ReentrantLock flushing = new ReentrantLock();
    private final AtomicBoolean flushComing = new AtomicBoolean();
    private final EventDamper damper = new EventDamper();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong pruned = new AtomicLong();
    private final Semaphore followers = new Semaphore(MAX_FOLLOWERS);
    private final ReentrantLock newsLock = new ReentrantLock();
    private final Condition news = newsLock.newCondition();
    private long newestId; // under newsLock

    EventLog(Store store, InstantSource clock, Executor background) {
        this.store = store;
        this.clock = clock;
        this.background = background;
        this.newestId = store.read(tx -> tx.events().newestId());
    }

    /** Notes an event. */
    public void record(EventKind kind, String subject, String text) {
        record(kind, subject, text, EventDetail.NONE);
    }

    /** Notes an event with its figures. */
    void record(EventKind kind, String subject, String text, EventDetail detail) {
        var measures = new TreeMap<String, Long>();
        detail.measures().forEach((measure, value) -> measures.put(measure.label(), value));
        var row =
                new Events.Row(
                        0,
                        clock.instant(),
                        kind.label(),
                        cut(subject),
                        cut(text),
                        detail.cause(),
                        detail.peer().orElse(0),
                        detail.client().map(IpAddress::toString).orElse(""),
                        measures);
        if (!waiting.offer(row)) {
            lost.incrementAndGet();
            return;
        }
        if (flushComing.compareAndSet(false, true)) {
            background.execute(this::flush);
        }
    }

    /** Notes an event that anyone can provoke, without figures. */
    void recordProvoked(EventKind kind, String subject, String text) {
        recordProvoked(kind, subject, text, EventDetail.NONE);
    }

    /** Notes an event that anyone can provoke: at most once a minute each, and 60 in all. */
    void recordProvoked(EventKind kind, String subject, String text, EventDetail detail) {
        if (damper.admits(kind, subject, text, clock.instant())) {
            record(kind, subject, text, detail);
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT_CHARACTERS ? text : text.substring(0, MAX_TEXT_CHARACTERS);
    }

    /** Writes what waits; returns when what was recorded before is on disk, or counted as lost. */
    private void flush() {
        flushComing.set(false);
        flushing.lock(); // also waits for the batch that another thread has taken
        try {
            if (!waiting.isEmpty()) {
                writeBatch();
            }
        } finally {
            flushing.unlock();
        }
    }

    private void writeBatch() {
        var batch = new ArrayList<Events.Row>();
        try {
            store.write(tx -> {
                waiting.drainTo(batch);
                batch.forEach(tx.events()::add);
                pruned.addAndGet(tx.events().trim(MAX_EVENTS));
                pruned.addAndGet(tx.events().trimBefore(clock.instant().minus(MAX_AGE)));
            });
        } catch (StoreException e) {
            lost.addAndGet(batch.size());
            return;
        }
        tellFollowers(store.read(tx -> tx.events().newestId()));
    }

    private void tellFollowers(long id) {
        newsLock.lock();
        try {
            newestId = Math.max(newestId, id);
            news.signalAll();
        } finally {
            newsLock.unlock();
        }
    }

    /** The events that a query asks for. */
    public List<EventView> find(EventQuery query) {
        flush();
        var filter =
                new Events.Filter(
                        query.after().orElse(0L),
                        query.before(),
                        query.since(),
                        query.kinds().stream().map(EventKind::label).toList(),
                        query.peer(),
                        query.client().map(IpAddress::toString));
        boolean newestFirst = query.after().isEmpty();
        return store.read(tx -> tx.events().find(filter, newestFirst, query.limit())).stream()
                .map(EventLog::view)
                .toList();
    }

    /** At most {@code limit} events (1..1000) older than {@code beforeId}; newest first. */
    public List<EventView> recent(int limit, long beforeId) {
        return find(EventQuery.newest(limit).before(beforeId));
    }

    /** The events that a query asks for, as they stood at a time. */
    public List<EventView> findAt(EventQuery query, Instant time) {
        flush();
        Optional<Long> next = store.read(tx -> tx.events().firstIdAfter(time));
        return find(next.map(query::before).orElse(query));
    }

    /**
     * Waits until there is an event with a greater id, or the time is over, or too many wait
     * already.
     *
     * @return whether there is one
     */
    public boolean awaitNewer(long id, Duration most) throws InterruptedException {
        if (!followers.tryAcquire()) {
            return false;
        }
        newsLock.lock();
        try {
            long left = most.toNanos();
            while (newestId <= id && left > 0) {
                left = news.awaitNanos(left);
            }
            return newestId > id;
        } finally {
            newsLock.unlock();
            followers.release();
        }
    }

    /** The id of the newest event that is on disk. */
    public long newestId() {
        newsLock.lock();
        try {
            return newestId;
        } finally {
            newsLock.unlock();
        }
    }

    /** When something last happened to each subject. */
    Map<String, Instant> lastOf(EventKind kind) {
        flush();
        return store.read(tx -> tx.events().lastOf(kind.label()));
    }

    /** How many events were left out: too many at once, or the disk did not take them. */
    public long lost() {
        return lost.get();
    }

    /** How many events were forgotten, being too old or too many, since the start. */
    public long pruned() {
        return pruned.get();
    }

    private static EventView view(Events.Row row) {
        return new EventView(
                row.id(),
                row.at(),
                EventKind.valueOf(row.kind().toUpperCase(Locale.ROOT)),
                row.subject(),
                row.text(),
                detail(row));
    }

    private static EventDetail detail(Events.Row row) {
        var measures = new EnumMap<Measure, Long>(Measure.class);
        row.measures()
                .forEach((name, value) ->
                        measures.put(Measure.valueOf(name.toUpperCase(Locale.ROOT)), value));
        return new EventDetail(
                row.cause(),
                row.peer() == 0 ? OptionalInt.empty() : OptionalInt.of(row.peer()),
                IpAddress.parse(row.client()),
                measures);
    }
}
