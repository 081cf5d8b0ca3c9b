package io.peermesh.ip;

import io.peermesh.testing.Bytes;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Packets for tests, written byte by byte, independently of the flyweights. */
final class Packets {
    private Packets() {}

    /** An IPv4 packet with a right header checksum around the given payload. */
    static byte[] v4(int protocol, int source, int destination, int fragment, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(20 + payload.length);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity());
        packet.putShort((short) 0x1234).putShort((short) fragment);
        packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
        packet.putInt(source).putInt(destination);
        int sum = SlowChecksum.sum(java.util.Arrays.copyOf(packet.array(), 20), 0);
        packet.putShort(10, (short) ~sum);
        return packet.put(payload).array();
    }

    /** An IPv6 packet around the given payload. */
    static byte[] v6(int next, IpAddress source, IpAddress destination, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(40 + payload.length);
        packet.putInt(6 << 28 | 0x12345).putShort((short) payload.length);
        packet.put((byte) next).put((byte) 64);
        packet.putLong(source.hi()).putLong(source.lo());
        packet.putLong(destination.hi()).putLong(destination.lo());
        return packet.put(payload).array();
    }

    /** Random UDP or TCP content over IPv4; the L4 header is random, too. */
    static byte[] udpV4(SplittableRandom random, int l4Bytes, boolean tcp) {
        return v4(
                tcp ? 6 : 17, random.nextInt(), random.nextInt(), 0, Bytes.random(l4Bytes, random));
    }

    /** The same over IPv6. */
    static byte[] udpV6(SplittableRandom random, int l4Bytes, boolean tcp) {
        return v6(
                tcp ? 6 : 17,
                new IpAddress(random.nextLong(), random.nextLong()),
                new IpAddress(random.nextLong(), random.nextLong()),
                Bytes.random(l4Bytes, random));
    }
}
