package io.peermesh.cli;

import io.peermesh.api.Drill;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code peermesh drill}. */
@Command(
        name = "drill",
        description = "Take the link to a peer down for a while, and measure the outage.",
        mixinStandardHelpOptions = true)
final class DrillCommand implements Callable<Integer> {
    private static final String PATH = "/api/mesh/v1/drills";
    private static final long POLL_MILLIS = 200;

    @Mixin private final Connection connection;
    private final Shell shell;

    @Option(names = "--peer", required = true, paramLabel = "ID", description = "The other end.")
    private int peer;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "How long the link is down, 1 to 60. Default: 5")
    private int seconds = 5;

    @Option(
            names = "--force",
            description = "Also when clients would be stranded or controllers cut off.")
    private boolean force;

    DrillCommand(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        try (ApiClient api = connection.open()) {
            JsonNode answer =
                    api.post(PATH, Map.of("peer", peer, "seconds", seconds, "force", force));
            String started = answer.at("/0/started").asString();
            while (answer.at("/0/running").asBoolean(false)) {
                pause();
                answer = api.get(PATH);
                if (!answer.at("/0/started").asString("").equals(started)) {
                    throw new CommandException(
                            ExitCode.FAILED, "the controller was restarted during the drill");
                }
            }
            Drill drill = api.read(answer.path(0), Drill.class);
            if (!connection.printsJson(answer)) {
                print(drill);
            }
            return drill.ending().equals(Optional.of("over")) ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private void print(Drill drill) {
        switch (drill.ending().orElse("")) {
            case "not_carried_out" ->
                    shell.out()
                            .println(
                                    "the drill was not carried out: "
                                            + drill.obstacle().orElse(""));
            case "not_back" -> {
                shell.out().println(outage(drill));
                shell.out().println("the link is not back; see peermesh status");
            }
            default -> {
                shell.out().println(outage(drill));
                shell.out()
                        .println(
                                "the link answered again "
                                        + Units.millis(drill.returnMicros().orElse(0L))
                                        + " after the drill");
            }
        }
        drill.measures()
                .forEach((name, value) -> shell.out().println(EventsCommand.measure(name, value)));
    }

    private static String outage(Drill drill) {
        return drill.outageMicros()
                .map(micros ->
                        "outage %s; %d of %d echo requests lost"
                                .formatted(
                                        Units.millis(micros),
                                        drill.lost().orElse(0),
                                        drill.sent().orElse(0)))
                .orElse("outage not measured: " + drill.obstacle().orElse("unknown"));
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
