package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.ip.Ipv4Header;
import io.peermesh.ip.Ipv6Header;
import io.peermesh.ip.TcpHeader;
import io.peermesh.ip.UdpHeader;
import io.peermesh.session.Tunnel;
import java.lang.foreign.Arena;

/**
 * Takes super-packets of the kernel (TSO, USO) apart. No payload is copied: the header of each
 * piece is written over the end of the piece before, which is sealed by then.
 *
 * <pre>
 *   | IP TCP | payload 1        | payload 2        | payload 3 |
 *   | IP TCP | payload 1        |                                  first sealed, then
 *                      | IP TCP | payload 2        |               second, and so on
 * </pre>
 */
final class Splitter {
    private static final int MAX_HEADER_BYTES = 128;
    private static final int ONLY_LAST = TcpHeader.FIN | TcpHeader.PSH;
    private static final int ONLY_FIRST = TcpHeader.CWR;

    private final Outbound outbound;
    private final Fragmenter fragmenter;
    private final long header;

    Splitter(Outbound outbound, Fragmenter fragmenter, Arena memory) {
        this.outbound = outbound;
        this.fragmenter = fragmenter;
        this.header = Mem.allocate(memory, MAX_HEADER_BYTES);
    }

    /**
     * Sends the pieces of a TCP or UDP super-packet, which is destroyed by that.
     *
     * @param gsoSize payload of each piece but the last, at least 1
     */
    void send(Packet whole, int gsoSize, Tunnel to, long nowNanos) {
        long start = whole.address;
        int headerBytes = whole.headerBytes + OpenFlow.l4HeaderBytes(whole);
        int payloadBytes = whole.bytes - headerBytes;
        Mem.copy(start, header, headerBytes);
        int number = 0;
        for (int offset = 0; offset < payloadBytes; offset += gsoSize) {
            int pieceBytes = Math.min(gsoSize, payloadBytes - offset);
            boolean last = offset + pieceBytes == payloadBytes;
            whole.address = start + offset;
            whole.bytes = headerBytes + pieceBytes;
            whole.unfilled = true;
            Mem.copy(header, whole.address, headerBytes);
            writeIp(whole, number);
            writeL4(whole, offset, last);
            sendPiece(whole, to, nowNanos);
            number++;
        }
    }

    private static void writeIp(Packet piece, int number) {
        if (!piece.v4) {
            Ipv6Header.totalLength(piece.address, piece.bytes);
            return;
        }
        Ipv4Header.totalLength(piece.address, piece.bytes);
        Ipv4Header.identification(piece.address, Ipv4Header.identification(piece.address) + number);
        Ipv4Header.sum(piece.address);
    }

    private static void writeL4(Packet piece, int offset, boolean last) {
        long l4 = piece.l4();
        if (piece.protocol == Ipv4Header.UDP) {
            UdpHeader.length(l4, piece.l4Bytes());
        } else {
            int flags = TcpHeader.flags(l4);
            flags = last ? flags : flags & ~ONLY_LAST;
            flags = offset == 0 ? flags : flags & ~ONLY_FIRST;
            TcpHeader.flags(l4, flags);
            TcpHeader.sequence(l4, TcpHeader.sequence(l4) + offset);
        }
        piece.putPseudoSum();
    }

    /** A piece larger than the MTU may be cut: who must not be was refused as a whole. */
    private void sendPiece(Packet piece, Tunnel to, long nowNanos) {
        if (piece.bytes <= to.innerMtuBytes) {
            outbound.send(piece, to, TrafficPath.FROM_LOCAL, nowNanos);
        } else {
            fragmenter.send(piece, to, nowNanos);
        }
    }
}
