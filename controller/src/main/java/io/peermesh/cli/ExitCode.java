package io.peermesh.cli;

/** The exit codes of every command; part of the interface, see docs/cli.md. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;

    /** Refused or failed; the message says why. */
    public static final int FAILED = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    /** No controller or agent answered, or not the one that it was before. */
    public static final int UNREACHABLE = 3;

    /** The password or token is missing, wrong or throttled. */
    public static final int UNAUTHORIZED = 4;

    private ExitCode() {}
}
