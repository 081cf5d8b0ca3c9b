package io.peermesh.http.mesh;

import io.peermesh.admin.ClientpackAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PackFile;
import io.peermesh.api.PackQr;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.nio.charset.StandardCharsets;

/**
 * {@code /api/mesh/v1/clientpacks/{name}/…}: a clientpack as a QR code, for phones; its client's
 * move to another controller.
 */
public final class PackResource implements Resource {
    private final ClientpackAdmin clientpacks;

    /** Over these use cases. */
    public PackResource(ClientpackAdmin clientpacks) {
        this.clientpacks = clientpacks;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/mesh/v1/clientpacks/{name}/qr", this::qr);
        routes.add("POST", "/api/mesh/v1/clientpacks/{name}/move", this::move);
    }

    private Answer move(Request request) {
        int controller = request.parameters().requiredNumber("controller");
        return Answer.of(
                clientpacks.move(request.actor(), request.pathParameter("name"), controller),
                overlay -> new Moving(overlay.toString(), controller));
    }

    /** What was begun. */
    private record Moving(String overlayIpaddress, int toController) {}

    private Answer qr(Request request) {
        return switch (clientpacks.download(request.actor(), request.pathParameter("name"))) {
            case Outcome.Done<PackFile>(PackFile pack) ->
                    new Answer.Document(
                            "image/svg+xml",
                            PackQr.svg(pack.text())
                                    .orElseThrow(() ->
                                            new BadArgument(
                                                    "the clientpack is too long for a QR code;"
                                                            + " download it instead"))
                                    .getBytes(StandardCharsets.UTF_8));
            case Outcome.Refused<PackFile>(var problem) -> Answer.refusal(problem);
        };
    }
}
