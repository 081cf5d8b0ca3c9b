package io.peermesh.node;

import io.peermesh.session.Refusal;
import java.util.Map;

/**
 * How often a limit or a check said no since the node was configured for its topology.
 *
 * @param clientHandshakesRefused by reason, on the clients' port; a reason may be absent
 * @param linkHandshakesRefused by reason, on the ports of the links; a reason may be absent
 * @param handshakesDropped handshake messages that found the queue full
 * @param controlMessagesMalformed control messages of peers that made no sense
 * @param recordsRefused records of peers that did not fit the tables, are not of this topology, or
 *     bear a number that the clocks do not allow yet
 * @param clients what became of clients
 */
public record NodeCounters(
        Map<Refusal, Long> clientHandshakesRefused,
        Map<Refusal, Long> linkHandshakesRefused,
        long handshakesDropped,
        long controlMessagesMalformed,
        long recordsRefused,
        Moves clients) {
    /** A node without configuration. */
    public static final NodeCounters NONE =
            new NodeCounters(Map.of(), Map.of(), 0, 0, 0, Moves.NONE);

    /**
     * What became of clients.
     *
     * @param takenOver from a controller that could not be reached
     * @param handedOver to another controller, at our request
     * @param arrived from another controller, for whatever reason
     * @param yielded to a newer owner
     * @param takeOversFailed given up, since the client did not answer
     * @param absurdRecords not believed: further ahead than any honest clock
     */
    public record Moves(
            long takenOver,
            long handedOver,
            long arrived,
            long yielded,
            long takeOversFailed,
            long absurdRecords) {
        /** Nothing happened. */
        public static final Moves NONE = new Moves(0, 0, 0, 0, 0, 0);
    }

    /** Copies the maps. */
    public NodeCounters {
        clientHandshakesRefused = Map.copyOf(clientHandshakesRefused);
        linkHandshakesRefused = Map.copyOf(linkHandshakesRefused);
    }
}
