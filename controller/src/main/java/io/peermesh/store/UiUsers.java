package io.peermesh.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Users of the web UI besides the first one. */
public final class UiUsers {
    private static final String COLUMNS =
            "SELECT name, hash, role, enabled, generated FROM ui_user";

    private final Db db;

    UiUsers(Db db) {
        this.db = db;
    }

    /**
     * A user.
     *
     * @param hash of the password, with its cost and salt
     * @param generated nobody has chosen this password yet
     */
    public record Row(String name, String hash, String role, boolean enabled, boolean generated) {}

    /** All, by name. */
    public List<Row> all() {
        return db.query(COLUMNS + " ORDER BY name", UiUsers::row);
    }

    /** One by name. */
    public Optional<Row> find(String name) {
        return db.queryOne(COLUMNS + " WHERE name = ?", UiUsers::row, name);
    }

    /** Adds or replaces one. */
    public void put(Row row) {
        db.update(
                "INSERT OR REPLACE INTO ui_user (name, hash, role, enabled, generated)"
                        + " VALUES (?, ?, ?, ?, ?)",
                row.name(),
                row.hash(),
                row.role(),
                row.enabled(),
                row.generated());
    }

    /** Forgets one. */
    public void remove(String name) {
        db.update("DELETE FROM ui_user WHERE name = ?", name);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getBoolean(4),
                row.getBoolean(5));
    }
}
