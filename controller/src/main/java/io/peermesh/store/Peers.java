package io.peermesh.store;

import java.util.List;

/** Configured peers. */
public final class Peers {
    private final Db db;

    Peers(Db db) {
        this.db = db;
    }

    /** A configured peer; {@code host} is an address or a DNS name. */
    public record Row(int controllerId, String host, int outerMtuBytes) {}

    /** All peers, by controller id. */
    public List<Row> all() {
        return db.query(
                "SELECT controller_id, host, outer_mtu FROM peer ORDER BY controller_id",
                row -> new Row(row.getInt(1), row.getString(2), row.getInt(3)));
    }

    /** Adds a peer, or replaces the one with its id. */
    public void put(Row row) {
        db.update(
                "INSERT OR REPLACE INTO peer (controller_id, host, outer_mtu) VALUES (?, ?, ?)",
                row.controllerId(),
                row.host(),
                row.outerMtuBytes());
    }

    /** Forgets a peer, if it is there. */
    public void remove(int controllerId) {
        db.update("DELETE FROM peer WHERE controller_id = ?", controllerId);
    }
}
