package io.peermesh.store;

import java.time.Instant;
import java.util.Optional;

/** The license and its accepted parameters. */
public final class Licenses {
    private final Db db;

    Licenses(Db db) {
        this.db = db;
    }

    /**
     * The license as stored.
     *
     * @param text the license file
     * @param issuer fingerprint of the pinned issuer key
     * @param parameters empty until they are accepted
     */
    public record Row(String text, String issuer, Instant uploaded, String parameters) {}

    /** The license, if there is one. */
    public Optional<Row> find() {
        return db.queryOne(
                "SELECT text, issuer, uploaded, parameters FROM license",
                row ->
                        new Row(
                                row.getString(1),
                                row.getString(2),
                                Instant.ofEpochMilli(row.getLong(3)),
                                row.getString(4)));
    }

    /** Stores the license in the place of any other. */
    public void put(Row row) {
        db.update(
                "INSERT OR REPLACE INTO license (id, text, issuer, uploaded, parameters)"
                        + " VALUES (1, ?, ?, ?, ?)",
                row.text(),
                row.issuer(),
                row.uploaded().toEpochMilli(),
                row.parameters());
    }
}
