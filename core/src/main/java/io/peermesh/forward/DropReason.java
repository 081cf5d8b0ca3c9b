package io.peermesh.forward;

/** Why a packet or datagram went no further. Each has a counter; names are part of the metrics. */
public enum DropReason {
    /** A datagram shorter than any message, or with an unknown type or reserved bits set. */
    MALFORMED_DATAGRAM,
    /** A transport message for an index that we did not give out. */
    UNKNOWN_INDEX,
    /** Arrived on another socket than its session's. */
    WRONG_SOCKET,
    /** The tag is wrong. */
    NOT_AUTHENTIC,
    /** The counter was received before, or is too old to tell. */
    REPLAYED,
    /** The keys are older than allowed. */
    EXPIRED_KEYS,
    /** Not a well-formed IP packet. */
    MALFORMED_PACKET,
    /** A source address that this tunnel may not use. */
    SPOOFED_SOURCE,
    /** No route to the destination. */
    NO_ROUTE,
    /** The destination is known and not reachable now. */
    UNREACHABLE,
    /** Would leave by the tunnel that it came from, or a client would forward for its gateway. */
    HAIRPIN,
    /** Every way to its destination leads over a controller that it has passed already. */
    ROUTING_LOOP,
    /** The link is silent on purpose, for a failover drill. */
    MUTED,
    /** TTL or hop limit reached zero. */
    TTL_EXCEEDED,
    /** Larger than the next hop's MTU, and must not be fragmented. */
    TOO_BIG,
    /** No keys for the next hop, and the waiting room is full. */
    NO_SESSION,
    /** The socket did not take it. */
    SEND_FAILED,
    /** The TUN did not take it. */
    TUN_WRITE_FAILED,
    /** For this controller itself, which has no TUN. */
    NO_TUN,
    /** For a client that may be somebody else's now, see {@link Guard}. */
    HELD_BACK,
    /** Too many datagrams of one source that bear another controller's index. */
    RELAY_LIMITED,
    /** The queue to the control side is full. */
    CONTROL_QUEUE_FULL,
    /** An ICMP error that was due, and left out to keep the rate limit. */
    ICMP_RATE_LIMITED
}
