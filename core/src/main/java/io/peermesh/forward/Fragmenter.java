package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.ip.Ipv4Header;
import io.peermesh.session.Tunnel;
import java.lang.foreign.Arena;

/**
 * Cuts an IPv4 packet that a next hop is too small for, and that allows it, into fragments (RFC 791
 * §3.2). Nothing is copied but headers: each fragment's header is written over the end of the
 * fragment before, which is sealed by then.
 */
final class Fragmenter {
    private static final int MAX_HEADER_BYTES = 60;
    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_COPIED = 0x80;

    private final Outbound outbound;
    private final long header;
    private final long laterHeader;
    private final Packet piece = new Packet();

    Fragmenter(Outbound outbound, Arena memory) {
        this.outbound = outbound;
        this.header = Mem.allocate(memory, 2L * MAX_HEADER_BYTES);
        this.laterHeader = header + MAX_HEADER_BYTES;
    }

    /**
     * Sends the packet in pieces; it is destroyed by that.
     *
     * @return false when the MTU does not even take a header and eight bytes
     */
    boolean send(Packet packet, Tunnel to, long nowNanos) {
        int mtuBytes = to.innerMtuBytes;
        if (mtuBytes < packet.headerBytes + 8) {
            return false;
        }
        if (packet.unfilled) {
            packet.completeChecksum(); // a piece cannot be completed any more
        }
        int field = Ipv4Header.fragmentField(packet.address);
        Mem.copy(packet.address, header, packet.headerBytes);
        int laterBytes = writeLaterHeader(packet.headerBytes);
        int offset = 0;
        int payloadBytes = packet.l4Bytes();
        long payload = packet.l4();
        while (offset < payloadBytes) {
            int headerBytes = offset == 0 ? packet.headerBytes : laterBytes;
            int room = mtuBytes - headerBytes & ~7;
            int pieceBytes = Math.min(room, payloadBytes - offset);
            boolean last = offset + pieceBytes == payloadBytes;
            long at = payload + offset - headerBytes;
            Mem.copy(offset == 0 ? header : laterHeader, at, headerBytes);
            int more = last ? 0 : Ipv4Header.MORE_FRAGMENTS;
            finish(at, headerBytes + pieceBytes, (field | more) + offset / 8);
            sendPiece(at, headerBytes + pieceBytes, packet.visited, to, nowNanos);
            offset += pieceBytes;
        }
        return true;
    }

    private static void finish(long at, int bytes, int fragmentField) {
        Ipv4Header.totalLength(at, bytes);
        Mem.put16Be(at + 6, fragmentField);
        Ipv4Header.sum(at);
    }

    private void sendPiece(long at, int bytes, int visited, Tunnel to, long nowNanos) {
        if (!piece.parse(at, bytes, /* origin= */ null)) {
            throw new IllegalStateException("core wrote a malformed fragment");
        }
        piece.visited = visited;
        outbound.send(piece, to, TrafficPath.FRAGMENT, nowNanos);
    }

    /** Options are repeated in later fragments only where their copied flag says so (RFC 791). */
    private int writeLaterHeader(int headerBytes) {
        Mem.copy(header, laterHeader, Ipv4Header.MIN_BYTES);
        int to = Ipv4Header.MIN_BYTES;
        int at = Ipv4Header.MIN_BYTES;
        while (at < headerBytes) {
            int kind = Mem.u8(header + at);
            if (kind == OPTION_END) {
                break;
            }
            int length = kind == OPTION_NOP || at + 1 == headerBytes ? 1 : Mem.u8(header + at + 1);
            if (length < 1 || at + length > headerBytes) {
                break; // malformed from here on: not worth repeating
            }
            if ((kind & OPTION_COPIED) != 0) {
                Mem.copy(header + at, laterHeader + to, length);
                to += length;
            }
            at += length;
        }
        while ((to & 3) != 0) {
            Mem.put8(laterHeader + to++, OPTION_END);
        }
        Mem.put8(laterHeader, 0x40 | to / 4);
        return to;
    }
}
