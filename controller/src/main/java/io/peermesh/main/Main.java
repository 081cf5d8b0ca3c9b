package io.peermesh.main;

/** Entry point of the {@code peermesh} command. */
public final class Main {
    private Main() {}

    /** Runs the command line. */
    public static void main(String[] args) {
        System.err.println("peermesh: no command is built in yet");
        System.exit(2);
    }
}
