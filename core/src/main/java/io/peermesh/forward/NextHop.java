package io.peermesh.forward;

import io.peermesh.session.Tunnel;

/** Where the packets of a prefix go. */
public sealed interface NextHop {
    /** To this controller's own kernel, through the TUN (or to core itself where there is none). */
    record Local() implements NextHop {}

    /** To a client of ours, or as a client to our gateway, by its tunnel. */
    record Via(Tunnel tunnel) implements NextHop {
        /** Checks that it is no link: packets to other controllers go by {@link Paths} only. */
        public Via {
            if (tunnel.kind == Tunnel.Kind.LINK) {
                throw new IllegalArgumentException(tunnel + " is a link");
            }
        }
    }

    /**
     * To another controller, by whichever of the {@link Paths} is in force.
     *
     * @param controllerId 1..10
     */
    record Towards(int controllerId) implements NextHop {}

    /** Known, but not reachable now: answered with ICMP host unreachable. */
    record Unreachable() implements NextHop {}
}
