package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.ConfigChange;
import io.peermesh.admin.ConfigView;
import io.peermesh.admin.EndpointAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Problem;
import io.peermesh.admin.Role;
import io.peermesh.http.server.Answer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Names of topology and controller, and where clients reach the controllers. */
final class NamesPage {
    private final Administration administration;
    private final Frame frame;

    NamesPage(Administration administration, Frame frame) {
        this.administration = administration;
        this.frame = frame;
    }

    void addTo(Door door) {
        door.get("/topology/names", Role.READ_ONLY, visit -> page(visit, 200, ""))
                .post("/topology/names", Role.ADMIN, this::rename)
                .post("/topology/names/endpoint", Role.ADMIN, this::endpoint);
    }

    private Answer page(Visit visit, int status, String problem) {
        ConfigView config = administration.config().view();
        Map<Integer, String> endpoints = new TreeMap<>();
        for (EndpointAdmin.Endpoint each : administration.endpoints().list()) {
            endpoints.put(each.controllerId(), each.endpoint());
        }
        var parameters = new HashMap<String, Object>();
        parameters.put("problem", problem);
        parameters.put("values", new Values(visit));
        parameters.put("topologyName", config.topologyName());
        parameters.put("controllerName", config.controllerName());
        parameters.put("peered", config.peered());
        parameters.put("selfId", config.controllerId().orElse(0));
        parameters.put("endpoints", endpoints);
        return frame.page(visit, status, frame.shell(visit, "Names"), "names", parameters);
    }

    private Answer rename(Visit visit) {
        var change =
                new ConfigChange(
                        Optional.of(visit.field("topology_name")),
                        Optional.of(visit.field("controller_name")),
                        Optional.empty());
        return after(
                visit,
                administration.config().change(visit.actor(), change),
                "The names are saved.");
    }

    private Answer endpoint(Visit visit) {
        return after(
                visit,
                administration.endpoints().assignOwn(visit.actor(), visit.field("endpoint")),
                "The client endpoint is saved. Clientpacks that were downloaded before are marked"
                        + " outdated.");
    }

    private Answer after(Visit visit, Outcome<?> outcome, String done) {
        return switch (outcome) {
            case Outcome.Refused<?>(Problem problem) -> page(visit, 422, Sentence.of(problem));
            case Outcome.Done<?> _ -> {
                visit.session().tell(done);
                yield Replies.redirect("/topology/names");
            }
        };
    }
}
