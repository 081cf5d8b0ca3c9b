package io.peermesh.store;

import io.peermesh.crypto.Keyset;
import io.peermesh.crypto.Secret;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The keyset with its stretched security token, and the last attempt to get one. */
public final class Keysets {
    private final Db db;

    Keysets(Db db) {
        this.db = db;
    }

    /**
     * The keyset as stored.
     *
     * @param salt of the stretched token
     * @param cost of the stretched token, as text
     * @param stretched the security token after scrypt
     */
    public record Row(Keyset keyset, Secret salt, String cost, Secret stretched) {}

    /**
     * The last attempt.
     *
     * @param started whole seconds
     * @param finished the epoch while it runs
     * @param reason empty while it runs, {@code done}, or why it failed
     * @param text for people
     */
    public record Attempt(Instant started, Instant finished, String reason, String text) {}

    /** The keyset, if there is one. */
    public Optional<Row> find() {
        return db.queryOne(
                "SELECT uuid, generation, created, secret, salt, cost, stretched FROM keyset",
                row ->
                        new Row(
                                new Keyset(
                                        UUID.fromString(row.getString(1)),
                                        row.getInt(2),
                                        row.getLong(3),
                                        Secret.of(row.getBytes(4))),
                                Secret.of(row.getBytes(5)),
                                row.getString(6),
                                Secret.of(row.getBytes(7))));
    }

    /** Stores the keyset in the place of any other. */
    public void put(Row row) {
        db.update(
                "INSERT OR REPLACE INTO keyset"
                        + " (id, uuid, generation, created, secret, salt, cost, stretched)"
                        + " VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
                row.keyset().uuid().toString(),
                row.keyset().generation(),
                row.keyset().createdEpochMillis(),
                row.keyset().topologySecret().reveal(),
                row.salt().reveal(),
                row.cost(),
                row.stretched().reveal());
    }

    /** The last attempt, if there was one. */
    public Optional<Attempt> attempt() {
        return db.queryOne(
                "SELECT started, finished, reason, text FROM keyset_attempt",
                row ->
                        new Attempt(
                                Instant.ofEpochSecond(row.getLong(1)),
                                Instant.ofEpochMilli(row.getLong(2)),
                                row.getString(3),
                                row.getString(4)));
    }

    /** Notes the last attempt. */
    public void putAttempt(Attempt attempt) {
        db.update(
                "INSERT OR REPLACE INTO keyset_attempt (id, started, finished, reason, text)"
                        + " VALUES (1, ?, ?, ?, ?)",
                attempt.started().getEpochSecond(),
                attempt.finished().toEpochMilli(),
                attempt.reason(),
                attempt.text());
    }
}
