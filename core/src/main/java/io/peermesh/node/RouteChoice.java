package io.peermesh.node;

import io.peermesh.ip.Prefix;
import io.peermesh.routing.ShortestPaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which controller gets the packets for each advertised subnet: the nearest that advertises it, at
 * equal cost the lowest id; one that is draining only where no other can be reached. Subnets within
 * the overlay are not taken: its addresses belong to controllers and clients.
 */
final class RouteChoice {
    private final Map<Prefix, Optional<Integer>> chosen;
    private final List<NodeStatus.Route> routes;

    private RouteChoice(Map<Prefix, Optional<Integer>> chosen, List<NodeStatus.Route> routes) {
        this.chosen = chosen;
        this.routes = routes;
    }

    /** Chooses. {@code advertised} has the subnets by controller id, ours included. */
    static RouteChoice of(
            int selfId,
            Map<Integer, List<Prefix>> advertised,
            ShortestPaths paths,
            Set<Integer> draining,
            Prefix overlay) {
        var chosen = new TreeMap<Prefix, Optional<Integer>>();
        new TreeMap<>(advertised)
                .forEach((id, prefixes) -> {
                    for (Prefix prefix : prefixes) {
                        if (!overlay.contains(prefix)) {
                            chosen.merge(
                                    prefix,
                                    reachable(selfId, id, paths),
                                    (one, other) ->
                                            cost(selfId, other, paths, draining)
                                                            < cost(selfId, one, paths, draining)
                                                    ? other
                                                    : one); // the lower id
                        }
                    }
                });
        var routes = new ArrayList<NodeStatus.Route>();
        new TreeMap<>(advertised)
                .forEach((id, prefixes) -> {
                    for (Prefix prefix : prefixes) {
                        boolean used = Optional.of(id).equals(chosen.get(prefix));
                        routes.add(new NodeStatus.Route(prefix, id, used));
                    }
                });
        return new RouteChoice(chosen, routes);
    }

    private static Optional<Integer> reachable(int selfId, int id, ShortestPaths paths) {
        return id == selfId || paths.to(id).isPresent() ? Optional.of(id) : Optional.empty();
    }

    private static long cost(
            int selfId, Optional<Integer> id, ShortestPaths paths, Set<Integer> draining) {
        if (id.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long extra = draining.contains(id.get()) ? 2 * ShortestPaths.DRAINING_COST : 0;
        return id.get() == selfId
                ? extra
                : paths.to(id.get()).map(path -> path.cost() + extra).orElse(Long.MAX_VALUE);
    }

    /** The controller for each subnet; empty where none can be reached. */
    Map<Prefix, Optional<Integer>> chosen() {
        return chosen;
    }

    /** All advertised subnets, by controller. */
    List<NodeStatus.Route> routes() {
        return routes;
    }
}
