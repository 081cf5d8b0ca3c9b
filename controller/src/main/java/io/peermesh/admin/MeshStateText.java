package io.peermesh.admin;

import io.peermesh.admin.MeshMap.Edge;
import io.peermesh.admin.MeshMap.LinkState;
import io.peermesh.admin.MeshMap.Member;
import io.peermesh.wire.LinkPorts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A {@link MeshMap} as the text that is stored: words separated by blanks.
 *
 * <pre>
 *   self:ID   ID:[r][d]:CLIENTS        r reachable, d draining
 *             LOW-HIGH:STATE:COST:COST  towards the higher id and back; 0 for none told
 * </pre>
 */
final class MeshStateText {
    private static final Pattern SELF = Pattern.compile("self:([0-9]{1,2})");
    private static final Pattern MEMBER = Pattern.compile("([0-9]{1,2}):(r?)(d?):([0-9]{1,9})");
    private static final Pattern LINK =
            Pattern.compile("([0-9]{1,2})-([0-9]{1,2}):([A-Z_]{1,20}):([0-9]{1,9}):([0-9]{1,9})");

    private MeshStateText() {}

    static String of(MeshMap map) {
        return "self:"
                + map.selfId()
                + map.members().stream()
                        .map(each -> shape(each) + ":" + each.clients())
                        .collect(Collectors.joining())
                + map.edges().stream()
                        .map(each -> shape(each) + costs(map, each))
                        .collect(Collectors.joining());
    }

    /** The same without figures: controllers and links. */
    static String shape(MeshMap map) {
        return "self:"
                + map.selfId()
                + map.members().stream().map(MeshStateText::shape).collect(Collectors.joining())
                + map.edges().stream().map(MeshStateText::shape).collect(Collectors.joining());
    }

    private static String shape(Member member) {
        return " %d:%s%s"
                .formatted(
                        member.id(), member.reachable() ? "r" : "", member.draining() ? "d" : "");
    }

    private static String shape(Edge edge) {
        return " %d-%d:%s".formatted(edge.low(), edge.high(), edge.state());
    }

    private static String costs(MeshMap map, Edge edge) {
        return ":%d:%d"
                .formatted(cost(map, edge.low(), edge.high()), cost(map, edge.high(), edge.low()));
    }

    private static int cost(MeshMap map, int from, int to) {
        return map.graph().getOrDefault(from, Map.of()).getOrDefault(to, 0);
    }

    /** Reads it; empty for anything that is none. */
    static Optional<MeshMap> parse(String text) {
        int self = 0;
        var members = new ArrayList<Member>();
        var edges = new ArrayList<Edge>();
        var graph = new HashMap<Integer, Map<Integer, Integer>>();
        for (String word : text.split(" ", -1)) {
            Matcher member = MEMBER.matcher(word);
            Matcher link = LINK.matcher(word);
            Matcher own = SELF.matcher(word);
            if (own.matches() && self == 0) {
                self = id(own, 1);
            } else if (member.matches()) {
                members.add(
                        new Member(
                                id(member, 1),
                                !member.group(2).isEmpty(),
                                !member.group(3).isEmpty(),
                                Integer.parseInt(member.group(4))));
            } else if (!link.matches() || !addLink(link, edges, graph)) {
                return Optional.empty();
            }
        }
        return map(self, members, edges, graph);
    }

    private static int id(MatchResult match, int group) {
        return Integer.parseInt(match.group(group));
    }

    private static boolean addLink(
            MatchResult link, List<Edge> edges, Map<Integer, Map<Integer, Integer>> graph) {
        int low = id(link, 1);
        int high = id(link, 2);
        int there = Integer.parseInt(link.group(4));
        int back = Integer.parseInt(link.group(5));
        Optional<LinkState> state =
                List.of(LinkState.values()).stream()
                        .filter(each -> each.name().equals(link.group(3)))
                        .findFirst();
        if (state.isEmpty() || low >= high) {
            return false;
        }
        edges.add(
                new Edge(
                        low,
                        high,
                        state.get(),
                        Math.max(there, back),
                        Optional.empty(),
                        Optional.empty()));
        put(graph, low, high, there);
        put(graph, high, low, back);
        return true;
    }

    private static void put(Map<Integer, Map<Integer, Integer>> graph, int from, int to, int cost) {
        if (cost > 0) {
            graph.computeIfAbsent(from, _ -> new HashMap<>()).put(to, cost);
        }
    }

    private static Optional<MeshMap> map(
            int self,
            List<Member> members,
            List<Edge> edges,
            Map<Integer, Map<Integer, Integer>> graph) {
        var ids = new HashSet<Integer>();
        var draining = new HashSet<Integer>();
        for (Member each : members) {
            if (each.id() < 1 || each.id() > LinkPorts.MAX_CONTROLLERS || !ids.add(each.id())) {
                return Optional.empty();
            }
            if (each.draining()) {
                draining.add(each.id());
            }
        }
        boolean known =
                ids.contains(self)
                        && edges.stream()
                                .allMatch(each ->
                                        ids.contains(each.low()) && ids.contains(each.high()));
        return known
                ? Optional.of(new MeshMap(self, 0, members, edges, graph, draining))
                : Optional.empty();
    }
}
