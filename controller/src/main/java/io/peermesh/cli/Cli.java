package io.peermesh.cli;

import io.peermesh.api.Product;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code peermesh} command with all its commands. */
public final class Cli {
    private Cli() {}

    /**
     * Runs a command line.
     *
     * @param more commands that main adds
     * @return the exit code
     */
    public static int run(String[] args, Shell shell, Launcher launcher, List<?> more) {
        CommandLine root =
                new CommandLine(new Root())
                        .addSubcommand(new ControllerCommand(launcher))
                        .addSubcommand(new LicenseCommand(shell, launcher))
                        .addSubcommand(new StatusCommand(shell))
                        .addSubcommand(new EventsCommand(shell))
                        .addSubcommand(new NMinusOneCommand(shell))
                        .addSubcommand(new DrillCommand(shell))
                        .addSubcommand(new DrainCommand(shell))
                        .addSubcommand(new UndrainCommand(shell))
                        .addSubcommand(new ControllerSettingsCommand(shell))
                        .addSubcommand(new PeersCommand(shell))
                        .addSubcommand(new KeysetCommand(shell))
                        .addSubcommand(new JoinCommand(shell))
                        .addSubcommand(new ClientpackCommand(shell))
                        .addSubcommand(new PasswdCommand(shell, launcher))
                        .addSubcommand(new CompletionCommand(shell));
        more.forEach(root::addSubcommand);
        root.setOut(shell.out())
                .setErr(shell.err())
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(
                                shell.colors()
                                        ? CommandLine.Help.Ansi.ON
                                        : CommandLine.Help.Ansi.OFF))
                .setExecutionExceptionHandler((fault, _, _) -> report(fault, shell));
        int exitCode = root.execute(args);
        shell.out().flush();
        shell.err().flush();
        return exitCode;
    }

    private static int report(Exception fault, Shell shell) throws Exception {
        if (fault instanceof CommandException refused) {
            shell.err().println("peermesh: " + refused.getMessage());
            return refused.exitCode();
        }
        throw fault; // a bug: picocli prints the stack trace
    }

    /** Without a command, the usage is an error. */
    @Command(
            name = "peermesh",
            version = "peermesh " + Product.VERSION,
            description = "Self-hosted controllers that form one overlay network.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND",
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {
                "0:done",
                "1:refused or failed",
                "2:wrong command line",
                "3:no controller answers, or not the trusted one",
                "4:password or token missing, wrong or throttled"
            })
    private static final class Root {}
}
