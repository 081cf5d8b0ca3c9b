package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.crypto.Identity;
import io.peermesh.crypto.JdkAeadProvider;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.replication.SharedMap;
import io.peermesh.routing.LinkStateDatabase;
import io.peermesh.session.Dialect;
import io.peermesh.session.IndexTable;
import io.peermesh.session.SessionMachine;
import io.peermesh.session.SessionPolicy;
import io.peermesh.session.SessionPorts;
import io.peermesh.session.Tunnel;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What exchanges records in one controller, without sessions, clock and network. */
final class Parts {
    final int id;
    final Effects effects = new Effects();
    final WallClock wallClock = new WallClock();
    final Databases databases;
    final Map<Integer, PeerLink> links = new TreeMap<>();
    final Flood flood;
    final Exchange exchange;
    final Clients clients;
    final Reach reach;

    /** Controller {@code id} with links to 1..{@code controllers} but itself. */
    Parts(Pipe pipe, int id, int controllers) {
        this.id = id;
        databases =
                new Databases(
                        new LinkStateDatabase(id, 1),
                        new OwnershipTable(id, Pipe.OVERLAY),
                        new SharedMap());
        wallClock.onWallClock(1_000 * Pipe.SECOND, 0);
        flood = new Flood(id, links.values());
        var self = Identity.of(pipe.keys.gatewayKey());
        var indices = new IndexTable(id, 16, pipe.random::nextBytes);
        var ports =
                new SessionPorts(
                        indices, new JdkAeadProvider(false), pipe.random::nextBytes, effects);
        for (int peer = 1; peer <= controllers; peer++) {
            if (peer != id) {
                links.put(peer, link(peer, self, ports));
            }
        }
        var clock = new MeshClock(wallClock);
        reach = new Reach(id);
        clients =
                new Clients(
                        new Clients.Env(
                                self,
                                pipe.keys,
                                ports,
                                effects,
                                clock,
                                reach,
                                Map::of,
                                _ -> TakeOver.Evidence.NONE,
                                new Deadlines(effects::initiations),
                                databases.ownership(),
                                flood,
                                () -> {}));
        exchange = new Exchange(databases, flood, clients, () -> {}, clock, effects);
    }

    private PeerLink link(int peer, Identity self, SessionPorts ports) {
        var tunnel = new Tunnel(Tunnel.Kind.LINK, peer, Pipe.overlay(peer), peer, 1420);
        return new PeerLink(
                new PeerLink.Env(id, effects, wallClock, databases, () -> {}),
                tunnel,
                new SessionMachine(
                        tunnel,
                        new Dialect.WireGuard(),
                        self,
                        self.publicKey(),
                        SessionMachine.noPresharedKey(),
                        SessionPolicy.LINK,
                        ports),
                new Desired.Peer("nowhere", Optional.empty(), 1420),
                ProbeProfile.FAST,
                1,
                0);
    }

    PeerLink link(int peer) {
        return Optional.ofNullable(links.get(peer)).orElseThrow();
    }
}
