package io.peermesh.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code peermesh completion}. */
@Command(
        name = "completion",
        description = {
            "Print a completion script for bash and zsh.",
            "bash: source <(peermesh completion)",
            "zsh: autoload -U +X bashcompinit && bashcompinit; source <(peermesh completion)"
        },
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
    private final Shell shell;

    @Spec private @Nullable CommandSpec spec;

    CompletionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("not run as a command");
        }
        var root = spec.root().commandLine();
        shell.out().print(AutoComplete.bash(root.getCommandName(), root));
        return ExitCode.OK;
    }
}
