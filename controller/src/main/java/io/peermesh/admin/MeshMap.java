package io.peermesh.admin;

import io.peermesh.node.NodeStatus;
import io.peermesh.node.Topology;
import io.peermesh.routing.LinkCost;
import io.peermesh.routing.ShortestPaths;
import io.peermesh.wire.LinkPorts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The mesh as a picture needs it, as seen from one controller: who is there, what links them, which
 * way packets take. Of its own links a controller knows state, round-trip time and loss; of those
 * between others what these tell: that they are up, and their cost. Pure and immutable.
 *
 * @param nowNanos when this was so, in the clock of {@link NodeStatus}
 * @param members by id: this controller, its peers, and all that were heard of
 * @param edges by the lower id, then the higher
 */
public record MeshMap(
        int selfId,
        long nowNanos,
        List<Member> members,
        List<Edge> edges,
        Map<Integer, Map<Integer, Integer>> graph,
        Set<Integer> draining) {
    /** Copies the collections. */
    public MeshMap {
        members = List.copyOf(members);
        edges = List.copyOf(edges);
        graph = Map.copyOf(graph);
        draining = Set.copyOf(draining);
    }

    /** A controller. */
    public record Member(int id, boolean reachable, boolean draining, int clients) {}

    /** How a link is. */
    public enum LinkState {
        /** It carries traffic. */
        UP,
        /** It answers, but went down too often lately to be used where another way leads. */
        HELD,
        /** It has not come up yet. */
        COMING,
        /** It was up, or the peer was refused. */
        DOWN,
        /** Only one end tells of it. */
        ONE_SIDED
    }

    /**
     * A link.
     *
     * @param low the lower controller id
     * @param cost what routing counts for it; 0 while unknown
     * @param quality as measured by this controller, being one of its ends
     * @param own what else this controller knows of it now
     */
    public record Edge(
            int low,
            int high,
            LinkState state,
            int cost,
            Optional<Quality> quality,
            Optional<NodeStatus.Link> own) {
        /** Whether it joins these two. */
        public boolean joins(int one, int other) {
            return low == Math.min(one, other) && high == Math.max(one, other);
        }
    }

    /**
     * What was measured of a link.
     *
     * @param loss 0..1
     */
    public record Quality(long rttNanos, double loss) {}

    /** A link on a way, in the direction of the packets. */
    public record Step(int from, int to) {}

    /**
     * The way that packets take.
     *
     * @param stops controller ids from start to end, of one of the ways
     * @param cost sum of the costs of the links
     * @param steps of all ways of this cost, among which flows are shared
     */
    public record Way(List<Integer> stops, long cost, Set<Step> steps) {
        /** Copies the collections. */
        public Way {
            stops = List.copyOf(stops);
            steps = Set.copyOf(steps);
        }

        /** Whether flows are shared among several ways. */
        public boolean isShared() {
            return steps.size() >= stops.size();
        }
    }

    /** Puts the picture together. */
    static MeshMap of(int selfId, NodeStatus status, Topology topology) {
        var reachable = new TreeSet<Integer>(Set.of(selfId));
        status.controllers().stream()
                .filter(NodeStatus.Controller::reachable)
                .forEach(each -> reachable.add(each.id()));
        var ids = new TreeSet<>(reachable);
        status.controllers().forEach(each -> ids.add(each.id()));
        status.links().forEach(link -> ids.add(link.peerId()));
        var draining = new HashSet<Integer>();
        topology.loads()
                .forEach((id, load) -> {
                    if (load.draining()) {
                        draining.add(id);
                    }
                });
        var graph = new HashMap<>(topology.graph());
        graph.keySet().retainAll(reachable); // what others told last may be long over
        var clients = new HashMap<Integer, Integer>();
        status.clients().forEach(client -> clients.merge(client.owner(), 1, Integer::sum));
        List<Member> members =
                ids.stream()
                        .map(id ->
                                new Member(
                                        id,
                                        reachable.contains(id),
                                        draining.contains(id) && reachable.contains(id),
                                        clients.getOrDefault(id, 0)))
                        .toList();
        return new MeshMap(
                selfId,
                status.nowNanos(),
                members,
                edges(selfId, ids, status, graph),
                graph,
                draining);
    }

    private static List<Edge> edges(
            int selfId,
            TreeSet<Integer> ids,
            NodeStatus status,
            Map<Integer, Map<Integer, Integer>> graph) {
        var own = new HashMap<Integer, NodeStatus.Link>();
        status.links().forEach(link -> own.put(link.peerId(), link));
        var edges = new ArrayList<Edge>();
        for (int low : ids) {
            for (int high : ids.tailSet(low, false)) {
                int there = graph.getOrDefault(low, Map.of()).getOrDefault(high, 0);
                int back = graph.getOrDefault(high, Map.of()).getOrDefault(low, 0);
                if (low != selfId && high != selfId) {
                    foreign(low, high, there, back).ifPresent(edges::add);
                } else if (own.containsKey(low == selfId ? high : low)) {
                    Optional<NodeStatus.Link> link =
                            Optional.ofNullable(own.get(low == selfId ? high : low));
                    LinkState state = state(link.orElseThrow().state());
                    edges.add(
                            new Edge(
                                    low,
                                    high,
                                    state,
                                    Math.max(there, back),
                                    link.map(MeshMap::quality),
                                    link));
                }
            }
        }
        return edges;
    }

    private static Optional<Edge> foreign(int low, int high, int there, int back) {
        int cost = Math.max(there, back);
        if (cost == 0) {
            return Optional.empty();
        }
        LinkState state =
                Math.min(there, back) == 0
                        ? LinkState.ONE_SIDED
                        : cost >= LinkCost.HELD ? LinkState.HELD : LinkState.UP;
        return Optional.of(new Edge(low, high, state, cost, Optional.empty(), Optional.empty()));
    }

    private static Quality quality(NodeStatus.Link link) {
        return new Quality(link.rttNanos(), link.loss());
    }

    private static LinkState state(NodeStatus.LinkState state) {
        return switch (state) {
            case UP -> LinkState.UP;
            case HELD -> LinkState.HELD;
            case RESOLVING, CONNECTING -> LinkState.COMING;
            case DOWN, REFUSED -> LinkState.DOWN;
        };
    }

    /** A controller by its id. */
    public Optional<Member> member(int id) {
        return members.stream().filter(each -> each.id() == id).findFirst();
    }

    /** The link between two, as far as there is one. */
    public Optional<Edge> edge(int one, int other) {
        return edges.stream().filter(each -> each.joins(one, other)).findFirst();
    }

    /** The way that packets take now; empty when none leads there. Each stop decides by itself. */
    public Optional<Way> way(int from, int to) {
        var steps = new HashSet<Step>();
        var open = new ArrayDeque<>(List.of(from));
        var seen = new HashSet<>(Set.of(from, to));
        while (!open.isEmpty()) {
            int at = open.poll();
            for (int next : nextHops(at, to)) {
                steps.add(new Step(at, next));
                if (seen.add(next)) {
                    open.add(next);
                }
            }
        }
        var stops = new ArrayList<>(List.of(from));
        while (stops.getLast() != to) {
            List<Integer> next = nextHops(stops.getLast(), to);
            if (next.isEmpty() || stops.size() > LinkPorts.MAX_CONTROLLERS) {
                return Optional.empty();
            }
            stops.add(next.getFirst());
        }
        return Optional.of(new Way(stops, cost(stops), steps));
    }

    private List<Integer> nextHops(int from, int to) {
        return ShortestPaths.compute(from, graph, draining)
                .to(to)
                .map(ShortestPaths.Path::nextHops)
                .orElse(List.of());
    }

    private long cost(List<Integer> stops) {
        long cost = 0;
        for (int at = 1; at < stops.size(); at++) {
            cost += graph.getOrDefault(stops.get(at - 1), Map.of()).getOrDefault(stops.get(at), 0);
        }
        return cost;
    }
}
