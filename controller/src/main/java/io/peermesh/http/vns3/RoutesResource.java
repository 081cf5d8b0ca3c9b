package io.peermesh.http.vns3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.peermesh.admin.NewRoute;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.RouteAdmin;
import io.peermesh.admin.RouteView;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /routes}: routes of this controller. Most calls answer the whole map. */
public final class RoutesResource implements Resource {
    private final RouteAdmin admin;

    /** Over these use cases. */
    public RoutesResource(RouteAdmin admin) {
        this.admin = admin;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/routes", this::list);
        routes.add("POST", "/api/routes", this::add);
        routes.add("DELETE", "/api/routes/{id}", this::remove);
        routes.add("PUT", "/api/routes/{id}/enable", request -> enable(request, true));
        routes.add("PUT", "/api/routes/{id}/disable", request -> enable(request, false));
    }

    private Answer list(Request request) {
        var table = request.parameters().textOrNotSet("table");
        return Answer.ok(
                body(
                        admin.list().stream()
                                .filter(route ->
                                        table.isEmpty() || table.get().equals(route.table()))
                                .toList()));
    }

    private Answer add(Request request) {
        Parameters given = request.parameters();
        var route =
                new NewRoute(
                        given.requiredText("cidr").strip(),
                        given.text("description").orElse(""),
                        given.textOrNotSet("interface").orElse(""),
                        given.textOrNotSet("gateway").orElse(""),
                        given.textOrNotSet("tunnel").orElse(""),
                        given.textOrNotSet("table").orElse("main"),
                        given.flag("advertise").orElse(false),
                        given.number("metric").orElse(0));
        return Answer.of(admin.add(request.actor(), route), RoutesResource::body);
    }

    private Answer remove(Request request) {
        return Answer.of(admin.remove(request.actor(), idOf(request)), RoutesResource::body);
    }

    private Answer enable(Request request, boolean enabled) {
        Outcome<RouteView> outcome = admin.enable(request.actor(), idOf(request), enabled);
        return Answer.of(outcome, RoutesResource::entry);
    }

    private static int idOf(Request request) {
        try {
            return Integer.parseInt(request.pathParameter("id"));
        } catch (NumberFormatException malformed) {
            throw new BadArgument("bad route id or route not found");
        }
    }

    /** An object even when empty: the Terraform provider panics on anything else. */
    private static Map<String, Entry> body(List<RouteView> routes) {
        var entries = new LinkedHashMap<String, Entry>();
        routes.forEach(route -> entries.put(Integer.toString(route.id()), entry(route)));
        return entries;
    }

    private static Entry entry(RouteView route) {
        return new Entry(
                route.id(),
                route.cidr().toString(),
                netmask(route.cidr()),
                orNotSet(route.interfaceName()),
                orNotSet(route.gateway()),
                route.description(),
                route.advertise(),
                route.enabled(),
                route.editable(),
                route.metric(),
                route.table(),
                route.reason());
    }

    static String netmask(Prefix prefix) {
        return prefix.isV4()
                ? IpAddress.v4(prefix.length() == 0 ? 0 : -1 << (32 - prefix.length())).toString()
                : Integer.toString(prefix.length());
    }

    private static String orNotSet(String text) {
        return text.isEmpty() ? "_notset" : text;
    }

    /** The Terraform provider panics when one of the typed fields is missing. */
    private record Entry(
            int id,
            String cidr,
            String netmask,
            @JsonProperty("interface") String interfaceName,
            String gateway,
            String description,
            boolean advertise,
            boolean enabled,
            boolean editable,
            int metric,
            String table,
            String msg) {}
}
