package io.peermesh.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs commands of the system and waits for them. Safe from any thread. */
final class Commands {
    private Commands() {}

    /** Runs a command to its end, or stops it when the limit is over. */
    static Output run(Duration limit, List<String> command) {
        return run(limit, new ProcessBuilder(command), Optional.empty());
    }

    /**
     * Runs a prepared command, whose output goes through a file so that no pipe can fill up.
     *
     * @param folder where that file is kept; empty for the system's folder of temporary files
     */
    static Output run(Duration limit, ProcessBuilder builder, Optional<Path> folder) {
        Path file = null;
        try {
            file =
                    folder.isPresent()
                            ? Files.createTempFile(folder.get(), "output", ".txt")
                            : Files.createTempFile("peermesh-output", ".txt");
            builder.redirectErrorStream(true).redirectOutput(file.toFile());
            builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            Process process = builder.start();
            int exitCode = exitCode(process, limit);
            return new Output(exitCode, Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new RigException("Running " + String.join(" ", builder.command()), e);
        } finally {
            deleteQuietly(file);
        }
    }

    private static int exitCode(Process process, Duration limit) {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        killTree(process.toHandle());
        return Output.TOOK_TOO_LONG;
    }

    /** Kills a process and everything below it. */
    static void killTree(ProcessHandle process) {
        List<ProcessHandle> below = process.descendants().toList();
        process.destroyForcibly();
        below.forEach(ProcessHandle::destroyForcibly);
    }

    private static void deleteQuietly(@Nullable Path file) {
        if (file == null) {
            return;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
