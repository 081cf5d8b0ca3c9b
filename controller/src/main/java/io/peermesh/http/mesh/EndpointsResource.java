package io.peermesh.http.mesh;

import io.peermesh.admin.EndpointAdmin;
import io.peermesh.api.ClientEndpoint;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.util.List;

/** {@code /api/mesh/v1/client-endpoints}: where clients reach each controller. */
public final class EndpointsResource implements Resource {
    private final EndpointAdmin endpoints;

    /** Over these use cases. */
    public EndpointsResource(EndpointAdmin endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/mesh/v1/client-endpoints", _ -> Answer.ok(body(endpoints.list())));
        routes.add("PUT", "/api/mesh/v1/client-endpoints", this::assignOwn);
    }

    /** {@code endpoint}: HOST or HOST:PORT of this controller; empty for the default. */
    private Answer assignOwn(Request request) {
        String endpoint = request.parameters().text("endpoint").orElse("").strip();
        return Answer.of(endpoints.assignOwn(request.actor(), endpoint), EndpointsResource::body);
    }

    private static List<ClientEndpoint> body(List<EndpointAdmin.Endpoint> endpoints) {
        return endpoints.stream()
                .map(endpoint ->
                        new ClientEndpoint(
                                endpoint.controllerId(),
                                endpoint.endpoint(),
                                endpoint.configured()))
                .toList();
    }
}
