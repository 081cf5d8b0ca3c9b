package io.peermesh.cli;

/** Shows what a local action gave. */
final class LocalResults {
    private LocalResults() {}

    static int print(Shell shell, Launcher.Result result) {
        return switch (result) {
            case Launcher.Result.Done(String text) -> {
                shell.out().println(text);
                yield ExitCode.OK;
            }
            case Launcher.Result.Refused(String reason) ->
                    throw new CommandException(ExitCode.FAILED, reason);
        };
    }
}
