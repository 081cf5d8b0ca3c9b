package io.peermesh.routing;

import io.peermesh.wire.LinkPorts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Shortest paths from this controller to all others (Dijkstra). Pure: the same graph gives the same
 * paths on every controller. A link counts only when both its ends advertise it, and costs what the
 * end that sends over it says.
 */
public final class ShortestPaths {
    private static final int IDS = LinkPorts.MAX_CONTROLLERS + 1;
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final Map<Integer, Path> paths;

    private ShortestPaths(Map<Integer, Path> paths) {
        this.paths = paths;
    }

    /**
     * How to reach a controller.
     *
     * @param cost sum of the links' costs
     * @param nextHops neighbors over which a path of this cost leads, lowest id first; not empty
     */
    public record Path(long cost, List<Integer> nextHops) {
        /** Copies the list. */
        public Path {
            nextHops = List.copyOf(nextHops);
        }
    }

    /**
     * Computes the paths.
     *
     * @param selfId where they start
     * @param graph costs by origin and neighbor, from 1
     */
    public static ShortestPaths compute(int selfId, Map<Integer, Map<Integer, Integer>> graph) {
        long[] distance = new long[IDS];
        Arrays.fill(distance, UNKNOWN);
        List<Set<Integer>> firstHops = new ArrayList<>();
        for (int id = 0; id < IDS; id++) {
            firstHops.add(new TreeSet<>());
        }
        distance[selfId] = 0;
        boolean[] done = new boolean[IDS];
        for (int at = selfId; at != 0; at = nearest(distance, done)) {
            done[at] = true;
            for (Map.Entry<Integer, Integer> edge : graph.getOrDefault(at, Map.of()).entrySet()) {
                int to = edge.getKey();
                long cost = distance[at] + edge.getValue();
                if (cost > distance[to] || !isTwoWay(graph, at, to)) {
                    continue;
                }
                if (cost < distance[to]) {
                    distance[to] = cost;
                    firstHops.get(to).clear();
                }
                firstHops.get(to).addAll(at == selfId ? List.of(to) : firstHops.get(at));
            }
        }
        return new ShortestPaths(collect(selfId, distance, firstHops));
    }

    private static int nearest(long[] distance, boolean[] done) {
        int nearest = 0;
        for (int id = 1; id < IDS; id++) {
            if (!done[id]
                    && distance[id] != UNKNOWN
                    && (nearest == 0 || distance[id] < distance[nearest])) {
                nearest = id;
            }
        }
        return nearest;
    }

    private static boolean isTwoWay(Map<Integer, Map<Integer, Integer>> graph, int one, int other) {
        return graph.getOrDefault(other, Map.of()).containsKey(one);
    }

    private static Map<Integer, Path> collect(
            int selfId, long[] distance, List<Set<Integer>> firstHops) {
        var paths = new TreeMap<Integer, Path>();
        for (int id = 1; id < IDS; id++) {
            if (id != selfId && distance[id] != UNKNOWN) {
                paths.put(id, new Path(distance[id], List.copyOf(firstHops.get(id))));
            }
        }
        return paths;
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
