package io.peermesh.forward;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The kernel's side of the virtio header, slowly: what a super-packet stands for. */
final class Virtio {
    private Virtio() {}

    static byte[] unfilled(int start, int offset) {
        return header(1, 0, 0, 0, start, offset);
    }

    static byte[] header(
            int flags, int gsoType, int headerBytes, int gsoSize, int start, int offset) {
        return ByteBuffer.allocate(10)
                .order(ByteOrder.nativeOrder())
                .put((byte) flags)
                .put((byte) gsoType)
                .putShort((short) headerBytes)
                .putShort((short) gsoSize)
                .putShort((short) start)
                .putShort((short) offset)
                .array();
    }

    static byte[] join(byte[] header, byte[] packet) {
        byte[] both = Arrays.copyOf(header, header.length + packet.length);
        System.arraycopy(packet, 0, both, header.length, packet.length);
        return both;
    }

    /** The packets, checksums filled in, that a (super-)packet with its header stands for. */
    static List<byte[]> packets(byte[] headerAndPacket) {
        ByteBuffer header = ByteBuffer.wrap(headerAndPacket).order(ByteOrder.nativeOrder());
        boolean unfilled = (header.get(0) & 1) != 0;
        int gsoType = header.get(1) & 0x7f;
        int gsoSize = header.getShort(4) & 0xffff;
        byte[] packet = Arrays.copyOfRange(headerAndPacket, 10, headerAndPacket.length);
        if (gsoType != 0) {
            checkSuper(header, packet);
            return segments(packet, gsoSize);
        }
        if (unfilled) {
            checkUnfilled(header, packet);
            Packets.fillChecksum(packet);
        }
        return List.of(packet);
    }

    private static void checkUnfilled(ByteBuffer header, byte[] packet) {
        int start = Packets.headerBytes(packet);
        if (header.getShort(6) != start
                || header.getShort(6) + header.getShort(8) != Packets.checksumAt(packet)
                || Packets.u16(packet, Packets.checksumAt(packet)) != Packets.pseudoSum(packet)) {
            throw new AssertionError("bad checksum state");
        }
    }

    private static void checkSuper(ByteBuffer header, byte[] packet) {
        checkUnfilled(header, packet);
        boolean v4 = packet[0] >>> 4 == 4;
        int protocol = Packets.protocol(packet);
        int type = protocol == 17 ? 5 : v4 ? 1 : 4;
        int length = v4 ? Packets.u16(packet, 2) : 40 + Packets.u16(packet, 4);
        if ((header.get(0) & 1) == 0
                || (header.get(1) & 0x7f) != type
                || header.getShort(2) != headerBytes(packet)
                || length != packet.length
                || (v4 && Packets.sum(Arrays.copyOf(packet, 20), 0) != 0xffff)) {
            throw new AssertionError("bad super-packet");
        }
    }

    static int headerBytes(byte[] packet) {
        int ip = Packets.headerBytes(packet);
        return ip + (Packets.protocol(packet) == 17 ? 8 : (packet[ip + 12] >>> 4 & 15) * 4);
    }

    /** What segmentation makes of it (Linux, tcp_gso_segment and its likes). */
    static List<byte[]> segments(byte[] packet, int gsoSize) {
        List<byte[]> list = new ArrayList<>();
        int headerBytes = headerBytes(packet);
        int ip = Packets.headerBytes(packet);
        int payload = packet.length - headerBytes;
        for (int at = 0; at < payload; at += gsoSize) {
            int length = Math.min(gsoSize, payload - at);
            byte[] piece = Arrays.copyOf(packet, headerBytes + length);
            System.arraycopy(packet, headerBytes + at, piece, headerBytes, length);
            if (ip == 20) {
                Packets.put16(piece, 2, piece.length);
                Packets.put16(piece, 4, Packets.u16(packet, 4) + list.size());
                Packets.fixHeader(piece);
            } else {
                Packets.put16(piece, 4, piece.length - 40);
            }
            if (Packets.protocol(packet) == 17) {
                Packets.put16(piece, ip + 4, piece.length - ip);
            } else {
                Packets.put32(piece, ip + 4, Packets.i32(packet, ip + 4) + at);
                if (at + length < payload) {
                    piece[ip + 13] &= ~9; // FIN, PSH
                }
                if (at > 0) {
                    piece[ip + 13] &= 0x7f; // CWR
                }
            }
            Packets.fillChecksum(piece);
            list.add(piece);
        }
        return list;
    }
}
