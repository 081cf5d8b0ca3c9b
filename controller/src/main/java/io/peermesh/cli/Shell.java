package io.peermesh.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds a command.
 *
 * @param environment the environment variables
 * @param isTerminal whether a person reads the output
 * @param ask asks the person a question and reads a line; empty when there is nobody to ask
 * @param askSecret the same, without showing what is typed
 */
public record Shell(
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        boolean isTerminal,
        Function<String, Optional<String>> ask,
        Function<String, Optional<String>> askSecret) {
    /** The real one. */
    public static Shell system() {
        Optional<Console> terminal =
                Optional.ofNullable(System.console()).filter(Console::isTerminal);
        return new Shell(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                terminal.isPresent(),
                question -> terminal.flatMap(console -> line(console.readLine("%s", question))),
                question ->
                        terminal.flatMap(console -> line(console.readPassword("%s", question))));
    }

    private static Optional<String> line(@Nullable String line) {
        return Optional.ofNullable(line).map(String::strip);
    }

    private static Optional<String> line(char @Nullable [] line) {
        return line == null ? Optional.empty() : Optional.of(new String(line));
    }

    /** An environment variable that is set and not empty. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** Whether to color: for a person, unless NO_COLOR says otherwise (no-color.org). */
    boolean colors() {
        return isTerminal && variable("NO_COLOR").isEmpty();
    }

    /** Where the user's own files of Peermesh are. */
    Path configDirectory() {
        return variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .orElseGet(() -> Path.of(variable("HOME").orElse("."), ".config"))
                .resolve("peermesh");
    }
}
