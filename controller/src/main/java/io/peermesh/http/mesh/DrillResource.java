package io.peermesh.http.mesh;

import io.peermesh.admin.DrillAdmin;
import io.peermesh.api.Drill;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import io.peermesh.runtime.DrillResult;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** {@code /api/mesh/v1/drills}: failover drills. POST starts one, GET tells how it went. */
public final class DrillResource implements Resource {
    private static final int DEFAULT_SECONDS = 5;

    private final DrillAdmin drills;

    /** Over these use cases. */
    public DrillResource(DrillAdmin drills) {
        this.drills = drills;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("POST", "/api/mesh/v1/drills", this::start);
        routes.add(
                "GET",
                "/api/mesh/v1/drills",
                _ -> Answer.ok(drills.latest().map(DrillResource::body).stream().toList()));
    }

    private Answer start(Request request) {
        Parameters given = request.parameters();
        return Answer.of(
                drills.start(
                        request.actor(),
                        given.requiredNumber("peer"),
                        given.number("seconds").orElse(DEFAULT_SECONDS),
                        given.flag("force").orElse(false)),
                view -> List.of(body(view)));
    }

    private static Drill body(DrillAdmin.View view) {
        var figures = new TreeMap<String, Long>();
        view.figures().forEach((measure, value) -> figures.put(measure.label(), value));
        Optional<DrillResult> measured = view.result().filter(result -> result.outageNanos() >= 0);
        return new Drill(
                view.peer(),
                view.seconds(),
                view.started().toString(),
                view.isRunning(),
                view.result().map(result -> result.ending().name().toLowerCase(Locale.ROOT)),
                measured.map(result -> result.outageNanos() / 1000),
                measured.map(DrillResult::sent),
                measured.map(DrillResult::lost),
                view.result()
                        .filter(result -> result.ending() == DrillResult.Ending.OVER)
                        .map(result -> result.returnNanos() / 1000),
                view.result().map(DrillResult::obstacle).filter(text -> !text.isEmpty()),
                figures);
    }
}
