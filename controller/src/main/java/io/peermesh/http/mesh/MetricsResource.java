package io.peermesh.http.mesh;

import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import io.peermesh.telemetry.Metrics;
import java.nio.charset.StandardCharsets;

/**
 * {@code /metrics} for Prometheus. Needs a credential like everything else: counters tell an
 * outsider who is in the mesh and how busy it is. Prometheus can send Basic or a token's header.
 */
public final class MetricsResource implements Resource {
    private final Metrics metrics;

    /** Of these metrics. */
    public MetricsResource(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add(
                "GET",
                "/metrics",
                _ ->
                        new Answer.Document(
                                Metrics.CONTENT_TYPE,
                                metrics.scrape().getBytes(StandardCharsets.UTF_8)));
    }
}
