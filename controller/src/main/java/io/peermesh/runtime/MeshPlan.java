package io.peermesh.runtime;

import io.peermesh.crypto.Keyset;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.node.Desired;
import io.peermesh.replication.SharedEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a controller is configured to do, with peers by name: {@link io.peermesh.node.Desired}
 * before name resolution.
 *
 * @param installation names this installation; survives restarts
 * @param selfId own controller id, 1..10
 * @param keyset the topology's secret material
 * @param overlay the overlay subnet
 * @param controllers overlay address of every licensed controller, by id
 * @param virtualAddress the address that every controller answers to, for "the own controller"
 * @param peers configured peers by controller id
 * @param clients the clientpacks that may connect
 * @param advertised subnets behind this controller that the mesh shall know
 * @param clientEndpoint HOST:PORT where clients reach this controller
 * @param shared the topology-wide state as stored
 * @param topologyChecksum 40 hex digits
 * @param localRoutes routes for this machine's own kernel
 * @param load how many clients this controller shall have
 * @param probes how often its links are probed
 */
public record MeshPlan(
        UUID installation,
        int selfId,
        Keyset keyset,
        Prefix overlay,
        Map<Integer, IpAddress> controllers,
        IpAddress virtualAddress,
        Map<Integer, PeerAddress> peers,
        List<Desired.Client> clients,
        List<Prefix> advertised,
        String clientEndpoint,
        List<SharedEntry> shared,
        String topologyChecksum,
        LocalRoutes localRoutes,
        Desired.Load load,
        ProbeProfile probes) {
    /** Copies the collections. */
    public MeshPlan {
        controllers = Map.copyOf(controllers);
        peers = Map.copyOf(peers);
        clients = List.copyOf(clients);
        advertised = List.copyOf(advertised);
        shared = List.copyOf(shared);
    }

    /**
     * Routes for the kernel of this machine.
     *
     * @param wanted to be set
     * @param former that may be there still from a time before, and shall not be
     */
    public record LocalRoutes(List<LocalRoute> wanted, List<LocalRoute> former) {
        /** None at all. */
        public static final LocalRoutes NONE = new LocalRoutes(List.of(), List.of());

        /** Copies the lists. */
        public LocalRoutes {
            wanted = List.copyOf(wanted);
            former = List.copyOf(former);
        }
    }

    /**
     * A route for the kernel of this machine.
     *
     * @param id names it in {@link Mesh#routeProblems}
     * @param gateway empty for a network that is on the interface itself
     * @param interfaceName empty lets the kernel choose by the gateway
     */
    public record LocalRoute(
            int id, Prefix prefix, Optional<IpAddress> gateway, String interfaceName, int metric) {}

    /**
     * Where a peer is.
     *
     * @param host IPv4, IPv6 or DNS name
     * @param outerMtuBytes the API's overlay_mtu: the size of the outer packet
     */
    public record PeerAddress(String host, int outerMtuBytes) {}
}
