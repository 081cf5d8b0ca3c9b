package io.peermesh.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code peermesh passwd}. */
@Command(
        name = "passwd",
        description = "Passwords of the API user and the UI user.",
        mixinStandardHelpOptions = true)
final class PasswdCommand {
    private final Shell shell;
    private final Launcher launcher;

    PasswdCommand(Shell shell, Launcher launcher) {
        this.shell = shell;
        this.launcher = launcher;
    }

    @Command(
            name = "reset",
            description = "On the controller's machine: generate a new password and show it once.",
            mixinStandardHelpOptions = true)
    int reset(@Option(names = "--data", required = true, paramLabel = "DIR") Path data) {
        return LocalResults.print(shell, launcher.resetPassword(data));
    }
}
