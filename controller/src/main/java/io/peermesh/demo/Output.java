package io.peermesh.demo;

/**
 * What a finished command left.
 *
 * @param exitCode 0 for success, 124 when it was stopped for taking too long
 * @param text standard output and standard error, in the order of writing
 */
public record Output(int exitCode, String text) {
    /** The exit code of a command that was stopped for taking too long, as timeout(1) has it. */
    static final int TOOK_TOO_LONG = 124;

    /** Whether the command succeeded. */
    public boolean ok() {
        return exitCode == 0;
    }
}
