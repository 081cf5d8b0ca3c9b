package io.peermesh.http.vns3;

import io.peermesh.admin.Actor;
import io.peermesh.admin.ClientpackAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PackView;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import io.peermesh.ip.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** Ends sessions of clients, which may connect again at once. */
public final class ClientResetResource implements Resource {
    private final ClientpackAdmin clientpacks;

    /** Over these use cases. */
    public ClientResetResource(ClientpackAdmin clientpacks) {
        this.clientpacks = clientpacks;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("POST", "/api/client/reset", this::reset);
        routes.add("PUT", "/api/clientpack/{name}", this::disconnect);
        routes.add("POST", "/api/clients/reset_all", this::resetAll);
    }

    private Answer reset(Request request) {
        if (!request.parameters().flag("disconnect").orElse(true)) {
            throw new BadArgument("disconnect must be true: there is nothing else to reset");
        }
        return disconnect(request.actor(), request.parameters().requiredText("name"));
    }

    private Answer disconnect(Request request) {
        if (!request.parameters().flag("disconnect").orElse(false)) {
            throw new BadArgument("disconnect must be true: there is nothing else to change");
        }
        return disconnect(request.actor(), request.pathParameter("name"));
    }

    private Answer disconnect(Actor actor, String name) {
        return Answer.of(
                clientpacks.disconnect(actor, name),
                overlay -> new Disconnecting(true, overlay.toString()));
    }

    private Answer resetAll(Request request) {
        return Answer.of(
                clientpacks.list(), packs -> new Resetting(disconnectAll(request.actor(), packs)));
    }

    private List<String> disconnectAll(Actor actor, List<PackView> packs) {
        var disconnected = new ArrayList<String>();
        packs.stream()
                .filter(PackView::connected)
                .map(pack -> clientpacks.disconnect(actor, pack.name()))
                .forEach(outcome -> {
                    if (outcome instanceof Outcome.Done<IpAddress>(IpAddress overlay)) {
                        disconnected.add(overlay.toString());
                    }
                });
        return disconnected;
    }

    private record Disconnecting(boolean disconnecting, String overlayIpaddress) {}

    private record Resetting(List<String> resetting) {}
}
