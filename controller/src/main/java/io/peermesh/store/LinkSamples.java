package io.peermesh.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Round-trip time and loss of the peer links, minute by minute. */
public final class LinkSamples {
    private final Db db;

    LinkSamples(Db db) {
        this.db = db;
    }

    /**
     * A link over some time.
     *
     * @param at when it began
     * @param rttMicros mean round-trip time
     * @param rttMostMicros the longest
     * @param lossPpm mean loss, parts per million
     */
    public record Row(Instant at, long rttMicros, long rttMostMicros, long lossPpm) {}

    /** Adds a sample; one of the same time is replaced. */
    public void add(int peer, Row row) {
        db.update(
                "INSERT OR REPLACE INTO link_sample"
                        + " (peer, at, rtt_micros, rtt_most_micros, loss_ppm)"
                        + " VALUES (?, ?, ?, ?, ?)",
                peer,
                row.at().toEpochMilli(),
                row.rttMicros(),
                row.rttMostMicros(),
                row.lossPpm());
    }

    /** Samples of a span, oldest first, joined to one per step; steps without any are left out. */
    public List<Row> find(int peer, Instant begin, Instant end, Duration step) {
        long from = begin.toEpochMilli();
        return db.query(
                "SELECT min(at), CAST(avg(rtt_micros) AS INTEGER), max(rtt_most_micros),"
                        + " CAST(avg(loss_ppm) AS INTEGER) FROM link_sample"
                        + " WHERE peer = ? AND at >= ? AND at < ?"
                        + " GROUP BY (at - ?) / ? ORDER BY 1",
                row ->
                        new Row(
                                Instant.ofEpochMilli(row.getLong(1)),
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4)),
                peer,
                from,
                end.toEpochMilli(),
                from,
                step.toMillis());
    }

    /** Forgets samples of a peer from before a time; answers how many. */
    public int trim(int peer, Instant oldest) {
        return db.update(
                "DELETE FROM link_sample WHERE peer = ? AND at < ?", peer, oldest.toEpochMilli());
    }
}
