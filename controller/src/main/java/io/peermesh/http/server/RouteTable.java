package io.peermesh.http.server;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which handler answers which method and path: a tree of path segments. A literal segment wins over
 * a {@code {parameter}}; empty segments do not count, so trailing slashes make no difference.
 * Filled at start, then only read.
 */
public final class RouteTable {
    /** What stands in the table for a method and a path. */
    public sealed interface Match {
        /** A route, and the parts of the path that filled its parameters. */
        record Found(Route route, Map<String, String> parameters) implements Match {}

        /** The path exists, with other methods. */
        record OtherMethods(SortedSet<String> methods) implements Match {}

        /** There is no such path. */
        record Unknown() implements Match {}
    }

    /** Stands for all methods. */
    public static final String ANY_METHOD = "*";

    private static final String ANY_REST = "**";

    private final Node root = new Node();

    /** Adds a route that needs a credential. */
    public RouteTable add(String method, String path, Route.Handler handler) {
        return add(method, path, new Route(Route.Access.AUTHENTICATED, handler));
    }

    /** Adds a route; a second one for the same method and path is a bug. */
    public RouteTable add(String method, String path, Route route) {
        Node node = root;
        for (String segment : segments(path)) {
            node = node.child(segment);
        }
        if (node.routes.putIfAbsent(method, route) != null) {
            throw new IllegalStateException("two routes for " + method + " " + path);
        }
        return this;
    }

    /** Looks up. HEAD is answered by GET's handler, the server leaves the body out. */
    public Match match(String method, String path) {
        var parameters = new LinkedHashMap<String, String>();
        Node node = root.find(segments(path), 0, parameters);
        if (node == null) {
            return new Match.Unknown();
        }
        Route route = node.routes.get(method.equals("HEAD") ? "GET" : method);
        if (route == null) {
            route = node.routes.get(ANY_METHOD);
        }
        return route == null
                ? new Match.OtherMethods(new TreeSet<>(node.routes.keySet()))
                : new Match.Found(route, parameters);
    }

    private static List<String> segments(String path) {
        return Stream.of(path.split("/", -1)).filter(segment -> !segment.isEmpty()).toList();
    }

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final Map<String, Node> parameters = new TreeMap<>();
        final Map<String, Route> routes = new TreeMap<>();

        Node child(String segment) {
            boolean parameter = segment.startsWith("{") && segment.endsWith("}");
            return parameter
                    ? parameters.computeIfAbsent(
                            segment.substring(1, segment.length() - 1), _ -> new Node())
                    : literals.computeIfAbsent(segment, _ -> new Node());
        }

        @Nullable Node find(List<String> segments, int index, Map<String, String> filled) {
            Node rest = literals.get(ANY_REST);
            if (index == segments.size()) {
                return routes.isEmpty() ? rest : this;
            }
            String segment = segments.get(index);
            Node literal = literals.get(segment);
            Node found = literal == null ? null : literal.find(segments, index + 1, filled);
            if (found != null) {
                return found;
            }
            for (Map.Entry<String, Node> parameter : parameters.entrySet()) {
                found = parameter.getValue().find(segments, index + 1, filled);
                if (found != null) {
                    filled.put(parameter.getKey(), segment);
                    return found;
                }
            }
            return rest;
        }
    }
}
