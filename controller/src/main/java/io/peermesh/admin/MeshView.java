package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.node.NodeStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the mesh does now, as seen from this controller; empty lists while it runs none.
 *
 * @param running whether license, keyset and own id are there, so that the mesh runs
 * @param consistency in words: {@code equal}, {@code catching up}, {@code differs}, {@code unknown}
 */
public record MeshView(
        boolean running,
        List<NodeStatus.Link> links,
        List<Client> clients,
        List<Subnet> subnets,
        List<Controller> controllers,
        String consistency) {
    /** Copies the lists. */
    public MeshView {
        links = List.copyOf(links);
        clients = List.copyOf(clients);
        subnets = List.copyOf(subnets);
        controllers = List.copyOf(controllers);
    }

    /**
     * A connected client, wherever in the mesh.
     *
     * @param owner id of the controller that it is connected to
     * @param address its outer address; empty until known
     */
    public record Client(
            IpAddress overlayAddress, int owner, String address, Map<String, String> tags) {
        /** Copies the tags. */
        public Client {
            tags = Map.copyOf(tags);
        }
    }

    /** A subnet that a controller advertises; {@code chosen} when packets go there. */
    public record Subnet(Prefix prefix, int controllerId, boolean local, boolean chosen) {}

    /** Another controller as the mesh knows it; the checksum is empty until heard. */
    public record Controller(
            int id, boolean reachable, Optional<String> topologyChecksum, boolean sameTopology) {}
}
