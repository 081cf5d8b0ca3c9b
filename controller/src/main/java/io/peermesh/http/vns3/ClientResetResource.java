package io.peermesh.http.vns3;

import io.peermesh.admin.ClientpackAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PackView;
import io.peermesh.admin.Problem;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import io.peermesh.ip.IpAddress;
import io.peermesh.runtime.Mesh;
import java.util.ArrayList;
import java.util.List;

/** Ends sessions of clients, which may connect again at once. */
public final class ClientResetResource implements Resource {
    private final ClientpackAdmin clientpacks;
    private final Mesh mesh;

    /** Over these use cases. */
    public ClientResetResource(ClientpackAdmin clientpacks, Mesh mesh) {
        this.clientpacks = clientpacks;
        this.mesh = mesh;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("POST", "/api/client/reset", this::reset);
        routes.add("PUT", "/api/clientpack/{name}", this::disconnect);
        routes.add("POST", "/api/clients/reset_all", _ -> resetAll());
    }

    private Answer reset(Request request) {
        if (!request.parameters().flag("disconnect").orElse(true)) {
            throw new BadArgument("disconnect must be true: there is nothing else to reset");
        }
        return disconnect(request.parameters().requiredText("name"));
    }

    private Answer disconnect(Request request) {
        if (!request.parameters().flag("disconnect").orElse(false)) {
            throw new BadArgument("disconnect must be true: there is nothing else to change");
        }
        return disconnect(request.pathParameter("name"));
    }

    private Answer disconnect(String name) {
        return Answer.of(
                clientpacks.find(name).then(this::disconnect),
                overlay -> new Disconnecting(true, overlay.toString()));
    }

    private Outcome<IpAddress> disconnect(PackView pack) {
        IpAddress overlay = pack.overlayAddress();
        if (!pack.connected()) {
            return Outcome.refused(
                    Problem.argument("Overlay IP address " + overlay + " is not connected"));
        }
        mesh.disconnect(overlay);
        return Outcome.done(overlay);
    }

    private Answer resetAll() {
        return Answer.of(clientpacks.list(), packs -> new Resetting(disconnectAll(packs)));
    }

    private List<String> disconnectAll(List<PackView> packs) {
        var disconnected = new ArrayList<String>();
        for (PackView pack : packs) {
            if (disconnect(pack) instanceof Outcome.Done<IpAddress>(IpAddress overlay)) {
                disconnected.add(overlay.toString());
            }
        }
        return disconnected;
    }

    private record Disconnecting(boolean disconnecting, String overlayIpaddress) {}

    private record Resetting(List<String> resetting) {}
}
