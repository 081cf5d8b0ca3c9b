package io.peermesh.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Certificates that were trusted once, a line {@code HOST:PORT FINGERPRINT} each; the last line of
 * a controller counts.
 */
final class KnownControllers {
    private final Path file;

    KnownControllers(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    Optional<String> fingerprint(String controller) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.reversed().stream()
                    .map(line -> line.strip().split("\\s+", 2))
                    .filter(parts -> parts.length == 2 && parts[0].equals(controller))
                    .map(parts -> parts[1])
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    void remember(String controller, String fingerprint) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(
                    file,
                    controller + " " + fingerprint + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
