package io.peermesh.node;

import io.peermesh.wire.Payload.Load;
import java.util.Map;

/**
 * The mesh as its controllers tell of it, ours included. Some of them may be out of reach: what
 * they told last stays for an hour.
 *
 * @param graph cost of each link by origin and neighbor, as {@link
 *     io.peermesh.routing.ShortestPaths} wants it
 * @param loads by controller id
 */
public record Topology(Map<Integer, Map<Integer, Integer>> graph, Map<Integer, Load> loads) {
    /** Nobody tells anything. */
    public static final Topology NONE = new Topology(Map.of(), Map.of());

    /** Copies the maps. */
    public Topology {
        graph = Map.copyOf(graph);
        loads = Map.copyOf(loads);
    }
}
