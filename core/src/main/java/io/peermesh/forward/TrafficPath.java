package io.peermesh.forward;

/** The ways that a packet takes through a controller. Names are part of the metrics. */
public enum TrafficPath {
    /** Out of one tunnel and into another, in place. */
    EXPRESS,
    /** Out of a tunnel and into the TUN. A joined super-packet counts once per packet in it. */
    TO_LOCAL,
    /** Out of the TUN and into a tunnel. A split super-packet counts once per packet made of it. */
    FROM_LOCAL,
    /** Fragments that core made of packets larger than the next hop's MTU. */
    FRAGMENT,
    /** Datagrams of clients that another controller has to open, inside links. */
    RELAYED,
    /** ICMP that core itself wrote: errors, and echo replies where there is no TUN. */
    OWN
}
