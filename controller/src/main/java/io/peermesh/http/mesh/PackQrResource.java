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

/** {@code /api/mesh/v1/clientpacks/{name}/qr}: a clientpack as a QR code, for phones. */
public final class PackQrResource implements Resource {
    private final ClientpackAdmin clientpacks;

    /** Over these use cases. */
    public PackQrResource(ClientpackAdmin clientpacks) {
        this.clientpacks = clientpacks;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/mesh/v1/clientpacks/{name}/qr", this::qr);
    }

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
