package io.peermesh.sim;

import io.peermesh.frame.Mem;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Packets with a number in their payload, by which they are recognized wherever they pass. Built
 * and read byte by byte, independently of the flyweights that they test.
 *
 * <pre>
 *  | IPv4 20 | UDP 8, ICMP 8 or TCP 20 | magic(4) number(8) sequence(4) | filler of the number ...
 * </pre>
 */
final class TestPacket {
    /** The number of a packet without one. */
    static final long NONE = -1;

    /** The smallest payload. */
    static final int MIN_PAYLOAD = 16;

    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;

    private static final int MAGIC = 0x504d5349;
    private static final int IP_BYTES = 20;

    private TestPacket() {}

    static byte[] udp(int source, int destination, long id, int payloadBytes) {
        ByteBuffer l4 = ByteBuffer.allocate(8 + payloadBytes);
        l4.putShort((short) 4000).putShort((short) 5000).putShort((short) l4.capacity());
        l4.position(8);
        fill(l4, id, 0, payloadBytes);
        return finish(packet(UDP, source, destination, l4.array()));
    }

    /** The same packet with another TTL. */
    static byte[] withTtl(byte[] packet, int ttl) {
        ByteBuffer.wrap(packet).put(8, (byte) ttl).putShort(10, (short) 0);
        ByteBuffer.wrap(packet).putShort(10, (short) ~sum(packet, 0, IP_BYTES, 0));
        return packet;
    }

    static byte[] echoRequest(int source, int destination, long id, int payloadBytes) {
        ByteBuffer l4 = ByteBuffer.allocate(8 + payloadBytes);
        l4.put((byte) 8)
                .put((byte) 0)
                .putShort((short) 0)
                .putShort((short) 77)
                .putShort((short) id);
        fill(l4, id, 0, payloadBytes);
        return finish(packet(ICMP, source, destination, l4.array()));
    }

    /** A TCP segment, or a super-packet when there are several payloads of equal size. */
    static byte[] tcp(int source, int destination, int sequence, long[] ids, int payloadBytes) {
        ByteBuffer l4 = ByteBuffer.allocate(20 + ids.length * payloadBytes);
        l4.putShort((short) 4001).putShort((short) 5001).putInt(sequence).putInt(1);
        l4.put((byte) 0x50).put((byte) 0x10).putShort((short) 0xffff).putInt(0);
        for (int i = 0; i < ids.length; i++) {
            fill(l4, ids[i], sequence + i * payloadBytes, payloadBytes);
        }
        return packet(TCP, source, destination, l4.array());
    }

    private static void fill(ByteBuffer l4, long id, int sequence, int payloadBytes) {
        l4.putInt(MAGIC).putLong(id).putInt(sequence);
        for (int i = MIN_PAYLOAD; i < payloadBytes; i++) {
            l4.put(filler(id, i));
        }
    }

    private static byte filler(long id, int at) {
        return (byte) (id * 31 + at);
    }

    private static byte[] packet(int protocol, int source, int destination, byte[] l4) {
        ByteBuffer packet = ByteBuffer.allocate(IP_BYTES + l4.length);
        packet.putShort((short) 0x4500).putShort((short) packet.capacity());
        packet.putShort((short) 0).putShort((short) 0x4000);
        packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
        packet.putInt(source).putInt(destination).put(l4);
        packet.putShort(10, (short) ~sum(packet.array(), 0, IP_BYTES, 0));
        return packet.array();
    }

    /** Fills in the L4 checksum. */
    static byte[] finish(byte[] packet) {
        int at = checksumAt(packet);
        ByteBuffer.wrap(packet).putShort(at, (short) 0);
        int checksum = ~l4Sum(packet) & 0xffff;
        ByteBuffer.wrap(packet).putShort(at, (short) (checksum == 0 ? 0xffff : checksum));
        return packet;
    }

    /** Leaves the L4 checksum to others: only the pseudo-header's sum is filled in. */
    static byte[] unfinish(byte[] packet) {
        ByteBuffer.wrap(packet).putShort(checksumAt(packet), (short) pseudoSum(packet));
        return packet;
    }

    static int checksumAt(byte[] packet) {
        return IP_BYTES
                + switch (packet[9]) {
                    case TCP -> 16;
                    case UDP -> 6;
                    default -> 2;
                };
    }

    static boolean checksumsAreRight(byte[] packet) {
        return sum(packet, 0, IP_BYTES, 0) == 0xffff && l4Sum(packet) == 0xffff;
    }

    private static int l4Sum(byte[] packet) {
        return sum(packet, IP_BYTES, packet.length, packet[9] == ICMP ? 0 : pseudoSum(packet));
    }

    static int pseudoSum(byte[] packet) {
        int l4Bytes = packet.length - IP_BYTES;
        return sum(packet, 12, 20, 0) + packet[9] + l4Bytes > 0xffff
                ? sum(packet, 12, 20, 0) + packet[9] + l4Bytes - 0xffff
                : sum(packet, 12, 20, 0) + packet[9] + l4Bytes;
    }

    static int sum(byte[] bytes, int from, int to, int start) {
        int sum = start;
        for (int i = from; i < to; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | (i + 1 < to ? bytes[i + 1] & 0xff : 0);
            sum = sum > 0xffff ? sum - 0xffff : sum;
        }
        return sum;
    }

    static int source(byte[] packet) {
        return ByteBuffer.wrap(packet).getInt(12);
    }

    static int destination(byte[] packet) {
        return ByteBuffer.wrap(packet).getInt(16);
    }

    /** Where the payload begins; -1 when this is none of ours. */
    private static int payloadAt(byte[] packet) {
        if (packet.length < IP_BYTES + 8 || packet[0] != 0x45) {
            return -1;
        }
        int at =
                IP_BYTES
                        + switch (packet[9]) {
                            case TCP -> 20;
                            case UDP -> 8;
                            case ICMP -> packet[IP_BYTES] == 0 || packet[IP_BYTES] == 8 ? 8 : 99999;
                            default -> 99999;
                        };
        return packet.length >= at + MIN_PAYLOAD && ByteBuffer.wrap(packet).getInt(at) == MAGIC
                ? at
                : -1;
    }

    static long id(byte[] packet) {
        int at = payloadAt(packet);
        return at < 0 ? NONE : ByteBuffer.wrap(packet).getLong(at + 4);
    }

    /** The number of a packet in raw memory, maybe with padding behind it. */
    static long idAt(long address, int bytes) {
        return bytes < IP_BYTES + 8 + MIN_PAYLOAD || Mem.u8(address) != 0x45
                ? NONE
                : id(Mem.toBytes(address, Math.min(bytes, 64)));
    }

    /** Whether a packet in raw memory is the answer to an echo request. */
    static boolean isAnswerAt(long address, int bytes) {
        return bytes > IP_BYTES && Mem.u8(address + 9) == ICMP && Mem.u8(address + IP_BYTES) == 0;
    }

    /**
     * Whether a datagram shows the mark of a packet to anybody who looks. Eight bytes: the magic
     * and the upper half of a number, so that no cipher text has them by chance.
     */
    static boolean isReadableIn(byte[] datagram) {
        for (int i = 0; i + 8 <= datagram.length; i++) {
            if (datagram[i] == (byte) (MAGIC >>> 24)
                    && ByteBuffer.wrap(datagram, i, 8).getLong() == (long) MAGIC << 32) {
                return true;
            }
        }
        return false;
    }

    /** Whether the payload is as it was sent, and the TCP sequence number belongs to it. */
    static boolean isIntact(byte[] packet) {
        int at = payloadAt(packet);
        long id = id(packet);
        byte[] expected = new byte[packet.length - at - MIN_PAYLOAD];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = filler(id, MIN_PAYLOAD + i);
        }
        byte[] payload = Arrays.copyOfRange(packet, at + MIN_PAYLOAD, packet.length);
        ByteBuffer bytes = ByteBuffer.wrap(packet);
        return Arrays.equals(expected, payload)
                && (packet[9] != TCP || bytes.getInt(at + 12) == bytes.getInt(IP_BYTES + 4));
    }
}
