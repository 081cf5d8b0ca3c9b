package io.peermesh.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How the mesh looked over time, in rows that each hold for a while. */
public final class MeshStates {
    private static final String COLUMNS = "SELECT at, until, changed, up, links, state";

    private final Db db;

    MeshStates(Db db) {
        this.db = db;
    }

    /**
     * A state of the mesh.
     *
     * @param until when it was last seen like that
     * @param changed whether controllers or links differ from the state before, not only figures
     * @param up how many links were up
     * @param links how many there were
     * @param state all of it
     */
    public record Row(
            Instant at, Instant until, boolean changed, int up, int links, String state) {}

    /** Adds a state; one of the same time is replaced. */
    public void add(Row row) {
        db.update(
                "INSERT OR REPLACE INTO mesh_state (at, until, changed, up, links, state)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                row.at().toEpochMilli(),
                row.until().toEpochMilli(),
                row.changed(),
                row.up(),
                row.links(),
                row.state());
    }

    /** Notes that the state of that time was still so. */
    public void extend(Instant at, Instant until) {
        db.update(
                "UPDATE mesh_state SET until = ? WHERE at = ?",
                until.toEpochMilli(),
                at.toEpochMilli());
    }

    /** The last state that began at or before a time. */
    public Optional<Row> at(Instant time) {
        return db.queryOne(
                COLUMNS + " FROM mesh_state WHERE at <= ? ORDER BY at DESC LIMIT 1",
                MeshStates::row,
                time.toEpochMilli());
    }

    /** All states of a span without what they are, oldest first; {@code state} is empty. */
    public List<Row> between(Instant begin, Instant end) {
        return db.query(
                "SELECT at, until, changed, up, links, '' FROM mesh_state"
                        + " WHERE until >= ? AND at < ? ORDER BY at",
                MeshStates::row,
                begin.toEpochMilli(),
                end.toEpochMilli());
    }

    /** When controllers or links last changed before a time. */
    public Optional<Instant> changeBefore(Instant time) {
        return time("SELECT max(at) FROM mesh_state WHERE changed = 1 AND at < ?", time);
    }

    /** When controllers or links next changed after a time. */
    public Optional<Instant> changeAfter(Instant time) {
        return time("SELECT min(at) FROM mesh_state WHERE changed = 1 AND at > ?", time);
    }

    private Optional<Instant> time(String sql, Instant time) {
        return db.queryOne(sql, row -> row.getLong(1), time.toEpochMilli())
                .filter(at -> at > 0)
                .map(Instant::ofEpochMilli);
    }

    /** Forgets the oldest states: those beyond a number, and before a time; answers how many. */
    public int trim(int most, Instant oldest) {
        return db.update(
                        "DELETE FROM mesh_state WHERE at <= (SELECT at FROM mesh_state"
                                + " ORDER BY at DESC LIMIT 1 OFFSET ?)",
                        most)
                + db.update("DELETE FROM mesh_state WHERE until < ?", oldest.toEpochMilli());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                Instant.ofEpochMilli(row.getLong(1)),
                Instant.ofEpochMilli(row.getLong(2)),
                row.getBoolean(3),
                row.getInt(4),
                row.getInt(5),
                row.getString(6));
    }
}
