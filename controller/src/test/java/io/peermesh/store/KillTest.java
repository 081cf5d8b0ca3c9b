package io.peermesh.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller that is killed with SIGKILL while it acknowledges writes loses none of them. */
class KillTest {
    private static final String SAFE = "safe ";
    private static final int ROUNDS = 3;
    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 25;

    @TempDir Path temporary;

    @Test
    void losesNothingThatWasAcknowledgedWhenItIsKilled() throws Exception {
        Path directory = temporary.resolve("data");
        int acknowledged = 0;

        for (int round = 0; round < ROUNDS; round++) {
            acknowledged = writeUntilKilled(directory, acknowledged);

            Map<String, String> fields = fields(directory);
            for (int i = 1; i <= acknowledged; i++) {
                assertThat(fields).containsEntry("field " + i, "half a " + i + "half b " + i);
            }
        }
    }

    private static Map<String, String> fields(Path directory) {
        try (Store store = Store.open(directory)) {
            return store.read(tx -> tx.local().all());
        }
    }

    /** Answers the last number that the child acknowledged before it died. */
    private static int writeUntilKilled(Path directory, int from) throws Exception {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Writer.class.getName(),
                                directory.toString(),
                                Integer.toString(from))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        int last = from;
        try (var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
            while (last < from + ACKNOWLEDGED_BEFORE_THE_KILL) {
                last = acknowledged(lines.readLine(), last);
            }
            child.destroyForcibly();
            last = drain(lines, last);
        }
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(128 + 9);
        return last;
    }

    /** What it acknowledged between the decision to kill it and its death counts as well. */
    private static int drain(BufferedReader lines, int last) {
        int newest = last;
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                newest = acknowledged(line, newest);
            }
        } catch (IOException e) {
            // the pipe of a killed process may break while it is read
        }
        return newest;
    }

    private static int acknowledged(@Nullable String line, int before) {
        if (line == null) {
            throw new AssertionError("the child ended early");
        }
        return line.startsWith(SAFE) ? Integer.parseInt(line.substring(SAFE.length())) : before;
    }

    /** The child: writes numbered fields in two steps each, and prints a number once it is safe. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            Store store = Store.open(Path.of(args[0])); // never closed: it is killed
            for (int i = Integer.parseInt(args[1]) + 1; i < 1_000_000; i++) {
                int number = i;
                store.write(tx -> {
                    tx.local().put("field " + number, "half a " + number);
                    tx.local().put("field " + number, "half a " + number + "half b " + number);
                });
                System.out.println(SAFE + number);
                System.out.flush();
            }
        }
    }
}
