package io.peermesh.main;

import io.peermesh.cli.Cli;
import io.peermesh.cli.Shell;
import io.peermesh.demo.DemoCommand;
import java.util.List;

/** Entry point of the {@code peermesh} command. */
public final class Main {
    private Main() {}

    /** Runs the command line. */
    public static void main(String[] args) {
        int exitCode =
                Cli.run(args, Shell.system(), new LocalLauncher(), List.of(new DemoCommand()));
        System.exit(exitCode);
    }
}
