package io.peermesh.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** API tokens, by the hash of the token. */
public final class Tokens {
    private static final String COLUMNS =
            "SELECT id, name, created, expires, created_source, lifetime, refreshes, used,"
                    + " used_source FROM token";

    private final Db db;

    Tokens(Db db) {
        this.db = db;
    }

    /**
     * A token.
     *
     * @param id 0 for one that is still to be added
     * @param used the epoch for never
     */
    public record Row(
            int id,
            String name,
            Instant created,
            Instant expires,
            String createdSource,
            long lifetimeSeconds,
            boolean refreshes,
            Instant used,
            String usedSource) {}

    /** All tokens, by id. */
    public List<Row> all() {
        return db.query(COLUMNS + " ORDER BY id", Tokens::row);
    }

    /** A token by id. */
    public Optional<Row> find(int id) {
        return db.queryOne(COLUMNS + " WHERE id = ?", Tokens::row, id);
    }

    /** A token by the hash of the token. */
    public Optional<Row> findByHash(byte[] hash) {
        return db.queryOne(COLUMNS + " WHERE hash = ?", Tokens::row, hash);
    }

    /** Adds a token; answers its id. */
    public int add(byte[] hash, Row row) {
        db.update(
                "INSERT INTO token (hash, name, created, expires, created_source, lifetime,"
                        + " refreshes, used, used_source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                hash,
                row.name(),
                row.created().toEpochMilli(),
                row.expires().toEpochMilli(),
                row.createdSource(),
                row.lifetimeSeconds(),
                row.refreshes(),
                row.used().toEpochMilli(),
                row.usedSource());
        return db.queryOne("SELECT last_insert_rowid()", result -> result.getInt(1)).orElseThrow();
    }

    /** Notes when a token ends. */
    public void expireAt(int id, Instant expires) {
        db.update("UPDATE token SET expires = ? WHERE id = ?", expires.toEpochMilli(), id);
    }

    /** Notes a use. */
    public void use(int id, Instant at, String source) {
        db.update(
                "UPDATE token SET used = ?, used_source = ? WHERE id = ?",
                at.toEpochMilli(),
                source,
                id);
    }

    /** Forgets a token. */
    public void remove(int id) {
        db.update("DELETE FROM token WHERE id = ?", id);
    }

    /** Forgets the tokens that ended longest ago, until at most {@code most} are left of them. */
    public void removeExpired(Instant now, int most) {
        db.update(
                "DELETE FROM token WHERE expires <= ? AND id NOT IN"
                        + " (SELECT id FROM token WHERE expires <= ? ORDER BY expires DESC LIMIT ?)",
                now.toEpochMilli(),
                now.toEpochMilli(),
                most);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getInt(1),
                row.getString(2),
                Instant.ofEpochMilli(row.getLong(3)),
                Instant.ofEpochMilli(row.getLong(4)),
                row.getString(5),
                row.getLong(6),
                row.getBoolean(7),
                Instant.ofEpochMilli(row.getLong(8)),
                row.getString(9));
    }
}
