package io.peermesh.cli;

/** Ends a command with a message for the operator and an exit code. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    /**
     * A message for the operator, without a key in it; the exit code is one of {@link ExitCode}.
     */
    public CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
