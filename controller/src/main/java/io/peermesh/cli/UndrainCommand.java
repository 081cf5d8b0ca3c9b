package io.peermesh.cli;

import io.peermesh.api.Drain;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code peermesh undrain}. */
@Command(
        name = "undrain",
        description = "Let the controller have clients and transit again.",
        mixinStandardHelpOptions = true)
final class UndrainCommand implements Callable<Integer> {
    @Mixin private final Connection connection;
    private final Shell shell;

    UndrainCommand(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        try (ApiClient api = connection.open()) {
            JsonNode answer = api.put(DrainCommand.PATH, Map.of("draining", false));
            if (!connection.printsJson(answer)) {
                shell.out().println(DrainCommand.words(api.read(answer, Drain.class)));
            }
        }
        return ExitCode.OK;
    }
}
