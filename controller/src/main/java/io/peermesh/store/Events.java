package io.peermesh.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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

    /** When an event of a kind last concerned each subject. */
    public Map<String, Instant> lastOf(String kind) {
        return db
                .query(
                        "SELECT subject, max(at) FROM event WHERE kind = ? GROUP BY subject",
                        row -> Map.entry(row.getString(1), Instant.ofEpochMilli(row.getLong(2))),
                        kind)
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
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
