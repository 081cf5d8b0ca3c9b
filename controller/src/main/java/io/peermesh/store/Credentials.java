package io.peermesh.store;

import java.util.Optional;

/** The password of each face: the API and the web UI. */
public final class Credentials {
    private final Db db;

    Credentials(Db db) {
        this.db = db;
    }

    /**
     * Who may log in to a face.
     *
     * @param face {@code api} or {@code ui}
     * @param hash of the password, with its cost and salt
     * @param generated nobody has chosen this password yet
     */
    public record Row(
            String face, String username, String hash, boolean enabled, boolean generated) {
        /** With another password. */
        public Row withHash(String newHash, boolean newGenerated) {
            return new Row(face, username, newHash, enabled, newGenerated);
        }
    }

    /** The credential of a face. */
    public Optional<Row> find(String face) {
        return db.queryOne(
                "SELECT face, username, hash, enabled, generated FROM credential WHERE face = ?",
                row ->
                        new Row(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getBoolean(4),
                                row.getBoolean(5)),
                face);
    }

    /** Sets the credential of a face. */
    public void put(Row row) {
        db.update(
                "INSERT OR REPLACE INTO credential (face, username, hash, enabled,"
                        + " generated) VALUES (?, ?, ?, ?, ?)",
                row.face(),
                row.username(),
                row.hash(),
                row.enabled(),
                row.generated());
    }
}
