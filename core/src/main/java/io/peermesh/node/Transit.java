package io.peermesh.node;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whether other controllers reach each other only through this one. */
final class Transit {
    private Transit() {}

    /**
     * Looks at the links that both ends advertise.
     *
     * @param graph costs by origin and neighbor
     * @return what would be cut off without {@code selfId}, in words; empty when nothing
     */
    static Optional<String> neededFor(int selfId, Map<Integer, Map<Integer, Integer>> graph) {
        SortedSet<Integer> withUs = reached(selfId, graph, 0);
        withUs.remove(selfId);
        if (withUs.isEmpty()) {
            return Optional.empty();
        }
        SortedSet<Integer> cutOff = new TreeSet<>(withUs);
        cutOff.removeAll(reached(withUs.first(), graph, selfId));
        return cutOff.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "controller %d reaches controller %s only through this one"
                                .formatted(withUs.first(), cutOff.first()));
    }

    private static SortedSet<Integer> reached(
            int from, Map<Integer, Map<Integer, Integer>> graph, int without) {
        var reached = new TreeSet<Integer>();
        Deque<Integer> open = new ArrayDeque<>();
        open.add(from);
        while (!open.isEmpty()) {
            int at = open.remove();
            if (at != without && reached.add(at)) {
                graph.getOrDefault(at, Map.of()).keySet().stream()
                        .filter(to -> graph.getOrDefault(to, Map.of()).containsKey(at))
                        .forEach(open::add);
            }
        }
        return reached;
    }
}
