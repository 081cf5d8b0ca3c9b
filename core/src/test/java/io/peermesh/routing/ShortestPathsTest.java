package io.peermesh.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.routing.ShortestPaths.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShortestPathsTest {
    @Test
    void goesDirectWhereThatIsCheapest() {
        var paths = compute(1, triangle(10));

        assertThat(paths.to(2)).contains(new Path(10, List.of(2), List.of(3)));
        assertThat(paths.to(3)).contains(new Path(10, List.of(3), List.of(2)));
    }

    @Test
    void goesAroundAnExpensiveLink() {
        var paths = compute(1, triangle(25));

        assertThat(paths.to(2)).contains(new Path(20, List.of(3), List.of(2)));
    }

    @Test
    void offersEqualPathsLowestIdFirst() {
        var paths = compute(1, triangle(20));

        assertThat(paths.to(2)).contains(new Path(20, List.of(2, 3), List.of()));
    }

    @Test
    void doesNotTrustALinkThatOnlyOneEndAdvertises() {
        var graph = Map.of(1, Map.of(2, 10), 2, Map.<Integer, Integer>of(), 3, Map.of(1, 10));

        assertThat(compute(1, graph).all()).isEmpty();
    }

    @Test
    void knowsNobodyInAnEmptyGraph() {
        assertThat(compute(10, Map.of()).all()).isEmpty();
    }

    @Test
    void passesADrainingControllerOnlyWhereNobodyElseLeads() {
        var drained = ShortestPaths.compute(1, triangle(25), Set.of(3));

        assertThat(drained.to(2).orElseThrow().nextHops()).as("around it").containsExactly(2);
        assertThat(drained.to(3).orElseThrow().nextHops()).as("to itself").containsExactly(3);

        var line = Map.of(1, Map.of(3, 10), 2, Map.of(3, 10), 3, Map.of(1, 10, 2, 10));

        assertThat(ShortestPaths.compute(1, line, Set.of(3)).to(2).orElseThrow().nextHops())
                .as("nobody else leads there")
                .containsExactly(3);
        assertThat(ShortestPaths.compute(3, line, Set.of(3)).to(2)).as("from itself").isPresent();
    }

    @Test
    void agreesWithBellmanFordOnRandomGraphs() {
        long seed = 77;
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Map<Integer, Map<Integer, Integer>> graph = randomGraph(random);
            int self = random.nextInt(1, 11);

            var paths = compute(self, graph);

            long[] distance = bellmanFord(self, graph);
            for (int to = 1; to <= 10; to++) {
                assertThat(paths.to(to))
                        .as("seed %d, round %d: %d to %d in %s", seed, round, self, to, graph)
                        .isEqualTo(expected(self, to, distance, graph));
            }
        }
    }

    private static ShortestPaths compute(int self, Map<Integer, Map<Integer, Integer>> graph) {
        return ShortestPaths.compute(self, graph, Set.of());
    }

    /** 1-2 with the given cost, 1-3 and 3-2 with 10. */
    private static Map<Integer, Map<Integer, Integer>> triangle(int direct) {
        return Map.of(
                1, Map.of(2, direct, 3, 10), 2, Map.of(1, direct, 3, 10), 3, Map.of(1, 10, 2, 10));
    }

    private static Map<Integer, Map<Integer, Integer>> randomGraph(Random random) {
        var graph = new TreeMap<Integer, Map<Integer, Integer>>();
        int density = random.nextInt(1, 10);
        for (int from = 1; from <= 10; from++) {
            var edges = new HashMap<Integer, Integer>();
            for (int to = 1; to <= 10; to++) {
                if (from != to && random.nextInt(10) < density) {
                    edges.put(to, random.nextInt(1, 6));
                }
            }
            graph.put(from, edges);
        }
        return graph;
    }

    private static long[] bellmanFord(int self, Map<Integer, Map<Integer, Integer>> graph) {
        long[] distance = new long[11];
        Arrays.fill(distance, Integer.MAX_VALUE);
        distance[self] = 0;
        for (int round = 0; round < 10; round++) {
            for (int from = 1; from <= 10; from++) {
                for (int to = 1; to <= 10; to++) {
                    if (cost(graph, from, to) > 0 && cost(graph, to, from) > 0) {
                        distance[to] =
                                Math.min(distance[to], distance[from] + cost(graph, from, to));
                    }
                }
            }
        }
        return distance;
    }

    /** Neighbors from which the rest of the way costs exactly what remains. */
    private static Optional<Path> expected(
            int self, int to, long[] distance, Map<Integer, Map<Integer, Integer>> graph) {
        if (to == self || distance[to] >= Integer.MAX_VALUE) {
            return Optional.empty();
        }
        var hops = new ArrayList<Integer>();
        var others = new TreeMap<Long, List<Integer>>();
        var withoutSelf = new TreeMap<>(graph);
        withoutSelf.remove(self);
        for (int hop = 1; hop <= 10; hop++) {
            if (cost(graph, self, hop) == 0 || cost(graph, hop, self) == 0) {
                continue;
            }
            long rest = bellmanFord(hop, withoutSelf)[to];
            long all = cost(graph, self, hop) + rest;
            if (all == distance[to]) {
                hops.add(hop);
            } else if (rest < Integer.MAX_VALUE) {
                others.computeIfAbsent(all, _ -> new ArrayList<>()).add(hop);
            }
        }
        List<Integer> alternates = others.values().stream().flatMap(List::stream).toList();
        return Optional.of(new Path(distance[to], hops, alternates));
    }

    /** 0 for no link. */
    private static int cost(Map<Integer, Map<Integer, Integer>> graph, int from, int to) {
        return graph.getOrDefault(from, Map.of()).getOrDefault(to, 0);
    }
}
