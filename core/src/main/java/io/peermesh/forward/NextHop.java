package io.peermesh.forward;

import io.peermesh.session.Tunnel;

/** Where the packets of a prefix go. */
public sealed interface NextHop {
    /** To this controller's own kernel, through the TUN (or to core itself where there is none). */
    record Local() implements NextHop {}

    /** Into a tunnel: a client of ours, or the link towards the controller that has it. */
    record Via(Tunnel tunnel) implements NextHop {}

    /** Known, but not reachable now: answered with ICMP host unreachable. */
    record Unreachable() implements NextHop {}
}
