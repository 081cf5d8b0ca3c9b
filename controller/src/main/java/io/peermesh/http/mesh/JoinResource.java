package io.peermesh.http.mesh;

import io.peermesh.admin.JoinAdmin;
import io.peermesh.admin.JoinView;
import io.peermesh.api.Join;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.util.Locale;
import java.util.Optional;

/** {@code /api/mesh/v1/join}: POST joins a mesh, GET tells how far that is. */
public final class JoinResource implements Resource {
    private static final String PATH = "/api/mesh/v1/join";

    private final JoinAdmin join;

    /** Over this use case. */
    public JoinResource(JoinAdmin join) {
        this.join = join;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", PATH, _ -> Answer.ok(body(join.view())));
        routes.add("POST", PATH, this::start);
    }

    private Answer start(Request request) {
        Parameters given = request.parameters();
        var wish =
                new JoinAdmin.Wish(
                        given.text("source").orElse(""),
                        given.text("token").orElse(""),
                        given.textOrNotSet("address").orElse(""),
                        given.textOrNotSet("name").orElse(""));
        return Answer.of(join.start(request.actor(), wish), JoinResource::body);
    }

    private static Join body(JoinView view) {
        return new Join(
                label(view.state()),
                Optional.of(view.source()).filter(text -> !text.isEmpty()),
                view.steps().stream()
                        .map(step ->
                                new Join.Step(
                                        label(step.stage()),
                                        step.stage().label(),
                                        label(step.progress()),
                                        step.text()))
                        .toList(),
                view.controllerId().stream().boxed().findFirst(),
                view.failure()
                        .map(failure ->
                                new Join.Failure(
                                        failure.reason(),
                                        failure.text(),
                                        failure.at().toString())));
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
