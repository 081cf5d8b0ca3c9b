package io.peermesh.node;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * What the node does now, an immutable view for status pages. Times are monotonic nanoseconds of
 * the same clock as {@code nowNanos}.
 *
 * @param nowNanos when this was taken
 * @param links one per configured peer, by id
 * @param clients every client known to be connected anywhere, by overlay address
 * @param routes subnets advertised by any controller, ours included
 * @param controllers what each other controller that was heard of tells of itself
 * @param drain present while this controller drains
 */
public record NodeStatus(
        long nowNanos,
        List<Link> links,
        List<Client> clients,
        List<Route> routes,
        List<Controller> controllers,
        Optional<Drain> drain) {
    /** Copies the collections. */
    public NodeStatus {
        links = List.copyOf(links);
        clients = List.copyOf(clients);
        routes = List.copyOf(routes);
        controllers = List.copyOf(controllers);
    }

    /**
     * How far a drain is.
     *
     * @param clientsLeft connected here still
     * @param stranded of these, how many no other controller could reach
     * @param obstacle why it is not safe to stop, in words for the operator; empty when it is
     */
    public record Drain(int clientsLeft, int stranded, String obstacle) {
        /** Whether this controller may be stopped without anybody noticing. */
        public boolean isSafeToStop() {
            return obstacle.isEmpty();
        }
    }

    /** State of a peer link as an operator reads it. */
    public enum LinkState {
        /** The peer's name does not resolve (yet). */
        RESOLVING,
        /** No authentic answer from the peer. */
        CONNECTING,
        /** Probes are answered: the link carries traffic. */
        UP,
        /**
         * Probes are answered, but it went down too often lately: it carries traffic only where
         * nothing else leads, until it has answered for long enough.
         */
        HELD,
        /** It was up, and the peer has fallen silent. */
        DOWN,
        /** The peer answered, and was refused; the reason says why. */
        REFUSED
    }

    /**
     * One peer link.
     *
     * @param reason why it is not up, in words for the operator; empty when it is
     * @param rttNanos smoothed round-trip time; 0 while unknown
     * @param loss part of the last 100 probes that stayed unanswered, 0..1
     * @param health how steady it is
     * @param lastHandshakeNanos when keys were last agreed; {@code Long.MIN_VALUE} for never
     * @param cipher the transport cipher in use, empty without keys
     */
    public record Link(
            int peerId,
            LinkState state,
            String reason,
            Optional<Endpoint> endpoint,
            long rttNanos,
            double loss,
            Health health,
            long lastHandshakeNanos,
            long lastReceivedNanos,
            String cipher,
            long sentPackets,
            long sentBytes,
            long receivedPackets,
            long receivedBytes) {}

    /**
     * How steady a link is.
     *
     * @param jitterNanos mean deviation of the round-trip time
     * @param lossOutward part of the last 100 probes that did not reach the peer, 0..1
     * @param lossInward part of the answers that did not come back, 0..1
     * @param holdNanos how long it must go on answering before it is used like any other; 0 if it
     *     is
     * @param flaps how often it went down lately
     */
    public record Health(
            long jitterNanos, double lossOutward, double lossInward, long holdNanos, int flaps) {
        /** Of a link that nothing is known about. */
        public static final Health UNKNOWN = new Health(0, 0, 0, 0, 0);
    }

    /**
     * One connected client.
     *
     * @param owner controller id that it is connected to
     * @param endpoint its outer address as the owner sees it; empty until known
     * @param lastHandshakeNanos at this controller; {@code Long.MIN_VALUE} when it is elsewhere
     * @param epoch of its ownership: higher with each move
     */
    public record Client(
            IpAddress overlayAddress,
            int owner,
            Optional<Endpoint> endpoint,
            long lastHandshakeNanos,
            long lastReceivedNanos,
            long sentBytes,
            long receivedBytes,
            long epoch) {}

    /**
     * An advertised subnet and the controller that has it; {@code chosen} when packets go there.
     */
    public record Route(Prefix prefix, int controllerId, boolean chosen) {}

    /** What another controller tells of itself, and whether it can be reached now. */
    public record Controller(
            int id, String topologyChecksum, String clientEndpoint, boolean reachable) {}
}
