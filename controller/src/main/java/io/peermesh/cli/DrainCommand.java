package io.peermesh.cli;

import io.peermesh.api.Drain;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code peermesh drain}. */
@Command(
        name = "drain",
        description = "Move all clients and transit away from the controller, before maintenance.",
        mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {
    static final String PATH = "/api/mesh/v1/drain";

    private static final long POLL_MILLIS = 500;

    @Mixin private final Connection connection;
    private final Shell shell;

    @Option(names = "--wait", description = "Return when the controller may be stopped.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "With --wait: give up, and leave it draining. Default: 600")
    private long timeoutSeconds = 600;

    @Option(names = "--force", description = "Also when no other controller can be reached.")
    private boolean force;

    DrainCommand(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        try (ApiClient api = connection.open()) {
            JsonNode answer = api.put(PATH, Map.of("draining", true, "force", force));
            return wait ? await(api, answer) : print(api, answer);
        }
    }

    private int print(ApiClient api, JsonNode answer) {
        if (!connection.printsJson(answer)) {
            shell.out().println(words(api.read(answer, Drain.class)));
        }
        return ExitCode.OK;
    }

    private int await(ApiClient api, JsonNode first) {
        long end = System.nanoTime() + timeoutSeconds * 1_000_000_000L;
        JsonNode answer = first;
        String told = "";
        Drain drain = api.read(answer, Drain.class);
        while (!drain.safeToStop() && System.nanoTime() < end) {
            if (!words(drain).equals(told)) {
                told = words(drain);
                shell.err().println(told);
                shell.err().flush();
            }
            pause();
            answer = api.get(PATH);
            drain = api.read(answer, Drain.class);
            if (!drain.draining()) {
                throw new CommandException(ExitCode.FAILED, "somebody has ended the drain");
            }
        }
        int ignored = print(api, answer);
        return drain.safeToStop() ? ExitCode.OK : ExitCode.FAILED;
    }

    static String words(Drain drain) {
        if (!drain.draining()) {
            return "not draining; %d clients are connected here".formatted(drain.clientsLeft());
        }
        return drain.safeToStop()
                ? "drained: this controller may be stopped"
                : "draining: %d clients left; %s".formatted(drain.clientsLeft(), drain.obstacle());
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.FAILED, "interrupted");
        }
    }
}
