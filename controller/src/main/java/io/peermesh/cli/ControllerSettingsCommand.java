package io.peermesh.cli;

import io.peermesh.api.ControllerSettings;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code peermesh controller-settings}. */
@Command(
        name = "controller-settings",
        description =
                "The controller's share of the clients and its probes; without options, shows.",
        mixinStandardHelpOptions = true)
final class ControllerSettingsCommand implements Callable<Integer> {
    private static final String PATH = "/api/mesh/v1/controller-settings";

    @Mixin private final Connection connection;
    private final Shell shell;

    @Option(
            names = "--weight",
            paramLabel = "N",
            description = "Its share of the clients compared to the others', 1 to 100.")
    private @Nullable Integer weight;

    @Option(
            names = "--moves-per-minute",
            paramLabel = "N",
            description = "Clients that it hands over when it has more than its share, 0 to 600.")
    private @Nullable Integer movesPerMinute;

    @Option(names = "--probes", paramLabel = "PROFILE", description = "fast, normal or slow.")
    private @Nullable String probes;

    ControllerSettingsCommand(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        var change = new LinkedHashMap<String, Object>();
        if (weight != null) {
            change.put("weight", weight);
        }
        if (movesPerMinute != null) {
            change.put("moves_per_minute", movesPerMinute);
        }
        if (probes != null) {
            change.put("probes", probes);
        }
        try (ApiClient api = connection.open()) {
            JsonNode answer = change.isEmpty() ? api.get(PATH) : api.put(PATH, change);
            if (!connection.printsJson(answer)) {
                print(api.read(answer, ControllerSettings.class));
            }
        }
        return ExitCode.OK;
    }

    private void print(ControllerSettings settings) {
        shell.out()
                .printf(
                        "weight %d; hands over at most %d clients per minute%n",
                        settings.weight(), settings.movesPerMinute());
        var table =
                new Table(
                        shell,
                        "probes",
                        "in use",
                        "interval",
                        "notices after",
                        "per link and month");
        for (ControllerSettings.ProbeProfile profile : settings.probeProfiles()) {
            table.row(
                    profile.name(),
                    profile.name().equals(settings.probes()) ? "yes" : "-",
                    profile.intervalMillis() + " ms",
                    profile.detectionMillis() + " ms",
                    Units.bytes(profile.bytesPerMonth()));
        }
        shell.out().print(table);
    }
}
