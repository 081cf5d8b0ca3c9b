package io.peermesh.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code peermesh peers}. */
@Command(
        name = "peers",
        description = "The peering table of the controller; without a command, shows it.",
        mixinStandardHelpOptions = true)
final class PeersCommand implements Callable<Integer> {
    @Mixin private final Connection connection;
    private final Shell shell;

    PeersCommand(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        try (ApiClient api = connection.open()) {
            return print(api.get("/api/peering"));
        }
    }

    @Command(
            name = "self",
            description = "Choose the controller's own id.",
            mixinStandardHelpOptions = true)
    int self(@Parameters(paramLabel = "ID") int id) {
        try (ApiClient api = connection.open()) {
            return print(api.put("/api/peering/self", Map.of("id", id)));
        }
    }

    @Command(
            name = "add",
            description = "Say where another controller is.",
            mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "ID") int id,
            @Parameters(paramLabel = "ADDRESS", description = "IPv4, IPv6 or DNS name.")
                    String address,
            @Option(
                            names = "--mtu",
                            paramLabel = "BYTES",
                            description = "Outer size, 500 to 4800. Default: 1500")
                    @Nullable Integer mtu) {
        var parameters = new LinkedHashMap<String, Object>();
        parameters.put("id", id);
        parameters.put("name", address);
        if (mtu != null) {
            parameters.put("overlay_mtu", mtu);
        }
        try (ApiClient api = connection.open()) {
            return print(api.post("/api/peering/peers", parameters));
        }
    }

    @Command(
            name = "remove",
            description = "Forget another controller's address.",
            mixinStandardHelpOptions = true)
    int remove(@Parameters(paramLabel = "ID") int id) {
        try (ApiClient api = connection.open()) {
            return print(api.delete("/api/peering/peers/" + id));
        }
    }

    private int print(JsonNode response) {
        if (!connection.printsJson(response)) {
            var table = new Table(shell, "id", "overlay", "address", "state", "mtu", "reason");
            for (JsonNode entry : response.path("controllers")) {
                table.row(
                        entry.path("id").asString(),
                        entry.path("overlay_ipaddress").asString(),
                        entry.path("address").asString("-"),
                        state(entry),
                        entry.path("mtu").asString("-"),
                        entry.path("reason").asString(""));
            }
            shell.out().print(table);
        }
        return ExitCode.OK;
    }

    private static String state(JsonNode entry) {
        if (entry.path("self").asBoolean(false)) {
            return "self";
        }
        return entry.path("state").asString("not set");
    }
}
