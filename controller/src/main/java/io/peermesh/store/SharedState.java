package io.peermesh.store;

import io.peermesh.replication.SharedEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Topology-wide state; the newer of two writings of a key stays. */
public final class SharedState {
    private static final String COLUMNS = "SELECT key, value, counter, controller_id FROM shared";

    private final Db db;

    SharedState(Db db) {
        this.db = db;
    }

    /** All entries, by key. */
    public List<SharedEntry> all() {
        return db.query(COLUMNS + " ORDER BY key", SharedState::entry);
    }

    /** Takes a writing unless a newer one is there; answers whether it was taken. */
    public boolean merge(SharedEntry entry) {
        Optional<SharedEntry> present = find(entry.key());
        if (present.isPresent() && !entry.isNewerThan(present.get())) {
            return false;
        }
        put(entry);
        return true;
    }

    /** Writes a new value of a key at this controller; the same value again changes nothing. */
    public boolean write(String key, String value, int controllerId) {
        Optional<SharedEntry> present = find(key);
        if (present.map(SharedEntry::value).equals(Optional.of(value))) {
            return false;
        }
        long counter = present.map(SharedEntry::counter).orElse(0L) + 1;
        put(new SharedEntry(key, value, counter, controllerId));
        return true;
    }

    /** Forgets all entries: another topology's follow. */
    public void clear() {
        db.update("DELETE FROM shared");
    }

    private Optional<SharedEntry> find(String key) {
        return db.queryOne(COLUMNS + " WHERE key = ?", SharedState::entry, key);
    }

    private void put(SharedEntry entry) {
        db.update(
                "INSERT OR REPLACE INTO shared (key, value, counter, controller_id)"
                        + " VALUES (?, ?, ?, ?)",
                entry.key(),
                entry.value(),
                entry.counter(),
                entry.controllerId());
    }

    private static SharedEntry entry(ResultSet row) throws SQLException {
        return new SharedEntry(row.getString(1), row.getString(2), row.getLong(3), row.getInt(4));
    }
}
