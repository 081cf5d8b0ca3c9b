package io.peermesh.store;

import java.time.Instant;
import java.util.List;

/** Who changed what. */
public final class Audits {
    private final Db db;

    Audits(Db db) {
        this.db = db;
    }

    /** One change. Never holds a secret. */
    public record Row(Instant at, String actor, String source, String action, String target) {}

    /** Adds a change, and forgets the oldest until at most {@code most} are left. */
    public void add(Row row, int most) {
        db.update(
                "INSERT INTO audit (at, actor, source, action, target) VALUES (?, ?, ?, ?, ?)",
                row.at().toEpochMilli(),
                row.actor(),
                row.source(),
                row.action(),
                row.target());
        db.update("DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?", most);
    }

    /** The newest changes, newest first. */
    public List<Row> newest(int limit) {
        return db.query(
                "SELECT at, actor, source, action, target FROM audit ORDER BY id DESC LIMIT ?",
                row ->
                        new Row(
                                Instant.ofEpochMilli(row.getLong(1)),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5)),
                limit);
    }
}
