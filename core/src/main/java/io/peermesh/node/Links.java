package io.peermesh.node;

import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.TopologyKeys;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.Entropy;
import io.peermesh.session.Dialect;
import io.peermesh.session.SessionMachine;
import io.peermesh.session.SessionPolicy;
import io.peermesh.session.SessionPorts;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.ControlMessage.Goodbye;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The links of a node, one per configured peer. */
final class Links {
    private final Env env;
    private final PeerLink.Env linkEnv;
    private final Map<Integer, PeerLink> byId = new TreeMap<>();
    private final Map<Integer, PublicKey> publicKeys = new HashMap<>();
    private long formerlyMalformed;

    /** What links need to be made. */
    record Env(
            Dialect dialect,
            Identity self,
            TopologyKeys keys,
            SessionPorts ports,
            Entropy entropy,
            Deadlines deadlines) {}

    Links(Env env, PeerLink.Env linkEnv) {
        this.env = env;
        this.linkEnv = linkEnv;
    }

    /** The links by peer; a view that follows the configuration. */
    Map<Integer, PeerLink> byId() {
        return Collections.unmodifiableMap(byId);
    }

    /** Adds and removes links; those that did not change go on. */
    void configure(Desired desired, long nowNanos) {
        Map<Integer, Desired.Peer> wanted = desired.peers();
        for (PeerLink link : List.copyOf(byId.values())) {
            Desired.Peer peer = wanted.get(link.peerId);
            if (peer == null) {
                link.sayGoodbye(Goodbye.Cause.UNPEERED);
                remove(link, "the peer was removed", nowNanos);
            } else if (!link.fits(peer)) {
                remove(link, "its MTU was changed", nowNanos); // comes back at once, as another
            }
        }
        new TreeMap<>(wanted)
                .forEach((id, peer) -> {
                    PeerLink link = byId.get(id);
                    if (link == null) {
                        link = make(id, peer, desired, nowNanos);
                        byId.put(id, link);
                    } else {
                        link.reconfigure(peer, desired.probes(), nowNanos);
                    }
                    env.deadlines().reschedule(link);
                });
    }

    private PeerLink make(int id, Desired.Peer peer, Desired desired, long nowNanos) {
        var tunnel =
                new Tunnel(
                        Tunnel.Kind.LINK,
                        id,
                        desired.controllers().getOrDefault(id, IpAddress.UNSPECIFIED),
                        /* socket= */ id,
                        peer.innerMtuBytes());
        var machine =
                new SessionMachine(
                        tunnel,
                        env.dialect(),
                        env.self(),
                        publicKey(id),
                        env.keys().linkPresharedKey(linkEnv.selfId(), id),
                        SessionPolicy.LINK,
                        env.ports());
        return new PeerLink(linkEnv, tunnel, machine, peer, desired.probes(), streamId(), nowNanos);
    }

    private PublicKey publicKey(int id) {
        return publicKeys.computeIfAbsent(id, _ -> Identity.of(env.keys().linkKey(id)).publicKey());
    }

    private long streamId() {
        long id = 0;
        while (id == 0) {
            id = ((long) env.entropy().nextInt() << 32) ^ env.entropy().nextInt();
        }
        return id;
    }

    private void remove(PeerLink link, String cause, long nowNanos) {
        env.deadlines().cancel(link);
        link.stop(cause, nowNanos);
        formerlyMalformed += link.malformed();
        byId.remove(link.peerId);
    }

    /** The machine of the peer with this key, if the socket is its own. */
    Optional<SessionMachine> find(int socket, PublicKey key) {
        return of(socket).filter(_ -> publicKey(socket).equals(key)).map(link -> link.machine);
    }

    Optional<PeerLink> of(int peerId) {
        return Optional.ofNullable(byId.get(peerId));
    }

    /** The link of this very tunnel; empty when the tunnel is that of a former link. */
    Optional<PeerLink> of(Tunnel tunnel) {
        return tunnel.kind == Tunnel.Kind.LINK
                ? of(tunnel.id).filter(link -> link.tunnel == tunnel)
                : Optional.empty();
    }

    void flush(long nowNanos) {
        for (PeerLink link : byId.values()) {
            link.flush(nowNanos);
            env.deadlines().reschedule(link);
        }
    }

    /** Control messages that made no sense, those of former links included. */
    long malformed() {
        return formerlyMalformed + byId.values().stream().mapToLong(PeerLink::malformed).sum();
    }

    /** Ends all links. */
    void stop(Goodbye.Cause cause, long nowNanos) {
        for (PeerLink link : byId.values()) {
            link.sayGoodbye(cause);
            link.stop("this controller stops", nowNanos);
        }
    }
}
