package io.peermesh.cli;

/** The exit codes of every command; part of the interface, see docs/cli.md. */
final class ExitCode {
    /** Done. */
    static final int OK = 0;

    /** Refused or failed; the message says why. */
    static final int FAILED = 1;

    /** The command line is wrong. */
    static final int USAGE = 2;

    /** No controller answered, or not the one that it was before. */
    static final int UNREACHABLE = 3;

    /** The password or token is missing, wrong or throttled. */
    static final int UNAUTHORIZED = 4;

    private ExitCode() {}
}
