package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.forward.DataCommand;
import io.peermesh.forward.Fib;
import io.peermesh.forward.NextHop;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.ip.PrefixTable;
import io.peermesh.routing.LinkStateDatabase;
import io.peermesh.routing.ShortestPaths;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * From link state to forwarding table. Changes only raise flags; {@link #settle} computes, at most
 * once per turn and at most once per interval, and publishes what differs.
 */
final class Routing {
    /** Tables are not made more often, so that a burst of changes costs one. */
    static final long FIB_INTERVAL_NANOS = 10_000_000L;

    /** And less often when they are large: one of 10,000 entries takes about 4 ms to make. */
    static final long FIB_INTERVAL_NANOS_PER_ENTRY = 4_000L;

    private final Effects effects;
    private final Databases databases;
    private final Flood flood;
    private final Clients clients;
    private final Map<Integer, PeerLink> links;

    private Desired desired;
    private ShortestPaths paths;
    private RouteChoice choice;
    private Map<Prefix, NextHop> published = Map.of();
    private boolean selfChanged = true;
    private boolean topologyChanged = true;
    private boolean routesChanged = true;
    private boolean everPublished;
    private long publishedNanos;

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
        this.paths = ShortestPaths.compute(desired.selfId(), Map.of());
        this.choice = RouteChoice.of(desired.selfId(), Map.of(), paths, desired.overlay());
    }

    void configure(Desired wanted) {
        desired = wanted;
        onSelfChanged();
    }

    /** What we advertise may have changed: a link, a subnet, the client endpoint. */
    void onSelfChanged() {
        selfChanged = true;
    }

    /** An advertisement changed. */
    void onTopologyChanged() {
        topologyChanged = true;
    }

    /** A client came or went, here or elsewhere. */
    void onRoutesChanged() {
        routesChanged = true;
    }

    /** Computes what has changed since the last call. */
    void settle(long nowNanos) {
        if (selfChanged) {
            selfChanged = false;
            advertise();
        }
        if (topologyChanged) {
            topologyChanged = false;
            computePaths(nowNanos);
        }
        if (routesChanged && dueNanos() <= nowNanos) {
            routesChanged = false;
            publish(nowNanos);
        }
    }

    /** When {@link #settle} has something to do. */
    long deadlineNanos() {
        return routesChanged ? dueNanos() : Deadlines.NONE;
    }

    private long dueNanos() {
        long interval = FIB_INTERVAL_NANOS + published.size() * FIB_INTERVAL_NANOS_PER_ENTRY;
        return everPublished ? publishedNanos + interval : Long.MIN_VALUE;
    }

    private void advertise() {
        var neighbors = new TreeMap<Integer, Integer>();
        links.forEach((id, link) -> {
            if (link.isUp()) {
                neighbors.put(id, link.cost());
            }
        });
        var own =
                new LinkStateDatabase.Own(
                        desired.topologyChecksum(),
                        desired.clientEndpoint(),
                        neighbors,
                        desired.advertised());
        databases.linkState().advertise(own).forEach(key -> flood.advertisement(key, Flood.TO_ALL));
        topologyChanged = true;
    }

    private void computePaths(long nowNanos) {
        LinkStateDatabase linkState = databases.linkState();
        paths = ShortestPaths.compute(desired.selfId(), linkState.graph());
        linkState.age(paths.all().keySet(), nowNanos);
        choice = RouteChoice.of(desired.selfId(), linkState.prefixes(), paths, desired.overlay());
        routesChanged = true;
    }

    private void publish(long nowNanos) {
        OwnershipTable ownership = databases.ownership();
        Map<Prefix, NextHop> routes =
                FibBuilder.build(desired, paths, links, choice, clients, ownership);
        publishedNanos = nowNanos;
        if (everPublished && routes.equals(published)) {
            return;
        }
        everPublished = true;
        published = routes;
        IpAddress self = Objects.requireNonNull(desired.controllers().get(desired.selfId()));
        var fib = new Fib(PrefixTable.of(routes), desired.overlay(), self);
        effects.command(new DataCommand.Publish(fib));
    }

    ShortestPaths paths() {
        return paths;
    }

    RouteChoice choice() {
        return choice;
    }
}
