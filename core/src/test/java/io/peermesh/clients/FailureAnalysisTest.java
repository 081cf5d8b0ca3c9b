package io.peermesh.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.clients.FailureAnalysis.Consequence;
import io.peermesh.clients.FailureAnalysis.Failure;
import io.peermesh.clients.FailureAnalysis.Mesh;
import io.peermesh.clients.FailureAnalysis.Pair;
import io.peermesh.ip.IpAddress;
import io.peermesh.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FailureAnalysisTest {
    private static final IpAddress ANN = IpAddress.literal("10.9.0.1");
    private static final IpAddress BOB = IpAddress.literal("10.9.0.2");

    private static Map<Integer, Map<Integer, Integer>> links(int... pairs) {
        var graph = new HashMap<Integer, Map<Integer, Integer>>();
        for (int i = 0; i < pairs.length; i += 2) {
            link(graph, pairs[i], pairs[i + 1]);
            link(graph, pairs[i + 1], pairs[i]);
        }
        return graph;
    }

    private static Map<Integer, Integer> weights(int controllers) {
        var weights = new HashMap<Integer, Integer>();
        for (int id = 1; id <= controllers; id++) {
            weights.put(id, 10);
        }
        return weights;
    }

    private static void link(Map<Integer, Map<Integer, Integer>> graph, int from, int to) {
        graph.computeIfAbsent(from, _ -> new HashMap<>()).put(to, 10);
    }

    @Test
    void theSurvivorOfTwoTakesAll() {
        var mesh = new Mesh(links(1, 2), Map.of(ANN, 1, BOB, 2), weights(2), Set.of());

        Consequence one = FailureAnalysis.of(mesh, new Failure.OfController(1));

        assertThat(one.moves()).isEqualTo(Map.of(2, 1));
        assertThat(one.loadAfter()).isEqualTo(Map.of(2, 2));
        assertThat(one.isHarmless()).isTrue();
    }

    @Test
    void theClientsOfTheOnlyControllerAreStranded() {
        var mesh = new Mesh(Map.of(), Map.of(ANN, 1, BOB, 1), weights(1), Set.of());

        assertThat(FailureAnalysis.all(mesh))
                .singleElement()
                .satisfies(only -> assertThat(only.stranded()).isEqualTo(2));
    }

    @Test
    void aDrainingControllerTakesNobody() {
        var mesh = new Mesh(links(1, 2, 2, 3, 1, 3), Map.of(ANN, 1), weights(3), Set.of(2));

        assertThat(FailureAnalysis.of(mesh, new Failure.OfController(1)).moves())
                .isEqualTo(Map.of(3, 1));
    }

    @Test
    void whereAllOthersDrainClientsAreStranded() {
        var mesh = new Mesh(links(1, 2), Map.of(ANN, 1), weights(2), Set.of(2));

        assertThat(FailureAnalysis.of(mesh, new Failure.OfController(1)).stranded()).isEqualTo(1);
    }

    @Test
    void aLinkThatHasAWayAroundHarmsNobody() {
        var mesh = new Mesh(links(1, 2, 2, 3, 1, 3), Map.of(ANN, 1, BOB, 2), weights(3), Set.of());

        Consequence cut = FailureAnalysis.of(mesh, new Failure.OfLink(1, 2));

        assertThat(cut.isHarmless()).isTrue();
        assertThat(cut.moved()).isZero();
    }

    @Test
    void theOnlyLinkCutsPairsOffAndTheLargerPartGetsTheClients() {
        var mesh = new Mesh(links(1, 2, 2, 3), Map.of(ANN, 1, BOB, 3), weights(3), Set.of());

        Consequence cut = FailureAnalysis.of(mesh, new Failure.OfLink(1, 2));

        assertThat(cut.cutOff()).containsExactly(new Pair(1, 2), new Pair(1, 3));
        assertThat(cut.moved()).isEqualTo(1);
        assertThat(cut.moves()).doesNotContainKey(1);
        assertThat(cut.loadAfter().get(1)).isZero();
    }

    @Test
    void aLinkThatOnlyOneEndHasIsNone() {
        var mesh = new Mesh(Map.of(1, Map.of(2, 10)), Map.of(), weights(2), Set.of());

        assertThat(FailureAnalysis.all(mesh)).hasSize(2);
    }

    /** The same answers from matrices, by the definition. */
    @Test
    void agreesWithBruteForce() {
        Seeds.run(
                300,
                random -> {
                    Mesh mesh = randomMesh(random);
                    for (Consequence consequence : FailureAnalysis.all(mesh)) {
                        assertThat(consequence).isEqualTo(slow(mesh, consequence));
                    }
                });
    }

    private static Mesh randomMesh(SplittableRandom random) {
        int controllers = 1 + random.nextInt(10);
        var graph = new HashMap<Integer, Map<Integer, Integer>>();
        double density = random.nextDouble();
        for (int from = 1; from <= controllers; from++) {
            for (int to = 1; to <= controllers; to++) {
                if (from != to && random.nextDouble() < density) {
                    link(graph, from, to);
                    if (random.nextInt(10) > 0) {
                        link(graph, to, from);
                    }
                }
            }
        }
        var weights = new HashMap<Integer, Integer>();
        var draining = new HashSet<Integer>();
        for (int id = 1; id <= controllers; id++) {
            weights.put(id, 1 + random.nextInt(100));
            if (random.nextInt(4) == 0) {
                draining.add(id);
            }
        }
        var owners = new HashMap<IpAddress, Integer>();
        for (int i = 0; i < random.nextInt(40); i++) {
            owners.put(IpAddress.v4(0x0a090001 + i), 1 + random.nextInt(controllers));
        }
        return new Mesh(graph, owners, weights, draining);
    }

    private static Consequence slow(Mesh mesh, Consequence claimed) {
        Failure failure = claimed.failure();
        boolean[][] before = reachable(mesh, null);
        boolean[][] after = reachable(mesh, failure);
        int dead = failure instanceof Failure.OfController(int id) ? id : 0;
        var moves = new TreeMap<Integer, Integer>();
        var load = new TreeMap<Integer, Integer>();
        int stranded = 0;
        for (int id : mesh.weights().keySet()) {
            if (id != dead) {
                load.put(id, 0);
            }
        }
        for (var client : mesh.owners().entrySet()) {
            int owner = client.getValue();
            int best = 0;
            for (int leader : mesh.weights().keySet()) {
                boolean near = leader != dead && before[owner][leader];
                if (near && (best == 0 || isBetter(after, leader, best))) {
                    best = leader;
                }
            }
            int taker = 0;
            for (int id : Rendezvous.rank(client.getKey(), mesh.weights())) {
                boolean may = best != 0 && after[best][id] && id != dead;
                if (taker == 0 && may && !mesh.draining().contains(id)) {
                    taker = id;
                }
            }
            if (owner != dead && (taker == 0 || after[best][owner])) {
                load.merge(owner, 1, Integer::sum);
            } else if (taker == 0) {
                stranded++;
            } else {
                moves.merge(taker, 1, Integer::sum);
                load.merge(taker, 1, Integer::sum);
            }
        }
        var cutOff = new ArrayList<Pair>();
        for (int low = 1; low <= 10; low++) {
            for (int high = low + 1; high <= 10; high++) {
                boolean alive = low != dead && high != dead;
                if (alive && before[low][high] && !after[low][high]) {
                    cutOff.add(new Pair(low, high));
                }
            }
        }
        return new Consequence(failure, moves, stranded, List.copyOf(cutOff), load);
    }

    /** A larger part wins, then the one with the lowest id. */
    private static boolean isBetter(boolean[][] after, int one, int other) {
        int sizeOne = size(after, one);
        int sizeOther = size(after, other);
        return sizeOne != sizeOther
                ? sizeOne > sizeOther
                : lowest(after, one) < lowest(after, other);
    }

    private static int size(boolean[][] reach, int from) {
        int size = 0;
        for (boolean reached : reach[from]) {
            size += reached ? 1 : 0;
        }
        return size;
    }

    private static int lowest(boolean[][] reach, int from) {
        int id = 1;
        while (!reach[from][id]) {
            id++;
        }
        return id;
    }

    /** Floyd and Warshall. */
    private static boolean[][] reachable(Mesh mesh, @Nullable Failure failure) {
        boolean[][] reach = new boolean[11][11];
        int dead = failure instanceof Failure.OfController(int id) ? id : 0;
        for (int one : mesh.weights().keySet()) {
            for (int other : mesh.weights().keySet()) {
                boolean cut =
                        failure instanceof Failure.OfLink(int low, int high)
                                && ((one == low && other == high) || (one == high && other == low));
                boolean link =
                        mesh.graph().getOrDefault(one, Map.of()).containsKey(other)
                                && mesh.graph().getOrDefault(other, Map.of()).containsKey(one);
                reach[one][other] =
                        one != dead && other != dead && (one == other || (link && !cut));
            }
        }
        for (int via = 1; via <= 10; via++) {
            for (int one = 1; one <= 10; one++) {
                for (int other = 1; other <= 10; other++) {
                    reach[one][other] |= (reach[one][via] && reach[via][other]);
                }
            }
        }
        return reach;
    }
}
