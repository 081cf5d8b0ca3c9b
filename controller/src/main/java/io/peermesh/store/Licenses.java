package io.peermesh.store;

import java.time.Instant;
import java.util.List;
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
     * @param pending an uploaded upgrade whose parameters are not accepted yet; empty for none
     * @param upgrades SHA-1 of each accepted upgrade, oldest first
     */
    public record Row(
            String text,
            String issuer,
            Instant uploaded,
            String parameters,
            String pending,
            List<String> upgrades) {
        /** Copies the list. */
        public Row {
            upgrades = List.copyOf(upgrades);
        }

        /** A license that was never upgraded. */
        public static Row first(String text, String issuer, Instant uploaded, String parameters) {
            return new Row(text, issuer, uploaded, parameters, "", List.of());
        }
    }

    /** The license, if there is one. */
    public Optional<Row> find() {
        return db.queryOne(
                "SELECT text, issuer, uploaded, parameters, pending, upgrades FROM license",
                row ->
                        new Row(
                                row.getString(1),
                                row.getString(2),
                                Instant.ofEpochMilli(row.getLong(3)),
                                row.getString(4),
                                row.getString(5),
                                words(row.getString(6))));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }

    /** Stores the license in the place of any other. */
    public void put(Row row) {
        db.update(
                "INSERT OR REPLACE INTO license (id, text, issuer, uploaded, parameters,"
                        + " pending, upgrades) VALUES (1, ?, ?, ?, ?, ?, ?)",
                row.text(),
                row.issuer(),
                row.uploaded().toEpochMilli(),
                row.parameters(),
                row.pending(),
                String.join(" ", row.upgrades()));
    }
}
