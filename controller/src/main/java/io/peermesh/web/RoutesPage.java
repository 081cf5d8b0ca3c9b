package io.peermesh.web;

import io.peermesh.admin.NewRoute;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Problem;
import io.peermesh.admin.Role;
import io.peermesh.admin.RouteAdmin;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import java.util.HashMap;

/** <i>Routes</i>: subnets that this controller reaches, and which of them the mesh shall know. */
final class RoutesPage {
    private static final String PATH = "/overlay/routes";

    private final RouteAdmin routes;
    private final Frame frame;

    RoutesPage(RouteAdmin routes, Frame frame) {
        this.routes = routes;
        this.frame = frame;
    }

    void addTo(Door door) {
        door.get(PATH, Role.READ_ONLY, visit -> page(visit, 200, ""))
                .post(PATH, Role.OPERATOR, this::add)
                .post(PATH + "/{id}", Role.OPERATOR, this::act);
    }

    private Answer page(Visit visit, int status, String problem) {
        var parameters = new HashMap<String, Object>();
        parameters.put("routes", routes.list());
        parameters.put("problem", problem);
        parameters.put("values", new Values(visit));
        return frame.page(visit, status, frame.shell(visit, "Routes"), "routes", parameters);
    }

    private Answer add(Visit visit) {
        String metric = visit.field("metric");
        if (!metric.matches("[0-9]{0,9}")) {
            return page(visit, 422, "The metric must be a number.");
        }
        var route =
                new NewRoute(
                        visit.field("cidr"),
                        visit.field("description"),
                        visit.field("interface"),
                        visit.field("gateway"),
                        "",
                        "main",
                        visit.field("advertise").equals("on"),
                        metric.isEmpty() ? 0 : Integer.parseInt(metric));
        return after(visit, routes.add(visit.actor(), route), "The route is added.");
    }

    private Answer act(Visit visit) {
        int id = id(visit.request().pathParameter("id"));
        return switch (visit.field("action")) {
            case "enable" ->
                    after(visit, routes.enable(visit.actor(), id, true), "The route is enabled.");
            case "disable" ->
                    after(visit, routes.enable(visit.actor(), id, false), "The route is disabled.");
            case "remove" ->
                    after(visit, routes.remove(visit.actor(), id), "The route is removed.");
            default -> page(visit, 422, "Choose what to do.");
        };
    }

    private static int id(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException malformed) {
            throw new BadArgument("there is no route " + text);
        }
    }

    private Answer after(Visit visit, Outcome<?> outcome, String done) {
        return switch (outcome) {
            case Outcome.Refused<?>(Problem problem) -> page(visit, 422, Sentence.of(problem));
            case Outcome.Done<?> _ -> {
                visit.session().tell(done);
                yield Replies.redirect(PATH);
            }
        };
    }
}
