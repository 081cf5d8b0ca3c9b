package io.peermesh.agent;

import io.peermesh.frame.Mem;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Ipv4Header;
import java.nio.ByteBuffer;

/**
 * The smallest question that every controller answers: an ICMP echo request (RFC 792) to an overlay
 * address of its own, without data.
 *
 * <pre>
 *  0                    20      21      22           24           26          28
 *  | IPv4 header, 20 B  | 8 / 0 | 0     | checksum   | identifier | sequence  |
 * </pre>
 *
 * The sequence number is the low 16 bits of the probe's number. A request is 28 bytes, 88 on the
 * wire over IPv4; its answer is padded, 92.
 */
final class Probe {
    /** Length of request and answer. */
    static final int BYTES = 28;

    /** Marks our answers; ping(8) takes the identifier of its process or socket. */
    static final int IDENTIFIER = 0x504d;

    private static final int TTL = 64;
    private static final int ICMP = 1;
    private static final int REQUEST = 8;
    private static final int REPLY = 0;

    private Probe() {}

    /** The request, an IPv4 packet. */
    static byte[] request(IpAddress from, IpAddress to, long number) {
        ByteBuffer packet = ByteBuffer.allocate(BYTES);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) BYTES).putInt(0);
        packet.put((byte) TTL).put((byte) ICMP).putShort((short) 0);
        packet.putInt(from.v4Bits()).putInt(to.v4Bits());
        packet.put((byte) REQUEST).put((byte) 0).putShort((short) 0);
        packet.putShort((short) IDENTIFIER).putShort((short) number);
        packet.putShort(10, checksum(packet, 0, 20));
        packet.putShort(22, checksum(packet, 20, BYTES));
        return packet.array();
    }

    /** RFC 1071. */
    private static short checksum(ByteBuffer packet, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i += 2) {
            sum += packet.getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~((sum & 0xffff) + (sum >>> 16));
    }

    /** Whether a packet is the answer to a request of ours. */
    static boolean isAnswer(long packet, int bytes) {
        return bytes == BYTES
                && Mem.u8(packet) == 0x45
                && Ipv4Header.protocol(packet) == ICMP
                && Mem.u16Be(packet + 20) == REPLY << 8
                && Mem.u16Be(packet + 24) == IDENTIFIER;
    }

    /** The low 16 bits of the number of the request that is answered. */
    static int sequence(long packet) {
        return Mem.u16Be(packet + 26);
    }

    /** The number that a sequence number stands for: the highest below {@code sent}. */
    static long number(int sequence, long sent) {
        long last = sent - 1;
        return last - ((last - sequence) & 0xffff);
    }
}
