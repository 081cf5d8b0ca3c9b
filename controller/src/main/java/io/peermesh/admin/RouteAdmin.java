package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.runtime.Mesh;
import io.peermesh.store.Routes;
import java.util.List;
import java.util.Optional;

/** Routes of this controller; the advertised ones are known to the whole mesh. */
public final class RouteAdmin {
    /** Most routes of one controller. */
    public static final int MAX_ROUTES = 256;

    /** Longest text field of a route, characters. */
    public static final int MAX_TEXT_CHARACTERS = 256;

    private static final Problem UNKNOWN = Problem.argument("bad route id or route not found");
    private static final String NOT_SET = "_notset";
    private static final List<Prefix> NEVER_ADVERTISED =
            List.of(Prefix.literal("127.0.0.0/8"), Prefix.literal("224.0.0.0/4"));

    private final Changes changes;
    private final Mesh mesh;

    RouteAdmin(Changes changes, Mesh mesh) {
        this.changes = changes;
        this.mesh = mesh;
    }

    /** All routes, by id. */
    public List<RouteView> list() {
        return changes.current().routes().values().stream().map(this::view).toList();
    }

    private RouteView view(Routes.Row row) {
        return new RouteView(
                row.id(),
                row.cidr(),
                row.description(),
                row.interfaceName(),
                row.gateway(),
                row.tunnel(),
                row.table(),
                row.advertise(),
                row.metric(),
                row.enabled(),
                true,
                reason(row));
    }

    private String reason(Routes.Row row) {
        if (!row.enabled() || !LocalRoutes.isForTheKernel(row)) {
            return "";
        }
        Configuration now = changes.current();
        return LocalRoutes.obstacle(now, row)
                .orElseGet(() ->
                        now.checksum().isEmpty() || now.selfId().isEmpty()
                                ? "waits for license, keyset and the controller's id"
                                : mesh.routeProblems().getOrDefault(row.id(), ""));
    }

    /** Adds a route and answers all; one that exists already is not added twice. */
    public Outcome<List<RouteView>> add(Actor actor, NewRoute route) {
        return row(route)
                .then(row ->
                        changes.<Boolean>change(
                                actor,
                                "add-route",
                                row.cidr().toString(),
                                tx -> add(tx.routes(), row)))
                .map(_ -> list());
    }

    private Outcome<Boolean> add(Routes routes, Routes.Row row) {
        Configuration now = changes.current();
        if (now.routes().values().stream().anyMatch(present -> isSame(present, row))) {
            return Outcome.done(false);
        }
        Optional<Problem> problem = additionProblem(now, row);
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        routes.add(row);
        return Outcome.done(true);
    }

    private static boolean isSame(Routes.Row one, Routes.Row other) {
        return one.cidr().equals(other.cidr())
                && one.interfaceName().equals(other.interfaceName())
                && one.gateway().equals(other.gateway())
                && one.tunnel().equals(other.tunnel())
                && one.table().equals(other.table())
                && one.advertise() == other.advertise();
    }

    private static Optional<Problem> additionProblem(Configuration now, Routes.Row row) {
        if (now.routes().size() >= MAX_ROUTES) {
            return Optional.of(
                    Problem.argument(
                            "a controller has at most "
                                    + MAX_ROUTES
                                    + " routes; remove one that is not needed"));
        }
        if (!row.advertise()) {
            return Optional.empty();
        }
        Optional<Prefix> overlay =
                now.addressing().map(each -> each.overlay()).filter(row.cidr()::overlaps);
        boolean isDefault = row.cidr().length() == 0;
        if (overlay.isPresent() && !isDefault) {
            return Optional.of(
                    Problem.argument(
                            "cidr is invalid: "
                                    + row.cidr()
                                    + " overlaps the overlay subnet "
                                    + overlay.get()
                                    + ", which every controller knows already"));
        }
        return NEVER_ADVERTISED.stream()
                .filter(reserved -> !isDefault && reserved.overlaps(row.cidr()))
                .findFirst()
                .map(reserved ->
                        Problem.argument(
                                "cidr is invalid: "
                                        + row.cidr()
                                        + " lies in "
                                        + reserved
                                        + ", which cannot be advertised"));
    }

    private static Outcome<Routes.Row> row(NewRoute route) {
        Optional<Prefix> cidr = cidr(route.cidr());
        if (cidr.isEmpty() || !cidr.get().isV4()) {
            return Outcome.refused(
                    Problem.argument(
                            "cidr is invalid: "
                                    + ConfigAdmin.printable(route.cidr())
                                    + " is no IPv4 network in the form 10.1.0.0/24, without host"
                                    + " bits"));
        }
        String gateway = given(route.gateway());
        if (!gateway.isEmpty() && IpAddress.parse(gateway).isEmpty()) {
            return Outcome.refused(
                    Problem.argument(
                            "gateway is invalid: "
                                    + ConfigAdmin.printable(gateway)
                                    + " is no IP address"));
        }
        var row =
                new Routes.Row(
                        0,
                        cidr.get(),
                        given(route.description()),
                        given(route.interfaceName()),
                        gateway,
                        given(route.tunnel()),
                        given(route.table()).isEmpty() ? "main" : given(route.table()),
                        route.advertise(),
                        route.metric(),
                        true);
        Optional<Problem> problem =
                textProblem("description", row.description())
                        .or(() -> textProblem("interface", row.interfaceName()))
                        .or(() -> textProblem("tunnel", row.tunnel()))
                        .or(() -> textProblem("table", row.table()))
                        .or(() -> metricProblem(row.metric()));
        return problem.isPresent() ? Outcome.refused(problem.get()) : Outcome.done(row);
    }

    /** An address alone means itself. */
    private static Optional<Prefix> cidr(String text) {
        return Prefix.parse(text).or(() -> IpAddress.parse(text).map(Prefix::host));
    }

    private static String given(String text) {
        String stripped = text.strip();
        return stripped.equals(NOT_SET) ? "" : stripped;
    }

    /** Quotes and line ends would break API clients that take answers apart by hand. */
    private static Optional<Problem> textProblem(String field, String text) {
        boolean fine =
                text.length() <= MAX_TEXT_CHARACTERS
                        && text.chars()
                                .noneMatch(c -> c == '"' || c == '\\' || Character.isISOControl(c));
        return fine
                ? Optional.empty()
                : Optional.of(
                        Problem.argument(
                                field
                                        + " is invalid: at most "
                                        + MAX_TEXT_CHARACTERS
                                        + " characters, without quotes and line ends"));
    }

    private static Optional<Problem> metricProblem(int metric) {
        return metric >= 0
                ? Optional.empty()
                : Optional.of(Problem.argument("metric is invalid: it must not be negative"));
    }

    /** Removes a route and answers the others. */
    public Outcome<List<RouteView>> remove(Actor actor, int id) {
        return changes.<Boolean>change(
                        actor,
                        "remove-route",
                        "route " + id,
                        tx -> {
                            Routes.Row row = changes.current().routes().get(id);
                            if (row == null) {
                                return Outcome.refused(UNKNOWN);
                            }
                            tx.routes().remove(id);
                            LocalRoutes.noteRemoved(tx.local(), row);
                            return Outcome.done(true);
                        })
                .map(_ -> list());
    }

    /** Enables or disables a route. */
    public Outcome<RouteView> enable(Actor actor, int id, boolean enabled) {
        return changes.<Boolean>change(
                        actor,
                        enabled ? "enable-route" : "disable-route",
                        "route " + id,
                        tx -> {
                            if (!changes.current().routes().containsKey(id)) {
                                return Outcome.refused(UNKNOWN);
                            }
                            tx.routes().enable(id, enabled);
                            return Outcome.done(true);
                        })
                .then(_ -> find(id));
    }

    private Outcome<RouteView> find(int id) {
        return Optional.ofNullable(changes.current().routes().get(id))
                .map(row -> Outcome.done(view(row)))
                .orElse(Outcome.refused(UNKNOWN)); // removed by someone else meanwhile
    }
}
