package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.forward.DataCommand;
import io.peermesh.forward.Fib;
import io.peermesh.forward.NextHop;
import io.peermesh.forward.Paths;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.ip.PrefixTable;
import io.peermesh.routing.LinkStateDatabase;
import io.peermesh.routing.ShortestPaths;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.Payload.Load;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * From link state to forwarding table. Changes only raise flags; {@link #settle} computes, once per
 * turn, and publishes what differs:
 *
 * <pre>
 *   a link failed or returned --&gt; paths, published in the same turn
 *                             --&gt; advertisement, at most one in 10 ms
 *   a neighbor told something --&gt; paths, in the same turn
 *   a client or subnet moved  --&gt; routes, at most once per interval
 * </pre>
 *
 * <p>So a failed link is repaired here before anybody is told, whatever the number of clients.
 */
final class Routing {
    /** Routes are not made more often, so that a burst of changes costs one table. */
    static final long FIB_INTERVAL_NANOS = 10_000_000L;

    /** And less often when there are many: a table of 10,000 takes about 4 ms to make. */
    static final long FIB_INTERVAL_NANOS_PER_ENTRY = 4_000L;

    /** We tell of ourselves no more often, so that a link that flutters does not flood the mesh. */
    static final long ADVERTISE_INTERVAL_NANOS = 10_000_000L;

    /** What we tell is compared with what is so often, for the load: nobody is in a hurry. */
    static final long LOAD_INTERVAL_NANOS = 1_000_000_000L;

    private final Effects effects;
    private final Databases databases;
    private final Flood flood;
    private final Clients clients;
    private final Map<Integer, PeerLink> links;

    private Desired desired;
    private ShortestPaths paths;
    private RouteChoice choice;
    private Map<Prefix, NextHop> routes = Map.of();
    private Map<Integer, Paths.Way> ways = Map.of();
    private Optional<Fib> published = Optional.empty();
    private boolean selfChanged = true;
    private boolean topologyChanged = true;
    private boolean routesChanged = true;
    private boolean loadChanged;
    private long publishedNanos;
    private boolean everAdvertised;
    private long advertisedNanos;

    Routing(
            Effects effects,
            Databases databases,
            Flood flood,
            Clients clients,
            Map<Integer, PeerLink> links,
            Desired desired) {
        this.effects = effects;
        this.databases = databases;
        this.flood = flood;
        this.clients = clients;
        this.links = links;
        this.desired = desired;
        this.paths = ShortestPaths.compute(desired.selfId(), Map.of(), Set.of());
        this.choice = choice(paths, Set.of());
    }

    void configure(Desired wanted) {
        desired = wanted;
        onSelfChanged();
        onRoutesChanged();
    }

    /** What we advertise may have changed: a link, a subnet, the client endpoint. */
    void onSelfChanged() {
        selfChanged = true;
        topologyChanged = true;
    }

    /** An advertisement changed. */
    void onTopologyChanged() {
        topologyChanged = true;
    }

    /** A client came or went, here or elsewhere. */
    void onRoutesChanged() {
        routesChanged = true;
        loadChanged = true;
    }

    /** Computes what has changed since the last call. */
    void settle(long nowNanos) {
        if (topologyChanged) {
            topologyChanged = false;
            computePaths(nowNanos);
        }
        if (advertiseDueNanos() <= nowNanos) {
            advertise(nowNanos);
        }
        if (routesChanged && routesDueNanos() <= nowNanos) {
            routesChanged = false;
            publish(nowNanos);
        }
    }

    /** When {@link #settle} has something to do. */
    long deadlineNanos() {
        return Math.min(routesDueNanos(), advertiseDueNanos());
    }

    private long routesDueNanos() {
        if (!routesChanged) {
            return Deadlines.NONE;
        }
        long interval = FIB_INTERVAL_NANOS + routes.size() * FIB_INTERVAL_NANOS_PER_ENTRY;
        return published.isPresent() ? publishedNanos + interval : Long.MIN_VALUE;
    }

    private long advertiseDueNanos() {
        if (!everAdvertised) {
            return Long.MIN_VALUE;
        }
        long due = selfChanged ? advertisedNanos + ADVERTISE_INTERVAL_NANOS : Deadlines.NONE;
        return loadChanged ? Math.min(due, advertisedNanos + LOAD_INTERVAL_NANOS) : due;
    }

    private void advertise(long nowNanos) {
        selfChanged = false;
        loadChanged = false;
        everAdvertised = true;
        advertisedNanos = nowNanos;
        var own =
                new LinkStateDatabase.Own(
                        desired.topologyChecksum(),
                        desired.clientEndpoint(),
                        load(),
                        neighbors(),
                        desired.advertised());
        databases.linkState().advertise(own).forEach(key -> flood.advertisement(key, Flood.TO_ALL));
        choose();
    }

    private Load load() {
        int connected = (int) clients.all().stream().filter(client -> client.connected).count();
        Desired.Load wanted = desired.load();
        return new Load(wanted.draining(), Load.rounded(connected), wanted.weight());
    }

    private Map<Integer, Integer> neighbors() {
        var neighbors = new TreeMap<Integer, Integer>();
        links.forEach((id, link) -> {
            if (link.isUp()) {
                neighbors.put(id, link.cost());
            }
        });
        return neighbors;
    }

    // ---- paths

    /** Our own links count as they are now, whatever we have told of them. */
    private void computePaths(long nowNanos) {
        LinkStateDatabase linkState = databases.linkState();
        Map<Integer, Map<Integer, Integer>> graph = new HashMap<>(linkState.graph());
        graph.put(desired.selfId(), neighbors());
        paths = ShortestPaths.compute(desired.selfId(), graph, draining());
        linkState.age(paths.all().keySet(), nowNanos);
        publishPaths();
        choose();
    }

    private void choose() {
        RouteChoice now = choice(paths, draining());
        routesChanged |= !now.chosen().equals(choice.chosen());
        choice = now;
    }

    private Set<Integer> draining() {
        var draining = new HashSet<Integer>();
        databases
                .linkState()
                .loads()
                .forEach((id, load) -> {
                    if (load.draining()) {
                        draining.add(id);
                    }
                });
        draining.remove(desired.selfId());
        if (desired.load().draining()) {
            draining.add(desired.selfId());
        }
        return draining;
    }

    private RouteChoice choice(ShortestPaths by, Set<Integer> draining) {
        Map<Integer, List<Prefix>> advertised = databases.linkState().prefixes();
        return RouteChoice.of(desired.selfId(), advertised, by, draining, desired.overlay());
    }

    private void publishPaths() {
        Map<Integer, Paths.Way> now = ways();
        if (now.equals(ways)) {
            return;
        }
        ways = now;
        published = published.map(fib -> fib.withPaths(new Paths(desired.selfId(), ways)));
        published.ifPresent(fib -> effects.command(new DataCommand.Publish(fib)));
    }

    private Map<Integer, Paths.Way> ways() {
        var now = new HashMap<Integer, Paths.Way>();
        paths.all()
                .forEach((id, path) ->
                        now.put(
                                id,
                                new Paths.Way(
                                        tunnels(path.nextHops()), tunnels(path.alternates()))));
        return now;
    }

    private List<Tunnel> tunnels(List<Integer> neighbors) {
        return neighbors.stream()
                .map(links::get)
                .filter(Objects::nonNull)
                .map(link -> link.tunnel)
                .toList();
    }

    // ---- routes

    private void publish(long nowNanos) {
        OwnershipTable ownership = databases.ownership();
        Map<Prefix, NextHop> now = FibBuilder.build(desired, choice, clients, ownership);
        publishedNanos = nowNanos;
        clients.onRoutesPublished(); // what follows is told after this turn's commands
        if (published.isPresent() && now.equals(routes)) {
            return;
        }
        routes = now;
        IpAddress self = Objects.requireNonNull(desired.controllers().get(desired.selfId()));
        var newPaths = published.map(Fib::paths).orElse(new Paths(desired.selfId(), ways));
        var fib = new Fib(PrefixTable.of(routes), desired.overlay(), self, newPaths);
        published = Optional.of(fib);
        effects.command(new DataCommand.Publish(fib));
    }

    ShortestPaths paths() {
        return paths;
    }

    RouteChoice choice() {
        return choice;
    }
}
