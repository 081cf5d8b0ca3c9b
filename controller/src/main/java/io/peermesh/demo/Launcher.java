package io.peermesh.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@code peermesh} script, which the rig runs as an operator does. */
public final class Launcher {
    /** The script must not build while the rig runs what is built. */
    public static final Map<String, String> ENVIRONMENT = Map.of("PEERMESH_NO_BUILD", "1");

    private static final String PROPERTY = "peermesh.launcher";

    private Launcher() {}

    /**
     * Where the script is: told by itself in a system property, or in this folder or one above.
     *
     * @throws RigException when it is not found
     */
    public static Path path() {
        String told = System.getProperty(PROPERTY, "");
        if (!told.isEmpty()) {
            return Path.of(told);
        }
        return above(Path.of("").toAbsolutePath())
                .orElseThrow(() -> new RigException("The script peermesh is not found; run it"));
    }

    /** Runs a command of {@code peermesh} to its end on the real machine. */
    public static Output run(Duration limit, String... arguments) {
        var command = new ArrayList<String>();
        command.add(path().toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(ENVIRONMENT);
        return Commands.run(limit, builder, Optional.empty());
    }

    private static Optional<Path> above(Path folder) {
        for (@Nullable Path at = folder; at != null; at = at.getParent()) {
            Path script = at.resolve("peermesh");
            if (Files.isRegularFile(script) && Files.isExecutable(script)) {
                return Optional.of(script);
            }
        }
        return Optional.empty();
    }
}
