package io.peermesh.http.vns3;

import io.peermesh.admin.EventKind;
import io.peermesh.admin.EventView;
import io.peermesh.admin.LinkHistory;
import io.peermesh.admin.MeshView;
import io.peermesh.admin.StatusAdmin;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import io.peermesh.ip.IpAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /status}: what runs now. IPsec is always empty: Peermesh has none. */
public final class StatusResource implements Resource {
    private final StatusAdmin status;
    private final LinkHistory history;
    private final MachineStatus machine;
    private final Tasks tasks;

    /** Over these use cases. */
    public StatusResource(
            StatusAdmin status, LinkHistory history, MachineStatus machine, Tasks tasks) {
        this.status = status;
        this.history = history;
        this.machine = machine;
        this.tasks = tasks;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/status", _ -> licensed(StatusResource::whole));
        routes.add("GET", "/api/status/clients", _ -> licensed(StatusResource::clients));
        routes.add("GET", "/api/status/connected_subnets", this::connectedSubnets);
        routes.add("GET", "/api/status/ipsec", _ -> licensed(_ -> Map.of()));
        routes.add("GET", "/api/status/link_history", this::linkHistory);
        routes.add("GET", "/api/status/system", _ -> licensed(_ -> machine.read()));
        routes.add("GET", "/api/status/task", this::task);
    }

    private Answer licensed(java.util.function.Function<MeshView, Object> view) {
        return Answer.of(status.licensedMesh(), view);
    }

    private static Whole whole(MeshView mesh) {
        return new Whole(clients(mesh), subnets(mesh), Map.of());
    }

    private static Map<String, Client> clients(MeshView mesh) {
        var clients = new LinkedHashMap<String, Client>();
        for (MeshView.Client client : mesh.clients()) {
            String overlay = client.overlayAddress().toString();
            clients.put(
                    overlay,
                    new Client(client.owner(), overlay, hostOf(client.address()), client.tags()));
        }
        return clients;
    }

    /** Clients of the API expect an address without a port. */
    static String hostOf(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        if (colon < 0 || IpAddress.parse(endpoint).isPresent()) {
            return endpoint;
        }
        String host = endpoint.substring(0, colon);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static List<List<String>> subnets(MeshView mesh) {
        return mesh.subnets().stream()
                .filter(MeshView.Subnet::chosen)
                .map(subnet ->
                        List.of(
                                subnet.prefix().address().toString(),
                                RoutesResource.netmask(subnet.prefix())))
                .toList();
    }

    private Answer connectedSubnets(Request request) {
        boolean extended = request.parameters().flag("extended_output").orElse(false);
        return licensed(extended ? StatusResource::extendedSubnets : StatusResource::subnets);
    }

    private static List<Subnet> extendedSubnets(MeshView mesh) {
        return mesh.subnets().stream()
                .filter(MeshView.Subnet::chosen)
                .map(subnet ->
                        new Subnet(
                                subnet.prefix().toString(),
                                subnet.prefix().address().toString(),
                                Integer.toString(subnet.prefix().length()),
                                RoutesResource.netmask(subnet.prefix()),
                                subnet.controllerId(),
                                subnet.local() ? "local_no_encryption" : "remote_manager"))
                .toList();
    }

    private Answer linkHistory(Request request) {
        Parameters given = request.parameters();
        String remote = given.text("remote").orElse("");
        return Answer.of(
                history.of(remote),
                events ->
                        new Links(
                                remote,
                                given.text("local").orElse(""),
                                given.text("tunnelid").orElse(""),
                                events.stream().map(StatusResource::entry).toList()));
    }

    private static LinkEvent entry(EventView event) {
        return new LinkEvent(
                event.kind() == EventKind.PEER_UP ? "up" : "down",
                Times.rfc3339(event.at()),
                event.at().getEpochSecond(),
                event.text());
    }

    private Answer task(Request request) {
        String token = request.parameters().requiredText("token");
        return tasks.isFinished(token)
                ? Answer.ok(Map.of("task_status", "finished_ok"))
                : Answer.failure(404, "APINotFoundError", "there is no task with this token");
    }

    private record Whole(
            Map<String, Client> connectedClients,
            List<List<String>> connectedSubnets,
            Map<String, Object> ipsec) {}

    private record Client(
            int managerid, String overlayIpaddress, String ipaddress, Map<String, String> tags) {}

    /** Strict for the Go client: no further fields. */
    private record Subnet(
            String subnet,
            String network,
            String cidrMask,
            String netmask,
            int managerid,
            String origin) {}

    private record Links(String remote, String local, String tunnelid, List<LinkEvent> history) {}

    /** The text is our own addition. */
    private record LinkEvent(String event, String timestamp, long timestampI, String text) {}
}
