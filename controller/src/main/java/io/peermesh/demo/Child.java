package io.peermesh.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A process that runs inside a machine of the rig, with a log file. {@code nsenter} waits for it
 * outside; signals go to the process itself. Safe from any thread.
 */
public final class Child {
    private static final Duration FORK_TIME = Duration.ofSeconds(5);

    private final String label;
    private final Process entered;
    private final Path log;

    Child(String label, Process entered, Path log) {
        this.label = label;
        this.entered = entered;
        this.log = log;
    }

    /** Its process id as this process sees it; for /proc. */
    public long pid() {
        return inner().orElseThrow(() -> new RigException(label + " has ended:\n" + logTail(20)))
                .pid();
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return entered.isAlive();
    }

    /** Sends a signal by name: TERM, KILL, STOP, CONT. Nothing happens when it has ended. */
    public void signal(String name) {
        inner().ifPresent(child -> {
            var kill = List.of("kill", "-s", name, Long.toString(child.pid()));
            Commands.run(Duration.ofSeconds(5), kill);
        });
    }

    /**
     * Waits for its end.
     *
     * @return the exit code, 124 when it still runs at the end of the limit
     */
    public int awaitExit(Duration limit) {
        try {
            boolean ended = entered.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            return ended ? entered.exitValue() : Output.TOOK_TOO_LONG;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Output.TOOK_TOO_LONG;
        }
    }

    /** Asks it to end, and kills it when it has not after the limit. */
    public int stop(Duration limit) {
        signal("TERM");
        int exitCode = awaitExit(limit);
        if (entered.isAlive()) {
            kill();
        }
        return exitCode;
    }

    /** Kills it without notice, as a power failure would, and waits until it is gone. */
    public void kill() {
        signal("KILL");
        awaitExit(Duration.ofSeconds(10));
    }

    /** What it has written so far. */
    public String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(" + log + " cannot be read: " + e.getMessage() + ")";
        }
    }

    /** The file that it writes to. */
    public Path logFile() {
        return log;
    }

    /** The last lines of its log, for a message. */
    public String logTail(int lines) {
        var all = log().lines().toList();
        return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    @Override
    public String toString() {
        return label;
    }

    /** The process itself, once it has been forked; empty when it has ended. */
    private Optional<ProcessHandle> inner() {
        return Waiting.until(FORK_TIME, this::forkedOrEnded).flatMap(Function.identity());
    }

    private Optional<Optional<ProcessHandle>> forkedOrEnded() {
        Optional<ProcessHandle> child = entered.toHandle().children().findFirst();
        return child.isPresent() || !entered.isAlive() ? Optional.of(child) : Optional.empty();
    }
}
