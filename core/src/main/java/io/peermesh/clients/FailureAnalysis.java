package io.peermesh.clients;

import io.peermesh.ip.IpAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What happens if one controller or one link fails now ("N-1"): by the same rules by which the
 * controllers themselves act. Pure.
 *
 * <p>When a controller fails, its clients go to the survivors by {@link Rendezvous}, to those that
 * do not drain; when the mesh falls apart, to the larger part (ties: that with the lowest id), and
 * so do the clients of the other parts, as far as they reach both. A client that no survivor may
 * take is stranded.
 */
public final class FailureAnalysis {
    private FailureAnalysis() {}

    /**
     * The mesh as it is.
     *
     * @param graph cost of the links by origin and neighbor; a link counts when both ends have it
     * @param owners the controller of each connected client
     * @param weights of the controllers that live, by id
     * @param draining those that take no clients
     */
    public record Mesh(
            Map<Integer, Map<Integer, Integer>> graph,
            Map<IpAddress, Integer> owners,
            Map<Integer, Integer> weights,
            Set<Integer> draining) {
        /** Copies the collections. */
        public Mesh {
            graph = Map.copyOf(graph);
            owners = Map.copyOf(owners);
            weights = Map.copyOf(weights);
            draining = Set.copyOf(draining);
        }

        private boolean isLink(int one, int other) {
            return weights.containsKey(one)
                    && weights.containsKey(other)
                    && graph.getOrDefault(one, Map.of()).containsKey(other)
                    && graph.getOrDefault(other, Map.of()).containsKey(one);
        }
    }

    /** What fails. */
    public sealed interface Failure {
        /** A controller, with its links and sessions. */
        record OfController(int id) implements Failure {}

        /** A link; {@code low} is the lower id. */
        record OfLink(int low, int high) implements Failure {}
    }

    /** Two controllers; {@code low} is the lower id. */
    public record Pair(int low, int high) {}

    /**
     * What follows.
     *
     * @param moves how many clients each controller takes, by its id
     * @param stranded clients that no controller may take
     * @param cutOff pairs of surviving controllers that reach each other now, and then not
     * @param loadAfter clients of each surviving controller
     */
    public record Consequence(
            Failure failure,
            Map<Integer, Integer> moves,
            int stranded,
            List<Pair> cutOff,
            Map<Integer, Integer> loadAfter) {
        /** Copies the collections. */
        public Consequence {
            moves = new TreeMap<>(moves);
            cutOff = List.copyOf(cutOff);
            loadAfter = new TreeMap<>(loadAfter);
        }

        /** Whether nobody is cut off for good. */
        public boolean isHarmless() {
            return stranded == 0 && cutOff.isEmpty();
        }

        /** How many clients change their controller. */
        public int moved() {
            return moves.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** For each controller and each link: controllers first, by id. */
    public static List<Consequence> all(Mesh mesh) {
        var consequences = new ArrayList<Consequence>();
        for (int id : new TreeSet<>(mesh.weights().keySet())) {
            consequences.add(of(mesh, new Failure.OfController(id)));
        }
        for (int low : new TreeSet<>(mesh.weights().keySet())) {
            for (int high : new TreeSet<>(mesh.weights().keySet())) {
                if (low < high && mesh.isLink(low, high)) {
                    consequences.add(of(mesh, new Failure.OfLink(low, high)));
                }
            }
        }
        return consequences;
    }

    /** What follows from one failure. */
    public static Consequence of(Mesh mesh, Failure failure) {
        List<NavigableSet<Integer>> before = parts(mesh, mesh.weights().keySet(), null);
        var survivors = new TreeSet<>(mesh.weights().keySet());
        if (failure instanceof Failure.OfController(int id)) {
            survivors.remove(id);
        }
        List<NavigableSet<Integer>> after = parts(mesh, survivors, failure);
        var moves = new TreeMap<Integer, Integer>();
        var load = new TreeMap<Integer, Integer>();
        survivors.forEach(id -> load.put(id, 0));
        int stranded = 0;
        for (Map.Entry<IpAddress, Integer> client : mesh.owners().entrySet()) {
            int owner = client.getValue();
            if (!mesh.weights().containsKey(owner)) {
                continue; // of a controller that is gone already
            }
            NavigableSet<Integer> home = winner(partOf(before, owner), after);
            if (survivors.contains(owner) && home.contains(owner)) {
                load.merge(owner, 1, Integer::sum);
                continue;
            }
            List<Integer> takers = Rendezvous.rank(client.getKey(), candidates(mesh, home));
            if (!takers.isEmpty()) {
                moves.merge(takers.getFirst(), 1, Integer::sum);
                load.merge(takers.getFirst(), 1, Integer::sum);
            } else if (survivors.contains(owner)) {
                load.merge(owner, 1, Integer::sum); // nobody takes it away
            } else {
                stranded++;
            }
        }
        return new Consequence(failure, moves, stranded, cutOff(before, after, survivors), load);
    }

    private static Map<Integer, Integer> candidates(Mesh mesh, Set<Integer> home) {
        var candidates = new HashMap<Integer, Integer>();
        for (int id : home) {
            if (!mesh.draining().contains(id)) {
                candidates.put(id, mesh.weights().getOrDefault(id, 1));
            }
        }
        return candidates;
    }

    /** Of the parts into which {@code former} has fallen, the one that gets the clients. */
    private static NavigableSet<Integer> winner(
            Set<Integer> former, List<NavigableSet<Integer>> after) {
        return after.stream()
                .filter(part -> former.containsAll(part))
                .min(
                        Comparator.comparingInt((NavigableSet<Integer> part) -> -part.size())
                                .thenComparing(NavigableSet::first))
                .orElseGet(TreeSet::new);
    }

    private static List<Pair> cutOff(
            List<NavigableSet<Integer>> before,
            List<NavigableSet<Integer>> after,
            NavigableSet<Integer> survivors) {
        var pairs = new ArrayList<Pair>();
        for (int low : survivors) {
            for (int high : survivors.tailSet(low, false)) {
                if (partOf(before, low).contains(high) && !partOf(after, low).contains(high)) {
                    pairs.add(new Pair(low, high));
                }
            }
        }
        return pairs;
    }

    private static NavigableSet<Integer> partOf(List<NavigableSet<Integer>> parts, int id) {
        return parts.stream().filter(part -> part.contains(id)).findFirst().orElseThrow();
    }

    /** The sets of controllers that reach each other. */
    private static List<NavigableSet<Integer>> parts(
            Mesh mesh, Set<Integer> alive, @Nullable Failure failure) {
        var left = new TreeSet<>(alive);
        var parts = new ArrayList<NavigableSet<Integer>>();
        while (!left.isEmpty()) {
            var part = new TreeSet<Integer>();
            var open = new ArrayDeque<Integer>(List.of(left.first()));
            while (!open.isEmpty()) {
                int at = open.poll();
                if (part.add(at)) {
                    left.stream()
                            .filter(to -> mesh.isLink(at, to) && !isCut(failure, at, to))
                            .forEach(open::add);
                }
            }
            left.removeAll(part);
            parts.add(part);
        }
        return parts;
    }

    private static boolean isCut(@Nullable Failure failure, int one, int other) {
        return failure instanceof Failure.OfLink(int low, int high)
                && Math.min(one, other) == low
                && Math.max(one, other) == high;
    }
}
