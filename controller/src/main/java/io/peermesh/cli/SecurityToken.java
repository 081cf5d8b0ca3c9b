package io.peermesh.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The topology's security token; never an argument. */
final class SecurityToken {
    private SecurityToken() {}

    /** From a file, an environment variable or the person at the terminal. */
    static String read(Shell shell, @Nullable Path file) {
        if (file != null) {
            return Connection.readLine(file);
        }
        return shell.variable("PEERMESH_SECURITY_TOKEN")
                .or(() -> shell.askSecret().apply("Security token: "))
                .orElseThrow(() ->
                        new CommandException(
                                ExitCode.USAGE,
                                "no security token: give --token-file or set"
                                        + " PEERMESH_SECURITY_TOKEN"));
    }
}
