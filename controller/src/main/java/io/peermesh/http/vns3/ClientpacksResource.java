package io.peermesh.http.vns3;

import io.peermesh.admin.ClientpackAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PackChange;
import io.peermesh.admin.PackView;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /clientpacks}, {@code /clientpack}: state of the packs; see also {@link PackDownload}. */
public final class ClientpacksResource implements Resource {
    private final ClientpackAdmin clientpacks;
    private final Tasks tasks;

    /** Over these use cases. */
    public ClientpacksResource(ClientpackAdmin clientpacks, Tasks tasks) {
        this.clientpacks = clientpacks;
        this.tasks = tasks;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/clientpacks", _ -> Answer.of(clientpacks.list(), this::map));
        routes.add("PUT", "/api/clientpacks", this::changeAll);
        routes.add("GET", "/api/clientpacks/{name}", this::one);
        routes.add("POST", "/api/clientpacks/next_available", this::nextAvailable);
        routes.add("PUT", "/api/clientpack", this::change);
        routes.add("POST", "/api/clientpack/{name}", this::putTag);
        routes.add("DELETE", "/api/clientpack/{name}", this::removeTag);
    }

    private Map<String, Body> map(List<PackView> packs) {
        var map = new LinkedHashMap<String, Body>();
        packs.forEach(pack -> map.put(pack.overlayAddress().toString(), detailed(pack)));
        return map;
    }

    private Answer one(Request request) {
        return Answer.of(
                clientpacks.find(request.pathParameter("name")),
                pack -> Map.of("clientpack", detailed(pack)));
    }

    private Answer changeAll(Request request) {
        Parameters given = request.parameters();
        refuseWhatPacksCannot(given);
        Optional<Boolean> enabled = given.flag("enabled");
        Optional<Boolean> checkedOut = given.flag("checked_out");
        return Answer.of(
                clientpacks.changeAll(request.actor(), enabled, checkedOut),
                _ -> new Changed(enabled, checkedOut));
    }

    private Answer nextAvailable(Request request) {
        Parameters given = request.parameters();
        return Answer.of(
                clientpacks.checkOutNext(
                        request.actor(),
                        given.textOrNotSet("low_ip"),
                        given.textOrNotSet("high_ip"),
                        given.flag("include_disabled").orElse(false)),
                ClientpacksResource::strict);
    }

    private Answer change(Request request) {
        Parameters given = request.parameters();
        refuseWhatPacksCannot(given);
        boolean regenerate = given.flag("regenerate").orElse(false);
        var change = new PackChange(given.flag("enabled"), given.flag("checked_out"), regenerate);
        Outcome<PackView> outcome =
                clientpacks.change(request.actor(), given.requiredText("name"), change);
        return Answer.of(outcome, pack -> regenerate ? tasks.submit() : strict(pack));
    }

    /** Each would be a lie about security if it were passed over in silence. */
    private static void refuseWhatPacksCannot(Parameters given) {
        if (given.flag("auth_on").orElse(false)) {
            throw new BadArgument("auth_on is not offered: a clientpack is the only credential");
        }
        if (!given.flag("psk_on").orElse(true)) {
            throw new BadArgument("psk_on cannot be off: every clientpack has a preshared key");
        }
    }

    private Answer putTag(Request request) {
        String name = request.pathParameter("name");
        Parameters given = request.parameters();
        Outcome<Map<String, String>> outcome =
                clientpacks.putTag(
                        request.actor(),
                        name,
                        given.requiredText("key"),
                        given.text("value").orElseThrow(() -> new BadArgument("value is missing")));
        return Answer.of(outcome, tags -> new Tags(name, tags));
    }

    private Answer removeTag(Request request) {
        String name = request.pathParameter("name");
        Outcome<Map<String, String>> outcome =
                clientpacks.removeTag(
                        request.actor(), name, request.parameters().requiredText("key"));
        return Answer.of(outcome, tags -> new Tags(name, tags));
    }

    /** Without fields of our own: the Go client fails on any. */
    private static Body strict(PackView pack) {
        return body(pack, null);
    }

    private static Body detailed(PackView pack) {
        return body(pack, pack.outdated());
    }

    private static Body body(PackView pack, @Nullable Boolean outdated) {
        return new Body(
                pack.name(),
                pack.overlayAddress().toString(),
                pack.enabled(),
                pack.checkedOut(),
                pack.connected(),
                pack.connected() ? "connected" : "not_connected",
                pack.sequentialId(),
                pack.owner().isPresent() ? Integer.toString(pack.owner().getAsInt()) : null,
                StatusResource.hostOf(pack.clientAddress()),
                Times.blank(pack.lastConnect()),
                Times.blank(pack.lastDisconnect()),
                "off",
                pack.name() + ".conf",
                pack.name() + ".conf",
                pack.name() + ".tar.gz",
                pack.name() + ".zip",
                pack.confSha1(),
                pack.tags(),
                outdated);
    }

    private record Changed(Optional<Boolean> enabled, Optional<Boolean> checkedOut) {}

    private record Tags(String name, Map<String, String> tags) {}

    /** {@code manager_id} is a string to the clients. */
    private record Body(
            String name,
            String overlayIpaddress,
            boolean enabled,
            boolean checkedOut,
            boolean connected,
            String status,
            int sequentialId,
            @Nullable String managerId,
            String ipaddress,
            String lastConnect,
            String lastDisconnect,
            String compression,
            String linuxOnefile,
            String windowsOnefile,
            String tarballFile,
            String zipFile,
            String confSha1,
            Map<String, String> tags,
            @Nullable Boolean outdated) {}
}
