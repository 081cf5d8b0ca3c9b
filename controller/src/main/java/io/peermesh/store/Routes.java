package io.peermesh.store;

import io.peermesh.ip.Prefix;
import java.util.List;

/** Routes of this controller. */
public final class Routes {
    private final Db db;

    Routes(Db db) {
        this.db = db;
    }

    /**
     * A route.
     *
     * @param id 0 for one that is still to be added
     */
    public record Row(
            int id,
            Prefix cidr,
            String description,
            String interfaceName,
            String gateway,
            String tunnel,
            String table,
            boolean advertise,
            int metric,
            boolean enabled) {}

    /** All routes, by id. */
    public List<Row> all() {
        return db.query(
                "SELECT id, cidr, description, interface, gateway, tunnel, table_name, advertise,"
                        + " metric, enabled FROM route ORDER BY id",
                row ->
                        new Row(
                                row.getInt(1),
                                Prefix.literal(row.getString(2)),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7),
                                row.getBoolean(8),
                                row.getInt(9),
                                row.getBoolean(10)));
    }

    /** Adds a route under an id that was never used. */
    public void add(Row row) {
        db.update(
                "INSERT INTO route (cidr, description, interface, gateway, tunnel, table_name,"
                        + " advertise, metric, enabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row.cidr().toString(),
                row.description(),
                row.interfaceName(),
                row.gateway(),
                row.tunnel(),
                row.table(),
                row.advertise(),
                row.metric(),
                row.enabled());
    }

    /** Enables or disables a route. */
    public void enable(int id, boolean enabled) {
        db.update("UPDATE route SET enabled = ? WHERE id = ?", enabled, id);
    }

    /** Forgets a route. */
    public void remove(int id) {
        db.update("DELETE FROM route WHERE id = ?", id);
    }
}
