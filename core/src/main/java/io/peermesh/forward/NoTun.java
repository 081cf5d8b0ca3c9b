package io.peermesh.forward;

import io.peermesh.ip.IcmpError;
import io.peermesh.session.Tunnel;

/**
 * Stands in for the kernel where there is no TUN: answers pings to our own overlay address and the
 * virtual one, and tells every other sender that nobody is there.
 */
final class NoTun implements Local {
    private final Counters counters;
    private final Routes routes;
    private final Icmp icmp;

    NoTun(Counters counters, Routes routes, Icmp icmp) {
        this.counters = counters;
        this.routes = routes;
        this.icmp = icmp;
    }

    @Override
    public void deliver(Packet packet, long nowNanos) {
        boolean forSelf = routes.isForSelf(packet);
        if (forSelf && icmp.answerEcho(packet, nowNanos)) {
            return;
        }
        counters.drop(DropReason.NO_TUN);
        icmp.error(
                forSelf ? IcmpError.Cause.PORT_UNREACHABLE : IcmpError.Cause.HOST_UNREACHABLE,
                packet,
                nowNanos);
    }

    @Override
    public long reserve(Tunnel from, int plainBytes) {
        return 0;
    }

    @Override
    public boolean join(Packet packet) {
        return false;
    }

    @Override
    public void cancel() {}

    @Override
    public void flush() {}
}
