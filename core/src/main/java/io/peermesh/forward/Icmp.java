package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.ip.IcmpError;
import io.peermesh.ip.IpAddress;
import io.peermesh.session.Tunnel;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * What core itself says to the sender of a packet: errors as a router owes them, at a limited rate,
 * and echo replies. They are routed like any packet.
 */
final class Icmp {
    private final Counters counters;
    private final Routes routes;
    private final Outbound outbound;
    private final Optional<TunWriter> tun;
    private final TokenBucket bucket;
    private final long buffer;
    private final Packet own = new Packet();

    Icmp(
            Counters counters,
            Routes routes,
            Outbound outbound,
            Optional<TunWriter> tun,
            ForwarderSettings settings,
            Arena memory) {
        this.counters = counters;
        this.routes = routes;
        this.outbound = outbound;
        this.tun = tun;
        this.bucket = new TokenBucket(settings.icmpErrorsPerSecond(), settings.icmpErrorBurst());
        long base =
                Mem.allocate(
                        memory,
                        TunWriter.HEADROOM_BYTES + IcmpError.MAX_BYTES + Outbound.SLACK_BYTES);
        this.buffer = base + TunWriter.HEADROOM_BYTES;
    }

    /** Tells the packet's sender why it goes no further, where RFC 1812 allows it. */
    void error(IcmpError.Cause cause, Packet packet, long nowNanos) {
        write(cause, 0, packet, nowNanos);
    }

    /** Tells the packet's sender how much the next hop takes. */
    void tooBig(Packet packet, int mtuBytes, long nowNanos) {
        write(IcmpError.Cause.TOO_BIG, mtuBytes, packet, nowNanos);
    }

    private void write(IcmpError.Cause cause, int mtuBytes, Packet packet, long nowNanos) {
        IpAddress self = routes.self();
        int bytes = IcmpError.write(cause, mtuBytes, packet.address, self.hi(), self.lo(), buffer);
        if (bytes == 0) {
            return;
        }
        if (!bucket.take(nowNanos)) {
            counters.drop(DropReason.ICMP_RATE_LIMITED);
            return;
        }
        route(buffer, bytes, nowNanos);
    }

    /**
     * Answers an echo request for our own address, writing over it.
     *
     * @return false when it is something else
     */
    boolean answerEcho(Packet packet, long nowNanos) {
        if (!IcmpError.toEchoReply(packet.address)) {
            return false;
        }
        route(packet.address, packet.bytes, nowNanos);
        return true;
    }

    private void route(long address, int bytes, long nowNanos) {
        if (!own.parse(address, bytes, /* origin= */ null)) {
            throw new IllegalStateException("core wrote a malformed ICMP message");
        }
        NextHop hop = routes.of(own);
        switch (hop) {
            case null -> {} // the sender's address leads nowhere: nobody to tell
            case NextHop.Unreachable unreachable -> {}
            case NextHop.Local local -> tun.ifPresent(writer -> writer.write(own));
            case NextHop.Via via -> outbound.send(own, via.tunnel(), TrafficPath.OWN, nowNanos);
            case NextHop.Towards towards -> {
                Tunnel to = routes.towards(towards, own);
                if (to != null) {
                    outbound.send(own, to, TrafficPath.OWN, nowNanos);
                }
            }
        }
    }
}
