package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.ip.Ipv4Header;
import io.peermesh.ip.Ipv6Header;
import io.peermesh.ip.TcpHeader;
import io.peermesh.ip.UdpHeader;
import io.peermesh.port.Datagrams;
import io.peermesh.session.Tunnel;
import java.lang.foreign.Arena;

/**
 * A super-packet under construction: consecutive TCP segments of one connection, or equal UDP
 * datagrams of one flow, of which only the first keeps its headers. The kernel can take it apart
 * again into the same packets, which is the rule for what may join.
 *
 * <pre>
 *  | room for virtio header | IP | TCP/UDP | payload 1 | payload 2 | ... | payload n, maybe shorter |
 * </pre>
 */
final class OpenFlow {
    private static final int MAX_PACKET_BYTES = 65535;
    private static final int PUSH_OR_NOT = TcpHeader.ACK | TcpHeader.PSH;

    private static final int MAX_HEADER_BYTES = 40 + 60;
    private static final int MAX_PADDING_BYTES = 15;

    private final long packet;
    private final long saved;
    private final Packet view = new Packet();

    private int packets; // 0 while the slot is free
    private int bytes;
    private int headerBytes; // IP and TCP or UDP
    private int gsoSize;
    private int nextSequence;
    private int ports;
    private boolean complete;

    OpenFlow(Arena memory) {
        long base = Mem.allocate(memory, TunWriter.HEADROOM_BYTES + MAX_PACKET_BYTES + 1L);
        this.packet = base + TunWriter.HEADROOM_BYTES;
        this.saved = Mem.allocate(memory, MAX_HEADER_BYTES);
    }

    /** Whether a TCP or UDP packet is of the kind that can be joined at all. */
    static boolean isJoinable(Packet candidate) {
        boolean options = candidate.v4 && candidate.headerBytes != Ipv4Header.MIN_BYTES;
        if (options || payloadBytes(candidate) <= 0) {
            return false;
        }
        if (candidate.protocol == Ipv4Header.UDP) {
            return candidate.unfilled || UdpHeader.checksum(candidate.l4()) != 0;
        }
        return (TcpHeader.flags(candidate.l4()) | TcpHeader.PSH) == PUSH_OR_NOT;
    }

    private static int payloadBytes(Packet candidate) {
        return candidate.l4Bytes() - l4HeaderBytes(candidate);
    }

    static int l4HeaderBytes(Packet candidate) {
        return candidate.protocol == Ipv4Header.TCP
                ? TcpHeader.headerBytes(candidate.l4())
                : UdpHeader.BYTES;
    }

    boolean isFree() {
        return packets == 0;
    }

    /** Whether nothing more can join. */
    boolean isComplete() {
        return complete;
    }

    /** Whether the packet is of this flow, joinable or not. */
    boolean isOf(Packet candidate) {
        return packets > 0
                && Mem.i32Be(candidate.l4()) == ports
                && candidate.sourceLo == view.sourceLo
                && candidate.destinationLo == view.destinationLo
                && candidate.protocol == view.protocol
                && candidate.v4 == view.v4
                && candidate.sourceHi == view.sourceHi
                && candidate.destinationHi == view.destinationHi;
    }

    /** Begins with a copy of a joinable packet. */
    void open(Packet first) {
        Mem.copy(first.address, packet, first.bytes);
        view.copyFrom(first);
        view.address = packet;
        packets = 1;
        bytes = first.bytes;
        ports = Mem.i32Be(first.l4());
        headerBytes = first.headerBytes + l4HeaderBytes(first);
        gsoSize = bytes - headerBytes;
        complete = bytes + gsoSize > MAX_PACKET_BYTES;
        if (first.protocol == Ipv4Header.TCP) {
            nextSequence = TcpHeader.sequence(first.l4()) + gsoSize;
            complete |= pushOf(first);
        }
    }

    /** Whether a joinable packet {@link #isOf} this flow may come next. */
    boolean accepts(Packet candidate) {
        int payload = candidate.bytes - headerBytes;
        return !complete
                && payload > 0
                && payload <= gsoSize
                && bytes + payload <= MAX_PACKET_BYTES
                && sameIp(candidate)
                && (candidate.protocol == Ipv4Header.UDP || sameTcp(candidate));
    }

    private boolean sameIp(Packet candidate) {
        long at = candidate.address;
        if (!candidate.v4) {
            return Mem.i32Be(at) == Mem.i32Be(packet)
                    && Ipv6Header.hopLimit(at) == Ipv6Header.hopLimit(packet);
        }
        int expectedId = Ipv4Header.identification(packet) + packets & 0xffff;
        return Mem.u16Be(at) == Mem.u16Be(packet)
                && Ipv4Header.fragmentField(at) == Ipv4Header.fragmentField(packet)
                && Ipv4Header.ttl(at) == Ipv4Header.ttl(packet)
                && (Ipv4Header.dontFragment(at) || Ipv4Header.identification(at) == expectedId);
    }

    private boolean sameTcp(Packet candidate) {
        long its = candidate.l4();
        long ours = packet + candidate.headerBytes;
        int tcpBytes = headerBytes - candidate.headerBytes;
        return TcpHeader.sequence(its) == nextSequence
                && TcpHeader.headerBytes(its) == tcpBytes
                && TcpHeader.acknowledgment(its) == TcpHeader.acknowledgment(ours)
                && TcpHeader.window(its) == TcpHeader.window(ours)
                && sameUrgentAndOptions(its, ours, tcpBytes);
    }

    private static boolean sameUrgentAndOptions(long its, long ours, int tcpBytes) {
        if (Mem.u16Be(its + 18) != Mem.u16Be(ours + 18)) {
            return false;
        }
        for (int i = TcpHeader.MIN_BYTES; i < tcpBytes; i += 4) {
            if (Mem.i32Be(its + i) != Mem.i32Be(ours + i)) {
                return false;
            }
        }
        return true;
    }

    /** Adds a copy of the payload of a packet that {@link #accepts} said yes to. */
    void append(Packet candidate) {
        int payload = candidate.bytes - headerBytes;
        Mem.copy(candidate.address + headerBytes, packet + bytes, payload);
        grow(payload, pushOf(candidate));
    }

    /**
     * Where a packet has to be opened so that its payload comes to stand where it belongs, if it is
     * the next of this flow; its headers then cover the end of what is here, until {@link #adopt}
     * or {@link #restore}. Without a cipher, a segment of 1380 bytes takes 48 ns this way, and 61
     * ns with a copy.
     *
     * @return 0 when it cannot be the next
     */
    long reserve(Tunnel from, int plainBytes) {
        int payload = plainBytes - headerBytes;
        if (packets == 0
                || complete
                || view.from != from
                || payload <= 0
                || payload > gsoSize + MAX_PADDING_BYTES
                || bytes + payload > MAX_PACKET_BYTES) {
            return 0;
        }
        long at = packet + bytes - headerBytes;
        Mem.copy(at, saved, headerBytes);
        return at;
    }

    /** Adds a packet that stands where {@link #reserve} said, and that {@link #accepts}. */
    void adopt(Packet candidate) {
        boolean push = pushOf(candidate);
        restore();
        grow(candidate.bytes - headerBytes, push);
    }

    private static boolean pushOf(Packet candidate) {
        return candidate.protocol == Ipv4Header.TCP
                && (TcpHeader.flags(candidate.l4()) & TcpHeader.PSH) != 0;
    }

    /** Puts back what was covered. */
    void restore() {
        Mem.copy(saved, packet + bytes - headerBytes, headerBytes);
    }

    private void grow(int payload, boolean push) {
        bytes += payload;
        packets++;
        complete = push || payload < gsoSize || bytes + gsoSize > MAX_PACKET_BYTES;
        if (view.protocol == Ipv4Header.UDP) {
            complete |= packets == Datagrams.MAX_SEND_SEGMENTS; // the kernel's limit as well
            return;
        }
        nextSequence += payload;
        if (push) {
            TcpHeader.flags(view.l4(), PUSH_OR_NOT);
        }
    }

    /** Completes the headers; the virtio header stands before {@link #address} afterwards. */
    void finish() {
        long header = packet - VirtioHeader.BYTES;
        if (packets == 1) {
            TunWriter.writeHeader(view);
            return;
        }
        view.bytes = bytes;
        if (view.protocol == Ipv4Header.UDP) {
            UdpHeader.length(view.l4(), view.l4Bytes());
        }
        if (view.v4) {
            Ipv4Header.totalLength(packet, bytes);
            Ipv4Header.sum(packet);
        } else {
            Ipv6Header.totalLength(packet, bytes);
        }
        view.putPseudoSum();
        VirtioHeader.writeUnfilled(header, view.headerBytes, view.checksumOffset());
        VirtioHeader.addSegmentation(header, gsoType(), headerBytes, gsoSize);
    }

    private int gsoType() {
        if (view.protocol == Ipv4Header.UDP) {
            return VirtioHeader.GSO_UDP_L4;
        }
        return view.v4 ? VirtioHeader.GSO_TCPV4 : VirtioHeader.GSO_TCPV6;
    }

    long address() {
        return packet;
    }

    int bytes() {
        return bytes;
    }

    int packets() {
        return packets;
    }

    void release() {
        packets = 0;
    }
}
