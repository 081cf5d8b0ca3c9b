package io.peermesh.forward;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.ip.PrefixTable;
import io.peermesh.session.Activity;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.LinkPorts;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The forwarding table in force, and the questions that the path asks of it. */
final class Routes {
    private static final Fib EMPTY =
            new Fib(
                    PrefixTable.of(Map.of()),
                    Prefix.host(IpAddress.UNSPECIFIED),
                    IpAddress.UNSPECIFIED,
                    Paths.NONE);

    /** Around a move, packets of a client come by either way for this long. */
    static final long MOVING_NANOS = 2_000_000_000L;

    private static final NextHop.Towards[] TOWARDS =
            IntStream.rangeClosed(0, LinkPorts.MAX_CONTROLLERS)
                    .mapToObj(NextHop.Towards::new)
                    .toArray(NextHop.Towards[]::new);

    private Fib fib = EMPTY;

    void publish(Fib newFib) {
        fib = newFib;
    }

    IpAddress self() {
        return fib.self();
    }

    /** Where this packet goes; null when nowhere. */
    @Nullable NextHop of(Packet packet) {
        NextHop hop = fib.routes().lookup(packet.destinationHi, packet.destinationLo);
        return hop instanceof NextHop.Via via && via.tunnel().movedTo != 0
                ? TOWARDS[via.tunnel().movedTo]
                : hop;
    }

    int selfId() {
        return fib.paths().selfId();
    }

    /** The link towards a controller that does not lead where it was; null for none. */
    @Nullable Tunnel linkTo(int controllerId, int visited) {
        return fib.paths().first(controllerId, visited);
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

    private static boolean isMoving(Tunnel client, long nowNanos) {
        return client.movedTo != 0
                || (client.movedNanos != Activity.NEVER
                        && nowNanos - client.movedNanos < MOVING_NANOS);
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
     * known to be elsewhere, reachable or not, but nothing that is ours or a client's of ours,
     * unless that one has just moved; a gateway the same, where gateways take the place of links.
     */
    boolean mayComeFrom(Tunnel tunnel, Packet packet, long nowNanos) {
        if (tunnel.kind == Tunnel.Kind.CLIENT) {
            return packet.sourceLo == tunnel.overlayAddress.lo()
                    && packet.sourceHi == tunnel.overlayAddress.hi();
        }
        NextHop back = fib.routes().lookup(packet.sourceHi, packet.sourceLo);
        return switch (back) {
            case null -> false;
            case NextHop.Local local -> false;
            case NextHop.Via via -> // of gateways, or of a client that moves
                    via.tunnel().kind == tunnel.kind
                            || (tunnel.kind == Tunnel.Kind.LINK
                                    && isMoving(via.tunnel(), nowNanos));
            case NextHop.Towards towards -> tunnel.kind == Tunnel.Kind.LINK;
            case NextHop.Unreachable unreachable -> true;
        };
    }
}
