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
 * @param recordsRefused records of peers that did not fit the tables, or are not of this topology
 */
public record NodeCounters(
        Map<Refusal, Long> clientHandshakesRefused,
        Map<Refusal, Long> linkHandshakesRefused,
        long handshakesDropped,
        long controlMessagesMalformed,
        long recordsRefused) {
    /** A node without configuration. */
    public static final NodeCounters NONE = new NodeCounters(Map.of(), Map.of(), 0, 0, 0);

    /** Copies the maps. */
    public NodeCounters {
        clientHandshakesRefused = Map.copyOf(clientHandshakesRefused);
        linkHandshakesRefused = Map.copyOf(linkHandshakesRefused);
    }
}
