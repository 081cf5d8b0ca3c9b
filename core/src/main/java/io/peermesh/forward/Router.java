package io.peermesh.forward;

import io.peermesh.ip.IcmpError;
import io.peermesh.session.Tunnel;

/** Decides what becomes of a packet that came out of a tunnel (RFC 1812 §5). */
final class Router {
    private final Counters counters;
    private final Routes routes;
    private final ExpressLane express;
    private final Fragmenter fragmenter;
    private final Icmp icmp;
    private final Local local;

    Router(
            Counters counters,
            Routes routes,
            ExpressLane express,
            Fragmenter fragmenter,
            Icmp icmp,
            Local local) {
        this.counters = counters;
        this.routes = routes;
        this.express = express;
        this.fragmenter = fragmenter;
        this.icmp = icmp;
        this.local = local;
    }

    /** Routes a packet that stands in the receive buffer where it was opened. */
    void route(Packet packet, Tunnel from, long nowNanos) {
        if (!routes.mayComeFrom(from, packet, nowNanos)) {
            counters.drop(DropReason.SPOOFED_SOURCE);
            return;
        }
        NextHop hop = routes.of(packet);
        switch (hop) {
            case null -> refuse(DropReason.NO_ROUTE, IcmpError.Cause.NO_ROUTE, packet, nowNanos);
            case NextHop.Unreachable unreachable ->
                    refuse(
                            DropReason.UNREACHABLE,
                            IcmpError.Cause.HOST_UNREACHABLE,
                            packet,
                            nowNanos);
            case NextHop.Local here -> local.deliver(packet, nowNanos);
            case NextHop.Via via -> {
                if (via.tunnel() == from || from.kind == Tunnel.Kind.GATEWAY) {
                    counters.drop(DropReason.HAIRPIN);
                } else {
                    forward(packet, via.tunnel(), nowNanos);
                }
            }
            case NextHop.Towards towards -> forward(packet, towards, nowNanos);
        }
    }

    private void forward(Packet packet, NextHop.Towards towards, long nowNanos) {
        Tunnel to = routes.towards(towards, packet);
        if (to != null) {
            forward(packet, to, nowNanos);
        } else if (routes.leadTo(towards)) {
            counters.drop(DropReason.ROUTING_LOOP); // of tables that do not agree yet: no ICMP
        } else {
            IcmpError.Cause cause = IcmpError.Cause.HOST_UNREACHABLE;
            refuse(DropReason.UNREACHABLE, cause, packet, nowNanos);
        }
    }

    private void forward(Packet packet, Tunnel to, long nowNanos) {
        if (packet.ttl() <= 1) {
            refuse(DropReason.TTL_EXCEEDED, IcmpError.Cause.TIME_EXCEEDED, packet, nowNanos);
            return;
        }
        boolean tooBig = packet.bytes > to.innerMtuBytes;
        if (tooBig && !packet.mayFragment()) {
            counters.drop(DropReason.TOO_BIG);
            icmp.tooBig(packet, to.innerMtuBytes, nowNanos);
            return;
        }
        packet.decrementTtl();
        if (!tooBig) {
            packet.clampMss(to.innerMtuBytes);
            express.forward(packet, to, nowNanos);
        } else if (!fragmenter.send(packet, to, nowNanos)) {
            counters.drop(DropReason.TOO_BIG);
        }
    }

    private void refuse(DropReason reason, IcmpError.Cause cause, Packet packet, long nowNanos) {
        counters.drop(reason);
        icmp.error(cause, packet, nowNanos);
    }
}
