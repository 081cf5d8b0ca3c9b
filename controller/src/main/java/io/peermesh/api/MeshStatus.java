package io.peermesh.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answer of {@code GET /api/mesh/v1/status}: everything that runs, as seen from one controller.
 *
 * @param running whether license, keyset and own id are there, so that the mesh runs
 * @param consistency {@code equal}, {@code catching up}, {@code differs} or {@code unknown}: the
 *     topology checksums compared
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record MeshStatus(
        Self controller,
        Keyset keyset,
        boolean running,
        String consistency,
        List<Link> links,
        List<Client> clients,
        List<Controller> controllers,
        List<Subnet> subnets,
        DataPlane dataPlane,
        Refusals refusals,
        Drain drain) {

    /** The controller that answers. */
    public record Self(
            String version,
            String controllerName,
            String topologyName,
            Optional<String> topologyChecksum,
            boolean licensed,
            Optional<Integer> id,
            Optional<String> overlayAddress,
            String underlayAddress) {}

    /**
     * The keyset.
     *
     * @param failure why the last attempt to get one failed
     */
    public record Keyset(
            boolean present,
            boolean inProgress,
            Optional<String> createdAt,
            Optional<String> checksum,
            Optional<String> failure) {}

    /**
     * A peer link. Ages and round-trip time are absent while unknown.
     *
     * @param state {@code resolving}, {@code connecting}, {@code up}, {@code down}, {@code refused}
     * @param reason why it is not up; empty when it is
     * @param name of the peer as configured
     * @param endpoint where its datagrams come from
     * @param localPort UDP port that must be open here, for the peer
     * @param remotePort UDP port that must be open there, for us
     * @param loss of probes, 0..1
     * @param cipher empty without keys
     */
    public record Link(
            int peerId,
            String state,
            String reason,
            String name,
            Optional<String> endpoint,
            int localPort,
            int remotePort,
            Optional<Long> rttMicros,
            double loss,
            Optional<Long> lastHandshakeSecondsAgo,
            Optional<Long> lastReceivedMillisAgo,
            String cipher,
            long sentPackets,
            long sentBytes,
            long receivedPackets,
            long receivedBytes) {}

    /**
     * A connected client, at whichever controller.
     *
     * @param owner id of the controller that it is connected to
     * @param address its outer address; empty until known
     */
    public record Client(
            String overlayAddress,
            int owner,
            String address,
            Map<String, String> tags,
            Optional<Long> lastHandshakeSecondsAgo,
            long sentBytes,
            long receivedBytes) {}

    /** Another controller. */
    public record Controller(
            int id, boolean reachable, Optional<String> topologyChecksum, boolean sameTopology) {}

    /** A subnet that a controller advertises; {@code chosen} when packets go there. */
    public record Subnet(String cidr, int controllerId, boolean local, boolean chosen) {}

    /**
     * The packet path.
     *
     * @param drops packets and datagrams dropped since the start, by reason; zeros are left out
     * @param problems what the operator should see to, in words
     */
    public record DataPlane(
            List<Feature> features, Map<String, Long> drops, List<String> problems) {}

    /**
     * How often a limit or a check said no since the mesh was configured.
     *
     * @param clientHandshakes by reason, on the clients' port; zeros are left out
     * @param linkHandshakes by reason, on the ports of the links; zeros are left out
     * @param handshakesDropped handshake messages that found the queue full
     * @param controlMessagesMalformed control messages of peers that made no sense
     * @param recordsRefused records of peers that did not fit the tables
     */
    public record Refusals(
            Map<String, Long> clientHandshakes,
            Map<String, Long> linkHandshakes,
            long handshakesDropped,
            long controlMessagesMalformed,
            long recordsRefused) {}

    /** Something that was probed at start. */
    public record Feature(String name, boolean inUse, String detail) {}
}
