package io.peermesh.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Brings the database to the schema of this program; each numbered script runs in one go. */
final class Migrations {
    /** Script n leads from schema n - 1 to schema n. */
    private static final List<String> SCRIPTS =
            List.of(
                    "001-first.sql",
                    "002-license-upgrades.sql",
                    "003-event-details.sql",
                    "004-ui-users.sql",
                    "005-mesh-history.sql");

    private Migrations() {}

    /** The schema that this program knows. */
    static int newest() {
        return SCRIPTS.size();
    }

    /** Applies what is missing. The database is not touched when its schema is newer. */
    static void apply(Db db, Path file) {
        int present = version(db);
        check(present, file);
        for (int next = present + 1; next <= newest(); next++) {
            db.script(
                    "BEGIN IMMEDIATE;\n"
                            + text(SCRIPTS.get(next - 1))
                            + "PRAGMA user_version = "
                            + next
                            + ";\nCOMMIT");
        }
    }

    /** Refuses a schema that is not exactly this program's. */
    static void requireNewest(Db db, Path file) {
        int present = version(db);
        check(present, file);
        if (present < newest()) {
            throw new StoreException(
                    file
                            + " has an older schema; start the controller once to bring it up to date");
        }
    }

    private static void check(int present, Path file) {
        if (present > newest()) {
            throw new StoreException(
                    file
                            + " was written by a newer Peermesh (schema "
                            + present
                            + ", this program knows up to "
                            + newest()
                            + "); use that version, or another data directory");
        }
    }

    private static int version(Db db) {
        return db.queryOne("PRAGMA user_version", row -> row.getInt(1)).orElse(0);
    }

    private static String text(String script) {
        try (InputStream in = Migrations.class.getResourceAsStream(script)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks " + script);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
