package io.peermesh.forward;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.ip.PrefixTable;
import io.peermesh.session.Tunnel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forwarding table in force, and the questions that the path asks of it. */
final class Routes {
    private static final Fib EMPTY =
            new Fib(
                    PrefixTable.of(Map.of()),
                    Prefix.host(IpAddress.UNSPECIFIED),
                    IpAddress.UNSPECIFIED,
                    Paths.NONE);

    private Fib fib = EMPTY;

    void publish(Fib newFib) {
        fib = newFib;
    }

    IpAddress self() {
        return fib.self();
    }

    /** Where this packet goes; null when nowhere. */
    @Nullable NextHop of(Packet packet) {
        return fib.routes().lookup(packet.destinationHi, packet.destinationLo);
    }

    /** The link that the packet takes to a controller, noted in the packet; null for none. */
    @Nullable Tunnel towards(NextHop.Towards hop, Packet packet) {
        Paths paths = fib.paths();
        packet.visited |= paths.selfBit();
        return paths.choose(hop.controllerId(), packet);
    }

    /** Whether there is any path to a controller, for whatever packet. */
    boolean leadTo(NextHop.Towards hop) {
        return fib.paths().leadTo(hop.controllerId());
    }

    /**
     * Whether a packet that is to be delivered here is for this controller: its overlay address, or
     * the one that every controller answers to. The rest is for a subnet behind it.
     */
    boolean isForSelf(Packet packet) {
        return fib.overlay().contains(packet.destinationHi, packet.destinationLo);
    }

    /**
     * Whether the tunnel may use the packet's source address: a client only its own; a link what is
     * known to be elsewhere, reachable or not, but nothing that is ours or a client's of ours; a
     * gateway the same, where gateways take the place of links.
     */
    boolean mayComeFrom(Tunnel tunnel, Packet packet) {
        if (tunnel.kind == Tunnel.Kind.CLIENT) {
            return packet.sourceLo == tunnel.overlayAddress.lo()
                    && packet.sourceHi == tunnel.overlayAddress.hi();
        }
        NextHop back = fib.routes().lookup(packet.sourceHi, packet.sourceLo);
        return switch (back) {
            case null -> false;
            case NextHop.Local local -> false;
            case NextHop.Via via -> via.tunnel().kind == tunnel.kind; // of gateways only
            case NextHop.Towards towards -> tunnel.kind == Tunnel.Kind.LINK;
            case NextHop.Unreachable unreachable -> true;
        };
    }
}
