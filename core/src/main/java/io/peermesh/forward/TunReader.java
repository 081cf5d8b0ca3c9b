package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.ip.Checksum;
import io.peermesh.ip.IcmpError;
import io.peermesh.port.Tun;
import io.peermesh.session.Tunnel;
import java.lang.foreign.Arena;

/**
 * Out of the TUN and into the tunnels. The kernel has routed these packets already, so their TTL is
 * as it should be; it may have joined them, and left their checksums to us.
 */
final class TunReader {
    private final Counters counters;
    private final Tun tun;
    private final Routes routes;
    private final Outbound outbound;
    private final Fragmenter fragmenter;
    private final Splitter splitter;
    private final Icmp icmp;
    private final long buffer;
    private final Packet packet = new Packet();

    TunReader(
            Counters counters,
            Tun tun,
            Routes routes,
            Outbound outbound,
            Fragmenter fragmenter,
            Icmp icmp,
            Arena memory) {
        this.counters = counters;
        this.tun = tun;
        this.routes = routes;
        this.outbound = outbound;
        this.fragmenter = fragmenter;
        this.splitter = new Splitter(outbound, fragmenter, memory);
        this.icmp = icmp;
        this.buffer = Mem.allocate(memory, Tun.MAX_BYTES + Outbound.SLACK_BYTES);
    }

    /** Reads until nothing waits or the limit is reached; whether there was anything. */
    boolean read(int maxPackets, long nowNanos) {
        int count = 0;
        while (count < maxPackets) {
            int bytes = tun.read(buffer);
            if (bytes <= 0) {
                break;
            }
            receive(bytes - VirtioHeader.BYTES, nowNanos);
            count++;
        }
        return count > 0;
    }

    private void receive(int bytes, long nowNanos) {
        long at = buffer + VirtioHeader.BYTES;
        int gsoType = bytes > 0 ? VirtioHeader.gsoType(buffer) : VirtioHeader.GSO_NONE;
        if (bytes <= 0
                || !packet.parse(at, bytes, /* origin= */ null)
                || !(gsoType == VirtioHeader.GSO_NONE ? readChecksumState() : isSuper(gsoType))) {
            counters.drop(DropReason.MALFORMED_PACKET);
            return;
        }
        int gsoSize = gsoType == VirtioHeader.GSO_NONE ? 0 : VirtioHeader.gsoSize(buffer);
        NextHop hop = routes.of(packet);
        switch (hop) {
            case null -> refuse(DropReason.NO_ROUTE, IcmpError.Cause.NO_ROUTE, nowNanos);
            case NextHop.Unreachable unreachable ->
                    refuse(DropReason.UNREACHABLE, IcmpError.Cause.HOST_UNREACHABLE, nowNanos);
            case NextHop.Local local -> counters.drop(DropReason.HAIRPIN);
            case NextHop.Via via -> forward(via.tunnel(), gsoSize, nowNanos);
            case NextHop.Towards towards -> {
                Tunnel to = routes.towards(towards, packet);
                if (to != null) {
                    forward(to, gsoSize, nowNanos);
                } else {
                    refuse(DropReason.UNREACHABLE, IcmpError.Cause.HOST_UNREACHABLE, nowNanos);
                }
            }
        }
    }

    /** Notes an unfilled checksum, or fills in one that the other side would not know to. */
    private boolean readChecksumState() {
        if (!VirtioHeader.needsChecksum(buffer)) {
            return true;
        }
        int start = VirtioHeader.checksumStart(buffer);
        int offset = VirtioHeader.checksumOffset(buffer);
        if ((packet.isTcp() || packet.isUdp())
                && start == packet.headerBytes
                && offset == packet.checksumOffset()) {
            packet.unfilled = true;
            return true;
        }
        if (start < packet.headerBytes || start + offset + 2 > packet.bytes) {
            return false;
        }
        Checksum.complete(packet.address, packet.bytes, start, offset);
        return true;
    }

    private boolean isSuper(int gsoType) {
        boolean matches =
                switch (gsoType) {
                    case VirtioHeader.GSO_TCPV4 -> packet.v4 && packet.isTcp();
                    case VirtioHeader.GSO_TCPV6 -> !packet.v4 && packet.isTcp();
                    case VirtioHeader.GSO_UDP_L4 -> packet.isUdp();
                    default -> false; // a number of the kernel's, not a type of ours
                };
        return matches
                && VirtioHeader.gsoSize(buffer) > 0
                && packet.l4Bytes() > OpenFlow.l4HeaderBytes(packet);
    }

    private void forward(Tunnel to, int gsoSize, long nowNanos) {
        int largest = packet.bytes;
        if (gsoSize > 0) {
            int headerBytes = packet.headerBytes + OpenFlow.l4HeaderBytes(packet);
            largest = Math.min(largest, headerBytes + gsoSize);
        }
        boolean tooBig = largest > to.innerMtuBytes;
        if (tooBig && !packet.mayFragment()) {
            counters.drop(DropReason.TOO_BIG);
            icmp.tooBig(packet, to.innerMtuBytes, nowNanos);
        } else if (gsoSize > 0) {
            splitter.send(packet, gsoSize, to, nowNanos);
        } else if (!tooBig) {
            packet.clampMss(to.innerMtuBytes);
            outbound.send(packet, to, TrafficPath.FROM_LOCAL, nowNanos);
        } else if (!fragmenter.send(packet, to, nowNanos)) {
            counters.drop(DropReason.TOO_BIG);
        }
    }

    private void refuse(DropReason reason, IcmpError.Cause cause, long nowNanos) {
        counters.drop(reason);
        icmp.error(cause, packet, nowNanos);
    }
}
