package io.peermesh.cli;

import io.peermesh.api.MeshStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code peermesh keyset}. */
@Command(
        name = "keyset",
        description = "The topology's secret material.",
        mixinStandardHelpOptions = true)
final class KeysetCommand {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Mixin private final Connection connection;
    private final Shell shell;

    KeysetCommand(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    @Command(
            name = "show",
            description = "Whether there is one, and its checksum.",
            mixinStandardHelpOptions = true)
    int show() {
        try (ApiClient api = connection.open()) {
            return print(api.get("/api/mesh/v1/status").path("keyset"), api);
        }
    }

    @Command(
            name = "generate",
            description =
                    "Make the topology's keyset. The security token, with which other controllers"
                            + " fetch it, is read from --token-file, PEERMESH_SECURITY_TOKEN or"
                            + " the terminal.",
            mixinStandardHelpOptions = true)
    int generate(
            @Option(names = "--token-file", paramLabel = "FILE") @Nullable Path tokenFile,
            @Option(names = "--topology", paramLabel = "NAME", description = "A new name.")
                    @Nullable String topology) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("token", SecurityToken.read(shell, tokenFile));
        if (topology != null) {
            parameters.put("topology_name", topology);
        }
        return start(parameters);
    }

    @Command(
            name = "fetch",
            description = "Fetch keyset, license and topology from a controller that has them.",
            mixinStandardHelpOptions = true)
    int fetch(
            @Parameters(paramLabel = "SOURCE", description = "HOST[:PORT] of that controller.")
                    String source,
            @Option(names = "--token-file", paramLabel = "FILE") @Nullable Path tokenFile) {
        return start(Map.of("token", SecurityToken.read(shell, tokenFile), "source", source));
    }

    /** The own part of the API answers also while clients of VNS3 see a restart. */
    private int start(Map<String, String> parameters) {
        try (ApiClient api = connection.open()) {
            api.put("/api/keyset", parameters);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < end) {
                JsonNode keyset = api.get("/api/mesh/v1/status").path("keyset");
                if (!keyset.path("in_progress").asBoolean(false)) {
                    api.awaitRestarted();
                    return print(keyset, api);
                }
                Thread.sleep(POLL);
            }
            throw new CommandException(
                    ExitCode.FAILED,
                    "still in progress after " + PATIENCE.toSeconds() + " s; see keyset show");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.FAILED, "interrupted");
        }
    }

    private int print(JsonNode response, ApiClient api) {
        boolean json = connection.printsJson(response);
        MeshStatus.Keyset keyset = api.read(response, MeshStatus.Keyset.class);
        Optional<String> failure = keyset.present() ? Optional.empty() : keyset.failure();
        if (!json && failure.isEmpty()) {
            shell.out().println(text(keyset));
        }
        if (failure.isPresent()) {
            throw new CommandException(ExitCode.FAILED, failure.get());
        }
        return ExitCode.OK;
    }

    private static String text(MeshStatus.Keyset keyset) {
        if (!keyset.present()) {
            return keyset.inProgress() ? "in progress" : "no keyset";
        }
        return "keyset present, created "
                + keyset.createdAt().orElse("-")
                + ", checksum "
                + keyset.checksum().orElse("-");
    }
}
