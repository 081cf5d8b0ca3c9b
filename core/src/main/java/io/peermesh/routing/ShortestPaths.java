package io.peermesh.routing;

import io.peermesh.wire.LinkPorts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Paths from this controller to all others (Dijkstra), by every neighbor that leads there without
 * coming back through us. Pure: the same graph gives the same paths on every controller. A link
 * counts only when both its ends advertise it, and costs what the end that sends over it says.
 *
 * <p>Who is draining carries the packets of others only where nobody else can.
 */
public final class ShortestPaths {
    /** Added to the cost of passing a controller that is draining: more than any path without. */
    public static final long DRAINING_COST = 1L << 32;

    private static final int IDS = LinkPorts.MAX_CONTROLLERS + 1;
    private static final long NONE = Long.MAX_VALUE;

    private final Map<Integer, Path> paths;

    private ShortestPaths(Map<Integer, Path> paths) {
        this.paths = paths;
    }

    /**
     * How to reach a controller.
     *
     * @param cost sum of the links' costs
     * @param nextHops neighbors over which a path of this cost leads, lowest id first; not empty
     * @param alternates the other neighbors that lead there, cheapest first, then lowest id
     */
    public record Path(long cost, List<Integer> nextHops, List<Integer> alternates) {
        /** Copies the lists. */
        public Path {
            nextHops = List.copyOf(nextHops);
            alternates = List.copyOf(alternates);
        }
    }

    private record Hop(int neighbor, long cost) {}

    /**
     * Computes the paths.
     *
     * @param selfId where they start
     * @param graph costs by origin and neighbor, from 1
     * @param draining controllers that are being emptied
     */
    public static ShortestPaths compute(
            int selfId, Map<Integer, Map<Integer, Integer>> graph, Set<Integer> draining) {
        long[][] cost = matrix(selfId, graph, draining);
        long[][] behind = new long[IDS][];
        for (int neighbor = 1; neighbor < IDS; neighbor++) {
            if (cost[selfId][neighbor] != NONE) {
                behind[neighbor] = distances(neighbor, /* without= */ selfId, cost);
            }
        }
        var paths = new TreeMap<Integer, Path>();
        for (int to = 1; to < IDS; to++) {
            List<Hop> hops = to == selfId ? List.of() : hops(to, cost[selfId], behind);
            if (!hops.isEmpty()) {
                paths.put(to, path(hops));
            }
        }
        return new ShortestPaths(paths);
    }

    /** Costs of the links that both ends advertise. */
    private static long[][] matrix(
            int selfId, Map<Integer, Map<Integer, Integer>> graph, Set<Integer> draining) {
        long[][] cost = new long[IDS][IDS];
        for (long[] row : cost) {
            Arrays.fill(row, NONE);
        }
        graph.forEach((from, edges) ->
                edges.forEach((to, each) -> {
                    boolean twoWay = graph.getOrDefault(to, Map.of()).containsKey(from);
                    if (twoWay && !from.equals(to)) {
                        boolean avoided = from != selfId && draining.contains(from);
                        cost[from][to] = each + (avoided ? DRAINING_COST : 0);
                    }
                }));
        return cost;
    }

    private static long[] distances(int start, int without, long[][] cost) {
        long[] distance = new long[IDS];
        Arrays.fill(distance, NONE);
        distance[start] = 0;
        boolean[] done = new boolean[IDS];
        done[without] = true;
        for (int at = start; at != 0; at = nearest(distance, done)) {
            done[at] = true;
            for (int to = 1; to < IDS; to++) {
                if (cost[at][to] != NONE && to != without) {
                    distance[to] = Math.min(distance[to], distance[at] + cost[at][to]);
                }
            }
        }
        return distance;
    }

    private static int nearest(long[] distance, boolean[] done) {
        int nearest = 0;
        for (int id = 1; id < IDS; id++) {
            if (!done[id]
                    && distance[id] != NONE
                    && (nearest == 0 || distance[id] < distance[nearest])) {
                nearest = id;
            }
        }
        return nearest;
    }

    /** The neighbors that lead there, cheapest first, then lowest id. */
    private static List<Hop> hops(int to, long[] costFromSelf, long[][] behind) {
        var hops = new ArrayList<Hop>();
        for (int neighbor = 1; neighbor < IDS; neighbor++) {
            if (costFromSelf[neighbor] != NONE && behind[neighbor][to] != NONE) {
                hops.add(new Hop(neighbor, costFromSelf[neighbor] + behind[neighbor][to]));
            }
        }
        hops.sort(Comparator.comparingLong(Hop::cost)); // stable: the lower id stays first
        return hops;
    }

    private static Path path(List<Hop> hops) {
        long least = hops.getFirst().cost();
        return new Path(
                least,
                hops.stream().filter(hop -> hop.cost() == least).map(Hop::neighbor).toList(),
                hops.stream().filter(hop -> hop.cost() != least).map(Hop::neighbor).toList());
    }

    /** The best path to a controller; empty when there is none. */
    public Optional<Path> to(int controllerId) {
        return Optional.ofNullable(paths.get(controllerId));
    }

    /** All controllers that can be reached, and how. */
    public Map<Integer, Path> all() {
        return Map.copyOf(paths);
    }
}
