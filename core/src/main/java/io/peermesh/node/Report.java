package io.peermesh.node;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.replication.SharedEntry;
import java.util.List;

/** What the node tells the outside: events worth recording and showing. */
public sealed interface Report {
    /**
     * A peer link is used from now on.
     *
     * @param downNanos since it went down; 0 for the first time
     * @param heldNanos of these, how long it has answered already and was held down
     */
    record LinkUp(int peerId, long rttNanos, long downNanos, long heldNanos) implements Report {}

    /**
     * A peer link went down.
     *
     * @param cause in words for the operator
     */
    record LinkDown(int peerId, LinkCause why, String cause, LinkEvidence evidence)
            implements Report {}

    /** Why a link went down. */
    enum LinkCause {
        /** Probes were not answered any more. */
        SILENCE,
        /** The network said that the peer cannot be reached, and quick probes found it so. */
        UNREACHABLE,
        /** The peer said goodbye. */
        GOODBYE,
        /** The peer's process is another one than before. */
        RESTART,
        /** The link was taken out of the configuration, or this controller stops. */
        CONFIGURATION
    }

    /**
     * What was known when a link went down.
     *
     * @param silentNanos from the last answer to the decision: the time to detect
     * @param lossOutward part of the last 100 probes that did not reach the peer, 0..1
     * @param lossInward part of the answers that did not come back, 0..1
     * @param repairNanos from the decision until other paths were published, on the node's clock,
     *     which stands still during a turn: 0 for the same turn
     * @param lostAtMost packets sealed for the peer since the last probe that was answered went
     *     out: an upper bound of the loss, our own probes included
     * @param holdNanos how long it will have to answer before it is used again
     */
    record LinkEvidence(
            long silentNanos,
            double lossOutward,
            double lossInward,
            long repairNanos,
            long lostAtMost,
            long holdNanos) {}

    /** A peer's handshake was refused, for a reason that the operator must act on. */
    record PeerRefused(int peerId, String reason) implements Report {}

    /** A client connected here. */
    record ClientUp(IpAddress client, Endpoint endpoint) implements Report {}

    /** Peers have newer topology-wide state; store it, then configure the node with it. */
    record SharedChanged(List<SharedEntry> entries) implements Report {}

    /** A client's session ended here: silent for too long, moved, or disabled. */
    record ClientDown(IpAddress client, String cause) implements Report {}

    /**
     * A client is connected here now that was connected to another controller; the new owner says
     * so.
     *
     * @param from its former owner, a controller id
     * @param silentNanos what was known of the former owner: how long ago it was last reachable
     * @param nanosToDetect from then until it was given up; 0 where it lives
     * @param nanosToMove from the decision until the client had proven its session here
     * @param lostAtMost packets, of all clients, sealed here for the link to the former owner since
     *     it was last heard: an upper bound of what was lost on this way
     */
    record ClientMoved(
            IpAddress client,
            int from,
            MoveCause cause,
            long silentNanos,
            long nanosToDetect,
            long nanosToMove,
            long lostAtMost)
            implements Report {}

    /** Why a client moved. */
    enum MoveCause {
        /** Its owner could not be reached any more, and we called the client. */
        TAKE_OVER,
        /** Its owner drains, and asked us to take it. */
        DRAIN,
        /** Its owner has more than its share, or an operator wants it here; it asked us to. */
        SHARING,
        /** It came by itself. */
        CLIENT
    }

    /** Nobody could reach the client of a controller that is gone; it has to call by itself. */
    record ClientUnreachable(IpAddress client, int owner, String cause) implements Report {}

    /** Two machines use one clientpack; the one that stays connected is {@code kept}. */
    record PackOnTwoMachines(IpAddress client, Endpoint kept, Endpoint refused) implements Report {}

    /**
     * An initiation of the client is older than its last one: its clock was set back, or somebody
     * repeats what it sent. After the former, the client's timestamp is to be reset.
     */
    record ClientClockBack(IpAddress client, Endpoint from, long secondsBehind) implements Report {}

    /** The clock of a controller and ours differ by more than what does no harm. */
    record ClocksDiffer(int peerId, long aheadNanos) implements Report {}

    /** No client is left here, and nobody needs us as transit: this controller may be stopped. */
    record Drained() implements Report {}
}
