package io.peermesh.admin;

import io.peermesh.admin.MeshMap.Edge;
import io.peermesh.admin.MeshMap.LinkState;
import io.peermesh.store.LinkSamples;
import io.peermesh.store.MeshStates;
import io.peermesh.store.StoreException;
import io.peermesh.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes down how the mesh looks, for {@link MeshHistory}: a state whenever controllers or links
 * change, figures once a minute, and a sample of each peer link per minute. Bounded by number and
 * age, the oldest go first. One thread at a time.
 */
public final class MeshRecorder {
    /** Between two looks. */
    public static final Duration PERIOD = Duration.ofSeconds(1);

    /** What one sample of a link covers. */
    public static final Duration SAMPLE = Duration.ofMinutes(1);

    /** How long samples are kept: at most 10,080 of each link. */
    public static final Duration MAX_SAMPLE_AGE = Duration.ofDays(7);

    /** Most states that are kept; a mesh that is not at rest makes at most one a second. */
    public static final int MAX_STATES = 20_000;

    /** How long states are kept. */
    public static final Duration MAX_STATE_AGE = EventLog.MAX_AGE;

    private static final long NANOS_PER_MICRO = 1000;
    private static final double PPM = 1e6;

    private final Changes changes;
    private final StatusAdmin status;
    private final Map<Integer, Sum> sums = new HashMap<>();
    private final AtomicLong pruned = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private Optional<Noted> last = Optional.empty();
    private Instant minute = Instant.EPOCH;
    private Instant lastLook = Instant.EPOCH;

    MeshRecorder(Changes changes, StatusAdmin status) {
        this.changes = changes;
        this.status = status;
    }

    /** The row that the present state is in. */
    private record Noted(Instant at, String shape, String text) {}

    /** What was seen of a link within this minute. */
    private static final class Sum {
        private int looks;
        private double rttMicros;
        private double rttMostMicros;
        private double loss;

        void add(MeshMap.Quality quality) {
            double micros = (double) quality.rttNanos() / NANOS_PER_MICRO;
            looks++;
            rttMicros += micros;
            rttMostMicros = Math.max(rttMostMicros, micros);
            loss += quality.loss();
        }

        LinkSamples.Row row(Instant at) {
            return new LinkSamples.Row(
                    at,
                    Math.round(rttMicros / looks),
                    Math.round(rttMostMicros),
                    Math.round(loss / looks * PPM));
        }
    }

    /** Looks once, and writes what is new. Call it every {@link #PERIOD}. */
    public void look() {
        Instant now = changes.now();
        Instant thisMinute = now.truncatedTo(ChronoUnit.MINUTES);
        if (now.isBefore(lastLook) || now.isAfter(lastLook.plus(MeshHistory.SLACK))) {
            last = Optional.empty(); // we slept, or the clock was set: nobody knows what was
        }
        lastLook = now;
        try {
            if (!thisMinute.equals(minute)) {
                onMinute(now);
                minute = thisMinute;
            }
            Optional<MeshMap> map = status.map();
            map.ifPresent(each -> note(each, now));
            if (map.isEmpty()) {
                last = Optional.empty();
            }
        } catch (StoreException e) {
            lost.incrementAndGet();
            last = Optional.empty();
        }
    }

    private void note(MeshMap map, Instant now) {
        map.edges().forEach(this::sample);
        String shape = MeshStateText.shape(map);
        if (last.filter(noted -> noted.shape().equals(shape)).isEmpty()) {
            Optional<Noted> before = last;
            changes.store()
                    .write(tx -> {
                        before.ifPresent(noted -> tx.meshStates().extend(noted.at(), now));
                        add(tx, map, now, true);
                    });
        }
    }

    private void sample(Edge edge) {
        boolean alive = edge.state() == LinkState.UP || edge.state() == LinkState.HELD;
        if (alive && edge.own().isPresent() && edge.quality().isPresent()) {
            sums.computeIfAbsent(edge.own().get().peerId(), _ -> new Sum())
                    .add(edge.quality().get());
        }
    }

    private void add(Transaction tx, MeshMap map, Instant now, boolean changed) {
        String text = MeshStateText.of(map);
        int up = (int) map.edges().stream().filter(each -> each.state() == LinkState.UP).count();
        tx.meshStates().add(new MeshStates.Row(now, now, changed, up, map.edges().size(), text));
        last = Optional.of(new Noted(now, MeshStateText.shape(map), text));
    }

    /** Writes the samples of the minute that is over, and that the state was so until now. */
    private void onMinute(Instant now) {
        Optional<MeshMap> map = status.map();
        var samples = new HashMap<Integer, LinkSamples.Row>();
        sums.forEach((peer, sum) -> samples.put(peer, sum.row(minute)));
        sums.clear();
        if (last.isEmpty() && samples.isEmpty()) {
            return;
        }
        changes.store()
                .write(tx -> {
                    samples.forEach(tx.linkSamples()::add);
                    last.ifPresent(noted -> tx.meshStates().extend(noted.at(), now));
                    map.filter(each -> isNewText(each))
                            .ifPresent(each -> add(tx, each, now, false));
                    prune(tx, samples.keySet(), now);
                });
    }

    private boolean isNewText(MeshMap map) {
        return last.filter(noted ->
                        noted.shape().equals(MeshStateText.shape(map))
                                && !noted.text().equals(MeshStateText.of(map)))
                .isPresent();
    }

    private void prune(Transaction tx, Iterable<Integer> peers, Instant now) {
        int gone = tx.meshStates().trim(MAX_STATES, now.minus(MAX_STATE_AGE));
        for (int peer : peers) {
            gone += tx.linkSamples().trim(peer, now.minus(MAX_SAMPLE_AGE));
        }
        pruned.addAndGet(gone);
    }

    /** How many states and samples were forgotten, being too old or too many, since the start. */
    public long pruned() {
        return pruned.get();
    }

    /** How often the disk did not take what was seen, since the start. */
    public long lost() {
        return lost.get();
    }
}
