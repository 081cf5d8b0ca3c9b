package io.peermesh.cli;

import io.peermesh.api.Join;
import io.peermesh.api.MeshStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code peermesh join}. */
@Command(
        name = "join",
        description = {
            "Let the controller join a mesh: it fetches license and keyset from a controller of the"
                    + " mesh, takes the lowest free controller id and announces itself; all others"
                    + " peer back.",
            "The security token is read from --token-file, PEERMESH_SECURITY_TOKEN or the terminal."
        },
        mixinStandardHelpOptions = true)
final class JoinCommand implements Callable<Integer> {
    private static final String PATH = "/api/mesh/v1/join";
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Mixin private final Connection connection;
    private final Shell shell;

    @Parameters(
            paramLabel = "ADDRESS",
            description = "HOST[:PORT] of any controller of the mesh. Default port: 8000")
    private String source = "";

    @Option(names = "--token-file", paramLabel = "FILE", description = "Holds the security token.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--address",
            paramLabel = "HOST",
            description =
                    "Where the other controllers reach this one. Default: the address that they see"
                            + " it under.")
    private @Nullable String address;

    @Option(names = "--name", paramLabel = "NAME", description = "A name for this controller.")
    private @Nullable String name;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait for the links afterwards. Default: 20")
    private int waitSeconds = 20;

    JoinCommand(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("source", source);
        parameters.put("token", SecurityToken.read(shell, tokenFile));
        if (address != null) {
            parameters.put("address", address);
        }
        if (name != null) {
            parameters.put("name", name);
        }
        try (ApiClient api = connection.open()) {
            JsonNode answer = follow(api, api.post(PATH, parameters));
            if (!connection.printsJson(answer)) {
                printLinks(links(api));
            }
            return ExitCode.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.FAILED, "interrupted");
        }
    }

    /** Prints each step as it is done. */
    private JsonNode follow(ApiClient api, JsonNode first) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        JsonNode answer = first;
        int printed = 0;
        while (true) {
            Join join = api.read(answer, Join.class);
            printed = printSteps(join.steps(), printed);
            switch (join.state()) {
                case "joined" -> {
                    return answer;
                }
                case "running" -> {
                    if (System.nanoTime() > end) {
                        throw new CommandException(
                                ExitCode.FAILED,
                                "still in progress after "
                                        + PATIENCE.toSeconds()
                                        + " s; see the controller's events");
                    }
                }
                default ->
                        throw new CommandException(
                                ExitCode.FAILED,
                                join.failure()
                                        .map(Join.Failure::message)
                                        .orElse(
                                                "the controller was restarted while it joined;"
                                                        + " join again"));
            }
            Thread.sleep(POLL);
            answer = api.get(PATH);
        }
    }

    private int printSteps(List<Join.Step> steps, int printed) {
        int done = printed;
        while (done < steps.size() && steps.get(done).state().equals("done")) {
            Join.Step step = steps.get(done);
            if (!connection.isJson()) {
                shell.out().println(step.label() + ": " + step.text());
                shell.out().flush();
            }
            done++;
        }
        return done;
    }

    /** The links, once all are up or the time is over. */
    private List<MeshStatus.Link> links(ApiClient api) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
        while (true) {
            JsonNode status = api.get("/api/mesh/v1/status");
            List<MeshStatus.Link> links = api.read(status, MeshStatus.class).links();
            boolean up = !links.isEmpty() && links.stream().allMatch(JoinCommand::isAlive);
            if (up || System.nanoTime() > end) {
                return links;
            }
            Thread.sleep(POLL);
        }
    }

    private static boolean isAlive(MeshStatus.Link link) {
        return link.state().equals("up") || link.state().equals("held");
    }

    private void printLinks(List<MeshStatus.Link> links) {
        for (MeshStatus.Link link : links) {
            shell.out()
                    .printf(
                            "controller %d (%s): %s%s%n",
                            link.peerId(),
                            link.name(),
                            link.state(),
                            isAlive(link)
                                    ? link.rttMicros()
                                            .map(micros -> ", round trip " + Units.millis(micros))
                                            .orElse("")
                                    : " (" + link.reason() + ")");
        }
        if (!links.stream().allMatch(JoinCommand::isAlive)) {
            shell.out()
                    .println(
                            "This controller has joined; links that are not up keep being tried."
                                    + " Is UDP 1195-1203 open between the controllers?");
        }
    }
}
