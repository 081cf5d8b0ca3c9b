package io.peermesh.http.vns3;

import io.peermesh.admin.KeysetAdmin;
import io.peermesh.admin.KeysetRequest;
import io.peermesh.admin.KeysetView;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** {@code /keyset}: generate one, or fetch it from another controller. */
public final class KeysetResource implements Resource {
    private final KeysetAdmin keyset;

    /** Over these use cases. */
    public KeysetResource(KeysetAdmin keyset) {
        this.keyset = keyset;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/keyset", _ -> Answer.of(keyset.view(), KeysetResource::body));
        routes.add("PUT", "/api/keyset", this::start);
    }

    private Answer start(Request request) {
        Parameters parameters = request.parameters();
        var start =
                new KeysetRequest(
                        parameters.text("token"),
                        parameters.textOrNotSet("source"),
                        parameters.textOrNotSet("topology_name"));
        return Answer.of(keyset.start(request.actor(), start), KeysetResource::body);
    }

    private static Body body(KeysetView view) {
        return new Body(
                view.present(),
                view.inProgress(),
                view.inProgress() ? Optional.of(view.runningSeconds()) : Optional.empty(),
                view.startedAt().map(Times::rfc3339),
                view.startedAt().map(Instant::getEpochSecond),
                view.createdAt().map(Times::rfc3339),
                view.createdAt().map(Instant::getEpochSecond),
                view.checksum(),
                view.uuid(),
                view.failure()
                        .map(failure ->
                                new Failure(
                                        failure.reason(),
                                        failure.text(),
                                        Times.rfc3339(failure.at()))));
    }

    /** {@code last_failure} is our own: why the attempt before failed. */
    private record Body(
            boolean keysetPresent,
            boolean inProgress,
            Optional<Long> running,
            Optional<String> startedAt,
            Optional<Long> startedAtI,
            Optional<String> createdAt,
            Optional<Long> createdAtI,
            Optional<String> checksum,
            Optional<UUID> uuid,
            Optional<Failure> lastFailure) {}

    private record Failure(String reason, String message, String at) {}
}
