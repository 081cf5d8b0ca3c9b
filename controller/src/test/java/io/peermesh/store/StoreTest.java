package io.peermesh.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.crypto.Keyset;
import io.peermesh.crypto.Secret;
import io.peermesh.ip.Prefix;
import io.peermesh.replication.SharedEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    @TempDir Path temporary;
    private Path directory;

    @BeforeEach
    void name() {
        directory = temporary.resolve("deep").resolve("data");
    }

    @Test
    void keepsWhatWasWrittenAcrossRestarts() {
        try (Store store = Store.open(directory)) {
            store.write(tx -> tx.local().put("controller_name", "fra-1"));
        }

        try (Store store = Store.open(directory)) {
            var read = store.read(tx -> tx.local().find("controller_name"));
            assertThat(read).contains("fra-1");
        }
    }

    @Test
    void leavesNoTraceOfAWriteThatThrew() {
        try (Store store = Store.open(directory)) {
            assertThatThrownBy(() ->
                            store.write(tx -> {
                                tx.local().put("a", "1");
                                throw new IllegalStateException("half way");
                            }))
                    .hasMessage("half way");

            assertThat(fields(store)).isEmpty();
        }
    }

    @Test
    void leavesNoTraceOfAWriteThatIsNotKept() {
        try (Store store = Store.open(directory)) {
            boolean[] committed = {false};

            store.write(
                    tx -> {
                        tx.local().put("a", "1");
                        return "no";
                    },
                    "yes"::equals,
                    _ -> committed[0] = true);

            assertThat(fields(store)).isEmpty();
            assertThat(committed[0]).isFalse();
        }
    }

    @Test
    void makesFolderAndFilesPrivate() throws IOException {
        try (Store store = Store.open(directory)) {
            store.write(tx -> tx.local().put("a", "1"));

            assertThat(mode(directory)).isEqualTo("rwx------");
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).isNotEmpty().allMatch(file -> mode(file).equals("rw-------"));
            }
            assertThat(store.notices()).isEmpty();
        }
    }

    @Test
    void tightensALooseFolderAndSaysSo() throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

        try (Store store = Store.open(directory)) {
            assertThat(mode(directory)).isEqualTo("rwx------");
            assertThat(store.notices())
                    .singleElement()
                    .asString()
                    .contains(directory.toString(), "was open to other users (rwxr-xr-x)");
        }
    }

    @Test
    void tightensALooseDatabaseAndSaysSo() throws IOException {
        Store.open(directory).close();
        Path file = directory.resolve("peermesh.db");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        try (Store store = Store.open(directory)) {
            assertThat(mode(file)).isEqualTo("rw-------");
            assertThat(store.notices()).singleElement().asString().contains("peermesh.db");
        }
    }

    @Test
    void refusesAFolderThatCannotBeMade() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "");

        assertThatThrownBy(() -> Store.open(file.resolve("data")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot use " + file.resolve("data"));
    }

    @Test
    void refusesAFileInThePlaceOfTheFolder() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "");

        assertThatThrownBy(() -> Store.open(file)).isInstanceOf(StoreException.class);
    }

    @Test
    void refusesAFolderThatAnotherControllerUses() {
        try (Store _ = Store.open(directory)) {
            assertThatThrownBy(() -> Store.open(directory))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is in use by another controller");
        }
    }

    @Test
    void letsALocalShellWriteBesideTheController() {
        try (Store store = Store.open(directory);
                Store beside = Store.openBeside(directory)) {
            beside.write(tx -> tx.local().put("a", "1"));

            assertThat(fields(store)).containsEntry("a", "1");
        }
    }

    @Test
    void refusesALocalShellWhereNoControllerWas() {
        assertThatThrownBy(() -> Store.openBeside(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("there is no such folder");
        assertThatThrownBy(() -> Store.openBeside(temporary))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("holds no controller's state");
    }

    @Test
    void refusesANewerSchemaAndLeavesItAlone() {
        Store.open(directory).close();
        Path file = directory.resolve("peermesh.db");
        try (Db db = Db.open(file)) {
            db.script("PRAGMA user_version = 99");
        }

        assertThatThrownBy(() -> Store.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("written by a newer Peermesh (schema 99")
                .hasMessageContaining("knows up to " + Migrations.newest());
    }

    @Test
    void saysThatADamagedFileIsDamaged() throws IOException {
        Store.open(directory).close();
        Files.writeString(directory.resolve("peermesh.db"), "not a database ".repeat(1000));

        assertThatThrownBy(() -> Store.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void saysThatTheDiskIsFullAndChangesNothing() {
        Path file = directory.resolve("peermesh.db");
        Store.open(directory).close();
        try (Db db = Db.open(file)) {
            db.script("PRAGMA max_page_count = 1"); // SQLite takes the present size: no more pages
            var fields = new LocalFields(db);
            db.beginWriting();

            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    fields.put("field " + i, "x".repeat(2000));
                                }
                            })
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("the disk is full")
                    .hasMessageContaining(file.toString());
        }

        try (Store store = Store.open(directory)) {
            assertThat(fields(store)).isEmpty();
        }
    }

    @Test
    void canBeOpenedAgainAfterARefusal() {
        Store.open(directory).close();
        Path file = directory.resolve("peermesh.db");
        try (Db db = Db.open(file)) {
            db.script("PRAGMA user_version = 99");
        }
        assertThatThrownBy(() -> Store.open(directory)).isInstanceOf(StoreException.class);
        try (Db db = Db.open(file)) {
            db.script("PRAGMA user_version = " + Migrations.newest());
        }

        Store.open(directory).close();
    }

    @Test
    void neverUsesARouteIdTwice() {
        try (Store store = Store.open(directory)) {
            var route =
                    new Routes.Row(
                            0,
                            Prefix.literal("10.1.0.0/24"),
                            "",
                            "",
                            "",
                            "",
                            "main",
                            true,
                            0,
                            true);
            store.write(tx -> tx.routes().add(route));
            store.write(tx -> tx.routes().remove(1));
            store.write(tx -> tx.routes().add(route));

            var read = store.read(tx -> tx.routes().all());
            assertThat(read).extracting(Routes.Row::id).containsExactly(2);
        }
    }

    @Test
    void keepsTheKeysetToTheByte() {
        byte[] secret = new byte[32];
        secret[31] = 7;
        var row =
                new Keysets.Row(
                        new Keyset(new UUID(1, 2), 3, 4, Secret.of(secret)),
                        Secret.of(new byte[] {1}),
                        "2,1,1",
                        Secret.of(new byte[] {2}));
        try (Store store = Store.open(directory)) {
            store.write(tx -> tx.keyset().put(row));

            var read = store.read(tx -> tx.keyset().find());
            assertThat(read).contains(row);
        }
    }

    @Test
    void keepsTheNewerOfTwoWritings() {
        try (Store store = Store.open(directory)) {
            boolean[] taken = new boolean[3];
            store.write(tx -> {
                taken[0] = tx.shared().merge(new SharedEntry("k", "b", 2, 1));
                taken[1] = tx.shared().merge(new SharedEntry("k", "z", 1, 9));
                taken[2] = tx.shared().merge(new SharedEntry("k", "c", 2, 1));
            });

            assertThat(taken).containsExactly(true, false, true);
            var read = store.read(tx -> tx.shared().all());
            assertThat(read).containsExactly(new SharedEntry("k", "c", 2, 1));
        }
    }

    @Test
    void countsUpWithEachLocalWriting() {
        try (Store store = Store.open(directory)) {
            store.write(tx -> tx.shared().write("k", "a", 1));
            store.write(tx -> tx.shared().write("k", "a", 2)); // the same value: no new writing
            store.write(tx -> tx.shared().write("k", "b", 3));

            var read = store.read(tx -> tx.shared().all());
            assertThat(read).containsExactly(new SharedEntry("k", "b", 2, 3));
        }
    }

    @Test
    void keepsTheNewestEvents() {
        try (Store store = Store.open(directory)) {
            store.write(tx -> {
                for (int i = 1; i <= 5; i++) {
                    tx.events()
                            .add(
                                    new Events.Row(
                                            0,
                                            Instant.EPOCH,
                                            "kind",
                                            "s",
                                            "" + i,
                                            "",
                                            0,
                                            "",
                                            new TreeMap<>()));
                }
                tx.events().trim(3);
            });

            var read = store.read(tx -> tx.events().find(Events.Filter.ALL, true, 10));
            assertThat(read).extracting(Events.Row::text).containsExactly("5", "4", "3");
        }
    }

    private static Map<String, String> fields(Store store) {
        return store.read(tx -> tx.local().all());
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
