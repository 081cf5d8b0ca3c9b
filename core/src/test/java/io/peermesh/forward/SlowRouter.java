package io.peermesh.forward;

import static io.peermesh.forward.Packets.u16;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.session.Tunnel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullUnmarked;

/**
 * The obviously right twin of the path from tunnel to tunnel: heap arrays, one packet at a time, no
 * state. Knows IPv4 only.
 */
@NullUnmarked // a test's twin; absent results are null
final class SlowRouter {
    private final Map<Prefix, NextHop> routes;
    private final Map<Integer, Paths.Way> ways;

    SlowRouter(Map<Prefix, NextHop> routes, Map<Integer, Paths.Way> ways) {
        this.routes = routes;
        this.ways = ways;
    }

    /** One datagram that shall leave: its plain text, padding included, and where it has been. */
    record Leaving(Tunnel to, int flags, Set<Integer> visited, byte[] plain) {}

    /** What becomes of a packet: dropped for a reason or not, and what leaves in either case. */
    record Outcome(DropReason reason, List<Leaving> leaving) {}

    Outcome route(Tunnel from, int flags, Set<Integer> visitedBefore, byte[] plain) {
        byte[] packet = parse(plain);
        if (packet == null || (flags == 1 && !mayBeUnfilled(packet))) {
            return new Outcome(DropReason.MALFORMED_PACKET, List.of());
        }
        if (!mayComeFrom(from, packet)) {
            return new Outcome(DropReason.SPOOFED_SOURCE, List.of());
        }
        NextHop hop = lookup(address(packet, 16));
        if (hop == null) {
            return refused(DropReason.NO_ROUTE, packet, 3, 0, 0);
        }
        if (hop instanceof NextHop.Unreachable) {
            return refused(DropReason.UNREACHABLE, packet, 3, 1, 0);
        }
        Set<Integer> visited = new TreeSet<>(visitedBefore);
        visited.add(Lab.SELF_ID);
        if (from.kind == Tunnel.Kind.LINK) {
            visited.add(from.id);
        }
        if (hop instanceof NextHop.Towards towards && !ways.containsKey(towards.controllerId())) {
            return refused(DropReason.UNREACHABLE, packet, 3, 1, 0);
        }
        Tunnel to = tunnel(hop, visited, packet);
        if (to == null) {
            return new Outcome(DropReason.ROUTING_LOOP, List.of());
        }
        if (to == from) {
            return new Outcome(DropReason.HAIRPIN, List.of());
        }
        if ((packet[8] & 255) <= 1) {
            return refused(DropReason.TTL_EXCEEDED, packet, 11, 0, 0);
        }
        boolean tooBig = packet.length > to.innerMtuBytes;
        if (tooBig && (packet[6] & 0x40) != 0) {
            return refused(DropReason.TOO_BIG, packet, 3, 4, to.innerMtuBytes);
        }
        byte[] next = Packets.oneHopLess(packet);
        boolean completes = flags == 1 && (to.kind == Tunnel.Kind.CLIENT || tooBig);
        if (completes) {
            Packets.fillChecksum(next);
        }
        return new Outcome(
                null,
                tooBig
                        ? fragments(next, to, visited)
                        : List.of(inPlace(to, completes ? 0 : flags, visited, next, plain.length)));
    }

    /** The flow's own primary, else the next one that was not visited; null for none. */
    private Tunnel tunnel(NextHop hop, Set<Integer> visited, byte[] packet) {
        if (hop instanceof NextHop.Via via) {
            return via.tunnel();
        }
        int target = ((NextHop.Towards) hop).controllerId();
        Paths.Way way = ways.get(target);
        if (way == null || visited.contains(target)) {
            return null;
        }
        List<Tunnel> order = new ArrayList<>(way.primaries());
        if (order.size() > 1) {
            Collections.rotate(order, -share(packet, order.size()));
        }
        order.addAll(way.alternates());
        return order.stream()
                .filter(tunnel -> !visited.contains(tunnel.id))
                .findFirst()
                .orElse(null);
    }

    /** The flow's number, from what RFC 2992 calls the header fields, as {@link Packet} mixes. */
    private static int share(byte[] packet, int parts) {
        boolean fragment = (u16(packet, 6) & 0x3fff) != 0;
        boolean ports = (packet[9] == 6 || packet[9] == 17) && packet.length >= 24;
        long mixed = 0xffff_0000_0000L | Integer.toUnsignedLong(Packets.i32(packet, 12));
        mixed =
                mixed * 31 * 31
                        + (0xffff_0000_0000L | Integer.toUnsignedLong(Packets.i32(packet, 16)));
        mixed = mixed * 31 + (packet[9] & 255);
        mixed = ports && !fragment ? mixed * 31 + Packets.i32(packet, 20) : mixed;
        mixed = (mixed ^ (long) Lab.SELF_ID << 48) * 0x9e37_79b9_7f4a_7c15L;
        mixed = (mixed ^ mixed >>> 32) * 0xd6e8_feb8_6659_fd93L;
        return (int) (((mixed >>> 32) * parts) >>> 32);
    }

    private static byte[] parse(byte[] plain) {
        if (plain.length < 20 || plain[0] != 0x45) {
            return null; // this twin's packets have no options
        }
        int total = u16(plain, 2);
        byte[] header = Arrays.copyOf(plain, 20);
        return total < 20 || total > plain.length || Packets.sum(header, 0) != 0xffff
                ? null
                : Arrays.copyOf(plain, total);
    }

    private static boolean mayBeUnfilled(byte[] packet) {
        int l4 = packet.length - 20;
        if ((u16(packet, 6) & 0x3fff) != 0) {
            return false;
        }
        return switch (packet[9]) {
            case 6 -> l4 >= 20 && (packet[32] >>> 4 & 15) >= 5 && (packet[32] >>> 4 & 15) * 4 <= l4;
            case 17 -> l4 >= 8 && u16(packet, 24) == l4;
            default -> false;
        };
    }

    private boolean mayComeFrom(Tunnel from, byte[] packet) {
        IpAddress source = address(packet, 12);
        if (from.kind == Tunnel.Kind.CLIENT) {
            return source.equals(from.overlayAddress);
        }
        NextHop back = lookup(source);
        return back instanceof NextHop.Unreachable || back instanceof NextHop.Towards;
    }

    private NextHop lookup(IpAddress address) {
        return routes.entrySet().stream()
                .filter(entry -> entry.getKey().contains(address))
                .max((a, b) -> Integer.compare(a.getKey().bits(), b.getKey().bits()))
                .map(Map.Entry::getValue)
                .orElse(null);
    }

    private static IpAddress address(byte[] packet, int at) {
        return IpAddress.v4(Packets.i32(packet, at));
    }

    private static Leaving inPlace(
            Tunnel to, int flags, Set<Integer> visited, byte[] packet, int plainBytes) {
        int padding = plainBytes - packet.length;
        int length = padding < 16 ? plainBytes : roundUp(packet.length);
        int limited = Math.min(length, Math.max(packet.length, to.innerMtuBytes));
        return new Leaving(to, flags, told(visited, to), Arrays.copyOf(packet, limited));
    }

    /** Clients are told nothing. */
    private static Set<Integer> told(Set<Integer> visited, Tunnel to) {
        return to.kind == Tunnel.Kind.LINK ? visited : Set.of();
    }

    private static Leaving padded(Tunnel to, Set<Integer> visited, byte[] packet) {
        int limited = Math.min(roundUp(packet.length), Math.max(packet.length, to.innerMtuBytes));
        return new Leaving(to, 0, told(visited, to), Arrays.copyOf(packet, limited));
    }

    private static int roundUp(int bytes) {
        return (bytes + 15) / 16 * 16;
    }

    private static List<Leaving> fragments(byte[] packet, Tunnel to, Set<Integer> visited) {
        List<Leaving> list = new ArrayList<>();
        int room = (to.innerMtuBytes - 20) / 8 * 8;
        int field = u16(packet, 6);
        for (int at = 0; at < packet.length - 20; at += room) {
            int length = Math.min(room, packet.length - 20 - at);
            byte[] piece = Arrays.copyOf(packet, 20 + length);
            System.arraycopy(packet, 20 + at, piece, 20, length);
            boolean last = at + length == packet.length - 20;
            Packets.put16(piece, 2, piece.length);
            int more = last || (field & 0x2000) != 0 ? 0 : 0x2000;
            Packets.put16(piece, 6, field + at / 8 + more);
            Packets.fixHeader(piece);
            list.add(padded(to, visited, piece));
        }
        return list;
    }

    /** The ICMP error, where RFC 1812 wants one, on its way back. */
    private Outcome refused(DropReason reason, byte[] packet, int type, int code, int mtu) {
        boolean error = packet[9] == 1 && (packet.length <= 20 || isError(packet[20]));
        boolean laterFragment = (u16(packet, 6) & 0x1fff) != 0;
        NextHop back = lookup(address(packet, 12));
        boolean leads = back instanceof NextHop.Via || back instanceof NextHop.Towards;
        if (error || laterFragment || !leads) {
            return new Outcome(reason, List.of());
        }
        int quoted = Math.min(packet.length, 576 - 28);
        ByteBuffer icmp = ByteBuffer.allocate(8 + quoted);
        icmp.put((byte) type).put((byte) code).putShort((short) 0).putInt(mtu);
        icmp.put(packet, 0, quoted);
        byte[] answer =
                Packets.raw(
                        Lab.SELF.toString(),
                        address(packet, 12).toString(),
                        64,
                        0x4000,
                        0,
                        1,
                        icmp.array());
        answer[1] = (byte) 0xc0;
        Packets.fixHeader(answer);
        Packets.fillChecksum(answer);
        Tunnel to = tunnel(back, Set.of(Lab.SELF_ID), answer);
        return new Outcome(
                reason, to == null ? List.of() : List.of(padded(to, Set.of(Lab.SELF_ID), answer)));
    }

    private static boolean isError(byte type) {
        return type != 0 && (type < 8 || type > 18 || type == 11 || type == 12);
    }
}
