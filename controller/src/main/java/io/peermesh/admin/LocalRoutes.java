package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.runtime.MeshPlan;
import io.peermesh.store.LocalFields;
import io.peermesh.store.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which routes the kernel of this machine shall have, and why it shall not have others. */
final class LocalRoutes {
    /** The newest removed routes that are remembered. */
    static final int MAX_REMOVED = 64;

    private static final String MAIN = "main";
    private static final String FIELD_END = "\t"; // no text field of a route has control characters

    private LocalRoutes() {}

    /** A route without interface and gateway is there to be advertised, nothing else. */
    static boolean isForTheKernel(Routes.Row route) {
        return !route.interfaceName().isEmpty() || !route.gateway().isEmpty();
    }

    /** Why a route for the kernel is stored and shown only. */
    static Optional<String> obstacle(Configuration configuration, Routes.Row route) {
        if (!route.tunnel().isEmpty()) {
            return Optional.of("stored only: this version has no IPsec tunnels");
        }
        if (!route.table().equals(MAIN)) {
            return Optional.of("stored only: Peermesh changes no routing table but main");
        }
        if (!route.gateway().isEmpty() && !gateway(route).map(IpAddress::isV4).orElse(false)) {
            return Optional.of("stored only: the gateway of an IPv4 network must be IPv4");
        }
        boolean inOverlay =
                route.cidr().length() > 0
                        && configuration
                                .addressing()
                                .map(each -> each.overlay().overlaps(route.cidr()))
                                .orElse(false);
        return inOverlay
                ? Optional.of("stored only: it overlaps the overlay subnet, which is on the TUN")
                : Optional.empty();
    }

    private static Optional<IpAddress> gateway(Routes.Row route) {
        return route.gateway().isEmpty() ? Optional.empty() : IpAddress.parse(route.gateway());
    }

    /** What the kernel shall have, and what it may have of ours and shall not. */
    static MeshPlan.LocalRoutes of(Configuration configuration) {
        Predicate<Routes.Row> wanted =
                route -> route.enabled() && obstacle(configuration, route).isEmpty();
        Map<Boolean, List<MeshPlan.LocalRoute>> routes =
                configuration.routes().values().stream()
                        .filter(LocalRoutes::isForTheKernel)
                        .collect(
                                Collectors.partitioningBy(
                                        wanted,
                                        Collectors.mapping(LocalRoutes::of, Collectors.toList())));
        var former = new ArrayList<>(routes.getOrDefault(false, List.of()));
        former.addAll(removed(configuration.local()));
        return new MeshPlan.LocalRoutes(routes.getOrDefault(true, List.of()), former);
    }

    private static MeshPlan.LocalRoute of(Routes.Row route) {
        return new MeshPlan.LocalRoute(
                route.id(), route.cidr(), gateway(route), route.interfaceName(), route.metric());
    }

    // ---- routes that were removed from the configuration
    //
    // A process that is killed between the removal and the kernel's leaves the route behind. The
    // next start knows by this list that the route was ours.

    /** Notes that a route is taken out of the configuration. */
    static void noteRemoved(LocalFields local, Routes.Row route) {
        if (!isForTheKernel(route)) {
            return;
        }
        String line =
                String.join(
                        FIELD_END,
                        route.cidr().toString(),
                        route.gateway(),
                        Integer.toString(route.metric()),
                        route.interfaceName());
        Stream<String> before =
                local.find(Configuration.Field.REMOVED_ROUTES).stream()
                        .flatMap(String::lines)
                        .filter(each -> !each.equals(line))
                        .limit(MAX_REMOVED - 1);
        String lines = Stream.concat(Stream.of(line), before).collect(Collectors.joining("\n"));
        local.put(Configuration.Field.REMOVED_ROUTES, lines);
    }

    private static List<MeshPlan.LocalRoute> removed(Map<String, String> local) {
        return local.getOrDefault(Configuration.Field.REMOVED_ROUTES, "")
                .lines()
                .map(line -> line.split(FIELD_END, -1))
                .map(field ->
                        new MeshPlan.LocalRoute(
                                0,
                                Prefix.literal(field[0]),
                                IpAddress.parse(field[1]),
                                field[3],
                                Integer.parseInt(field[2])))
                .toList();
    }
}
