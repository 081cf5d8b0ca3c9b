package io.peermesh.node;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.replication.SharedEntry;
import java.util.List;

/** What the node tells the outside: events worth recording and showing. */
public sealed interface Report {
    /** A peer link came up. */
    record LinkUp(int peerId, long rttNanos) implements Report {}

    /** A peer link went down; {@code silentNanos} since the peer was last heard. */
    record LinkDown(int peerId, String cause, long silentNanos) implements Report {}

    /** A peer's handshake was refused, for a reason that the operator must act on. */
    record PeerRefused(int peerId, String reason) implements Report {}

    /** A client connected here. */
    record ClientUp(IpAddress client, Endpoint endpoint) implements Report {}

    /** Peers have newer topology-wide state; store it, then configure the node with it. */
    record SharedChanged(List<SharedEntry> entries) implements Report {}

    /** A client's session ended here: silent for too long, moved, or disabled. */
    record ClientDown(IpAddress client, String cause) implements Report {}
}
