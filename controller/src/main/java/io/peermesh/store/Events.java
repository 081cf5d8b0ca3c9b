package io.peermesh.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The event log. */
public final class Events {
    private static final String COLUMNS = "SELECT id, at, kind, subject, text FROM event";

    private final Db db;

    Events(Db db) {
        this.db = db;
    }

    /**
     * One event.
     *
     * @param id 0 for one that is still to be added
     */
    public record Row(long id, Instant at, String kind, String subject, String text) {}

    /** Adds an event. */
    public void add(Row row) {
        db.update(
                "INSERT INTO event (at, kind, subject, text) VALUES (?, ?, ?, ?)",
                row.at().toEpochMilli(),
                row.kind(),
                row.subject(),
                row.text());
    }

    /** Forgets the oldest events until at most {@code most} are left. */
    public void trim(int most) {
        db.update("DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?", most);
    }

    /** At most {@code limit} events with smaller ids, newest first. */
    public List<Row> before(long id, int limit) {
        return db.query(COLUMNS + " WHERE id < ? ORDER BY id DESC LIMIT ?", Events::row, id, limit);
    }

    /** The newest event of a kind about a subject. */
    public Optional<Row> newest(String kind, String subject) {
        return db.queryOne(
                COLUMNS + " WHERE kind = ? AND subject = ? ORDER BY id DESC LIMIT 1",
                Events::row,
                kind,
                subject);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                Instant.ofEpochMilli(row.getLong(2)),
                row.getString(3),
                row.getString(4),
                row.getString(5));
    }
}
