package io.peermesh.main;

import io.peermesh.agent.ClientCommand;
import io.peermesh.cli.Cli;
import io.peermesh.cli.Shell;
import io.peermesh.demo.DemoCommand;
import java.util.List;

/** Entry point of the {@code peermesh} command. */
public final class Main {
    private Main() {}

    /** Runs the command line. */
    public static void main(String[] args) {
        Shell shell = Shell.system();
        int exitCode =
                Cli.run(
                        args,
                        shell,
                        new LocalLauncher(),
                        List.of(new ClientCommand(shell), new DemoCommand()));
        System.exit(exitCode);
    }
}
