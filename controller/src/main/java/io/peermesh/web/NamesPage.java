package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.ConfigChange;
import io.peermesh.admin.ConfigView;
import io.peermesh.admin.EndpointAdmin;
import io.peermesh.admin.MemberAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Problem;
import io.peermesh.admin.Role;
import io.peermesh.http.server.Answer;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.web.view.Choice;
import io.peermesh.web.view.Numbers;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Names of topology and controller, where clients reach the controllers, and how this controller
 * behaves in the mesh.
 */
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
                .post("/topology/names/endpoint", Role.ADMIN, this::endpoint)
                .post("/topology/names/settings", Role.ADMIN, this::settings);
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
        MemberAdmin.View member = administration.member().view();
        parameters.put("weight", Integer.toString(member.weight()));
        parameters.put("movesPerMinute", Integer.toString(member.movesPerMinute()));
        parameters.put("probes", probes(member.probes()));
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

    /** With what each gives, and what it costs. */
    private static List<Choice> probes(ProbeProfile chosen) {
        return Stream.of(ProbeProfile.values())
                .map(each -> {
                    String word = each.name().toLowerCase(Locale.ROOT);
                    String label =
                            "%s: %s, down after %s, %s a month"
                                    .formatted(
                                            word,
                                            Numbers.duration(each.intervalNanos()),
                                            Numbers.duration(each.detectionNanos()),
                                            Numbers.bytes(each.bytesPerMonth()));
                    return new Choice(word, label, each == chosen);
                })
                .toList();
    }

    private Answer settings(Visit visit) {
        var change =
                new MemberAdmin.Change(
                        Optional.of(number(visit, "weight")),
                        Optional.of(number(visit, "moves_per_minute")),
                        Optional.of(visit.field("probes")));
        return after(
                visit,
                administration.member().change(visit.actor(), change),
                "The settings are saved, and in force.");
    }

    /** What is typed; a number that is always refused for anything else. */
    private static int number(Visit visit, String name) {
        String text = visit.field(name);
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
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
