package io.peermesh.forward;

import io.peermesh.ip.IpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Builds IP packets, slowly and obviously, with every checksum right. */
final class Packets {
    private Packets() {}

    static byte[] bytes(int count, int seed) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (seed + i * 7 + (i >>> 8));
        }
        return bytes;
    }

    static byte[] udp(String from, String to, byte[] payload) {
        return udp(from, to, 64, 0x4000, 0, payload);
    }

    static byte[] udp(String from, String to, int ttl, int fragmentField, int id, byte[] payload) {
        byte[] l4 = ByteBuffer.allocate(8 + payload.length).array();
        ByteBuffer.wrap(l4)
                .putShort((short) 4000)
                .putShort((short) 5000)
                .putShort((short) l4.length)
                .putShort((short) 0)
                .put(payload);
        return ip(from, to, ttl, fragmentField, id, 17, l4);
    }

    /** An IPv4 or IPv6 packet around a TCP, UDP or ICMP message, whose checksum it fills in. */
    static byte[] ip(
            String from, String to, int ttl, int fragmentField, int id, int protocol, byte[] l4) {
        byte[] packet = raw(from, to, ttl, fragmentField, id, protocol, l4);
        fillChecksum(packet);
        return packet;
    }

    static byte[] raw(
            String from, String to, int ttl, int fragmentField, int id, int protocol, byte[] l4) {
        byte[] source = IpAddress.literal(from).toBytes();
        byte[] destination = IpAddress.literal(to).toBytes();
        ByteBuffer packet = ByteBuffer.allocate((source.length == 4 ? 20 : 40) + l4.length);
        if (source.length == 4) {
            packet.put((byte) 0x45).put((byte) 0).putShort((short) (20 + l4.length));
            packet.putShort((short) id).putShort((short) fragmentField);
            packet.put((byte) ttl).put((byte) protocol).putShort((short) 0);
        } else {
            packet.putInt(0x6000_0000).putShort((short) l4.length);
            packet.put((byte) protocol).put((byte) ttl);
        }
        packet.put(source).put(destination).put(l4);
        if (source.length == 4) {
            fixHeader(packet.array());
        }
        return packet.array();
    }

    static byte[] tcp(
            String from,
            String to,
            int id,
            int sequence,
            int flags,
            byte[] options,
            byte[] payload) {
        return tcp(from, to, id, sequence, flags, 0, options, payload);
    }

    static byte[] tcp(
            String from,
            String to,
            int id,
            int sequence,
            int flags,
            int tos,
            byte[] options,
            byte[] payload) {
        ByteBuffer l4 = ByteBuffer.allocate(20 + options.length + payload.length);
        l4.putShort((short) 4000).putShort((short) 5000).putInt(sequence).putInt(77_777);
        l4.put((byte) (((20 + options.length) / 4) << 4)).put((byte) flags).putShort((short) 501);
        l4.putShort((short) 0).putShort((short) 0).put(options).put(payload);
        byte[] packet = raw(from, to, 64, 0x4000, id, 6, l4.array());
        if (packet[0] >>> 4 == 4) {
            packet[1] = (byte) tos;
            fixHeader(packet);
        } else {
            packet[0] = (byte) (0x60 | tos >>> 4);
            packet[1] = (byte) (tos << 4);
        }
        fillChecksum(packet);
        return packet;
    }

    static byte[] ping(String from, String to, int bytes) {
        byte[] icmp = new byte[8 + bytes];
        icmp[0] = 8;
        icmp[5] = 7;
        return ip(from, to, 64, 0x4000, 0, 1, icmp);
    }

    /** Computes the IPv4 header checksum. */
    static void fixHeader(byte[] packet) {
        put16(packet, 10, 0);
        put16(packet, 10, ~sum(Arrays.copyOf(packet, (packet[0] & 15) * 4), 0));
    }

    static int headerBytes(byte[] packet) {
        return packet[0] >>> 4 == 4 ? (packet[0] & 15) * 4 : 40;
    }

    static int protocol(byte[] packet) {
        return packet[packet[0] >>> 4 == 4 ? 9 : 6] & 255;
    }

    static int checksumAt(byte[] packet) {
        return headerBytes(packet)
                + switch (protocol(packet)) {
                    case 6 -> 16;
                    case 17 -> 6;
                    default -> 2;
                };
    }

    /** Fills in the TCP, UDP or ICMP checksum. */
    static void fillChecksum(byte[] packet) {
        put16(packet, checksumAt(packet), 0);
        int sum = ~l4Sum(packet) & 0xffff;
        put16(packet, checksumAt(packet), sum == 0 ? 0xffff : sum);
    }

    static boolean checksumIsRight(byte[] packet) {
        return l4Sum(packet) == 0xffff;
    }

    private static int l4Sum(byte[] packet) {
        int header = headerBytes(packet);
        return sum(
                Arrays.copyOfRange(packet, header, packet.length),
                protocol(packet) == 1 ? 0 : pseudoSum(packet));
    }

    static int pseudoSum(byte[] packet) {
        boolean v4 = packet[0] >>> 4 == 4;
        byte[] addresses = Arrays.copyOfRange(packet, v4 ? 12 : 8, v4 ? 20 : 40);
        return sum(addresses, protocol(packet) + packet.length - headerBytes(packet));
    }

    /** Leaves only the pseudo-header's sum in the checksum field. */
    static byte[] unfilled(byte[] packet) {
        byte[] copy = packet.clone();
        put16(copy, checksumAt(copy), pseudoSum(copy));
        return copy;
    }

    static int sum(byte[] bytes, int start) {
        long sum = start;
        for (int i = 0; i < bytes.length; i++) {
            sum += (bytes[i] & 255) << ((i & 1) == 0 ? 8 : 0);
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    static int u16(byte[] bytes, int at) {
        return ((bytes[at] & 255) << 8) | (bytes[at + 1] & 255);
    }

    static int i32(byte[] bytes, int at) {
        return u16(bytes, at) << 16 | u16(bytes, at + 2);
    }

    static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    static void put32(byte[] bytes, int at, int value) {
        put16(bytes, at, value >>> 16);
        put16(bytes, at + 2, value);
    }

    /** As a router would have sent it on: one hop less. */
    static byte[] oneHopLess(byte[] packet) {
        byte[] copy = packet.clone();
        if (copy[0] >>> 4 == 4) {
            copy[8]--;
            fixHeader(copy);
        } else {
            copy[7]--;
        }
        return copy;
    }
}
