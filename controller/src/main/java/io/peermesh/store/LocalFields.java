package io.peermesh.store;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Named text fields of this controller alone. */
public final class LocalFields {
    private final Db db;

    LocalFields(Db db) {
        this.db = db;
    }

    /** The value of a field. */
    public Optional<String> find(String name) {
        return db.queryOne(
                "SELECT value FROM local_field WHERE name = ?", row -> row.getString(1), name);
    }

    /** All fields. */
    public Map<String, String> all() {
        return db
                .query(
                        "SELECT name, value FROM local_field",
                        row -> Map.entry(row.getString(1), row.getString(2)))
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Sets a field. */
    public void put(String name, String value) {
        db.update(
                "INSERT INTO local_field (name, value) VALUES (?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                name,
                value);
    }

    /** Forgets a field. */
    public void remove(String name) {
        db.update("DELETE FROM local_field WHERE name = ?", name);
    }
}
