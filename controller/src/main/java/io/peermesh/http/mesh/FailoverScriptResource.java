package io.peermesh.http.mesh;

import io.peermesh.admin.ClientpackAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PackWays;
import io.peermesh.api.FailoverScript;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.nio.charset.StandardCharsets;

/**
 * {@code /api/mesh/v1/clientpacks/{name}/failover-script}: what lets a stock WireGuard move between
 * controllers, as plain text without secrets.
 */
public final class FailoverScriptResource implements Resource {
    private static final String DEFAULT_INTERFACE = "wg0";

    private final ClientpackAdmin clientpacks;

    /** Over these use cases. */
    public FailoverScriptResource(ClientpackAdmin clientpacks) {
        this.clientpacks = clientpacks;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/mesh/v1/clientpacks/{name}/failover-script", this::script);
    }

    private Answer script(Request request) {
        Parameters given = request.parameters();
        String device = given.text("interface").orElse(DEFAULT_INTERFACE);
        if (!FailoverScript.isDevice(device)) {
            throw new BadArgument(
                    "interface is invalid: at most 15 letters, digits, '_', '-' and '.'");
        }
        String file = given.text("file").orElse("script");
        return switch (clientpacks.ways(request.pathParameter("name"))) {
            case Outcome.Refused<PackWays>(var problem) -> Answer.refusal(problem);
            case Outcome.Done<PackWays>(PackWays ways) ->
                    new Answer.Document(
                            "text/plain",
                            text(
                                            file,
                                            new FailoverScript(
                                                    ways.gateway(),
                                                    ways.endpoints(),
                                                    ways.controllers(),
                                                    device))
                                    .getBytes(StandardCharsets.UTF_8));
        };
    }

    private static String text(String file, FailoverScript script) {
        return switch (file) {
            case "script" -> script.script();
            case "service" -> script.service();
            case "timer" -> script.timer();
            default -> throw new BadArgument("file is invalid: script, service or timer");
        };
    }
}
