package io.peermesh.node;

import io.peermesh.crypto.Keyset;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.replication.SharedEntry;
import io.peermesh.wire.LinkPorts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The configuration that a controller's node shall carry out, whole: a change is a new one.
 *
 * @param installation names this installation; survives restarts
 * @param selfId own controller id, 1..10
 * @param keyset the topology's secret material
 * @param overlay the overlay subnet
 * @param controllers overlay address of every licensed controller, by id; ours among them
 * @param virtualAddress the address that every controller answers to, for "the own controller"
 * @param peers the peers that are configured, by controller id
 * @param clients the clientpacks that may connect
 * @param advertised subnets behind this controller that the mesh shall know
 * @param clientEndpoint HOST:PORT where clients reach this controller; told to the peers
 * @param shared the topology-wide state as stored here; newer entries of peers are reported
 * @param topologyChecksum 20 bytes as 40 hex digits; told to the peers for comparison
 * @param load how many clients this controller shall have
 * @param probes how often links are probed, so how soon a silent one is noticed
 */
public record Desired(
        UUID installation,
        int selfId,
        Keyset keyset,
        Prefix overlay,
        Map<Integer, IpAddress> controllers,
        Optional<IpAddress> virtualAddress,
        Map<Integer, Peer> peers,
        List<Client> clients,
        List<Prefix> advertised,
        String clientEndpoint,
        List<SharedEntry> shared,
        String topologyChecksum,
        Load load,
        ProbeProfile probes) {

    /** Copies the collections; checks that this controller has an id and an address. */
    public Desired {
        if (selfId < 1 || selfId > LinkPorts.MAX_CONTROLLERS || !controllers.containsKey(selfId)) {
            throw new IllegalArgumentException(
                    "controller " + selfId + " is not among the controllers of the license");
        }
        controllers = Map.copyOf(controllers);
        peers = Map.copyOf(peers);
        clients = List.copyOf(clients);
        advertised = List.copyOf(advertised);
        shared = List.copyOf(shared);
    }

    /** A configuration with the usual probes. */
    public Desired(
            UUID installation,
            int selfId,
            Keyset keyset,
            Prefix overlay,
            Map<Integer, IpAddress> controllers,
            Optional<IpAddress> virtualAddress,
            Map<Integer, Peer> peers,
            List<Client> clients,
            List<Prefix> advertised,
            String clientEndpoint,
            List<SharedEntry> shared,
            String topologyChecksum,
            Load load) {
        this(
                installation,
                selfId,
                keyset,
                overlay,
                controllers,
                virtualAddress,
                peers,
                clients,
                advertised,
                clientEndpoint,
                shared,
                topologyChecksum,
                load,
                ProbeProfile.FAST);
    }

    /**
     * How many clients a controller shall have.
     *
     * @param draining hand every client over and take none, and carry nothing for others where
     *     there is another way
     * @param weight this controller's share compared to the others', 1..{@link #MAX_WEIGHT}
     * @param movesPerMinute how many clients it may hand over in a minute when it has more than its
     *     share; 0 for none. A drain has its own pace
     */
    public record Load(boolean draining, int weight, int movesPerMinute) {
        /** The largest share. */
        public static final int MAX_WEIGHT = 100;

        /** The fastest sharing. */
        public static final int MAX_MOVES_PER_MINUTE = 600;

        /** An equal share of the clients, handed over slowly when it is exceeded. */
        public static final Load NORMAL = new Load(false, 10, 60);

        /** Checks the ranges. */
        public Load {
            if (weight < 1 || weight > MAX_WEIGHT) {
                throw new IllegalArgumentException(
                        "the weight is 1 to " + MAX_WEIGHT + ", not " + weight);
            }
            if (movesPerMinute < 0 || movesPerMinute > MAX_MOVES_PER_MINUTE) {
                throw new IllegalArgumentException(
                        "clients handed over in a minute are 0 to %d, not %d"
                                .formatted(MAX_MOVES_PER_MINUTE, movesPerMinute));
            }
        }
    }

    /**
     * A configured peer.
     *
     * @param host IPv4, IPv6 or DNS name as configured, for messages to people
     * @param address where to send handshakes; empty while the name does not resolve. The port
     *     follows from {@link io.peermesh.wire.LinkPorts}
     * @param innerMtuBytes the largest packet inside the link
     */
    public record Peer(String host, Optional<IpAddress> address, int innerMtuBytes) {}

    /**
     * A clientpack that may connect.
     *
     * @param sequentialId 1 for the first pack of the topology
     * @param overlayAddress its one IPv4 address
     * @param packGeneration raised when the pack is regenerated
     * @param innerMtuBytes the MTU in the pack
     */
    public record Client(
            int sequentialId, IpAddress overlayAddress, int packGeneration, int innerMtuBytes) {}
}
