package io.peermesh.sim;

import io.peermesh.frame.Mem;
import io.peermesh.port.Tun;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * A TUN device in memory with a kernel behind it that takes the virtio header at its word: it
 * finishes checksums, cuts super-packets into segments, and refuses what a kernel refuses.
 */
final class SimTun implements Tun {
    private static final int NEEDS_CSUM = 1;
    private static final int GSO_NONE = 0;
    private static final int GSO_TCPV4 = 1;
    private static final int GSO_UDP_L4 = 5;
    private static final int QUEUE_LIMIT = 1000;

    private final boolean offloads;
    private final boolean udpOffload;
    private final Consumer<byte[]> toKernel;
    private final Runnable onReadable;
    private final Deque<byte[]> fromKernel = new ArrayDeque<>();

    /**
     * A device.
     *
     * @param toKernel takes each packet, cut and with its checksums
     */
    SimTun(boolean offloads, boolean udpOffload, Consumer<byte[]> toKernel, Runnable onReadable) {
        this.offloads = offloads;
        this.udpOffload = offloads && udpOffload;
        this.toKernel = toKernel;
        this.onReadable = onReadable;
    }

    @Override
    public boolean offloads() {
        return offloads;
    }

    @Override
    public boolean udpOffload() {
        return udpOffload;
    }

    /** The kernel sends a finished packet; false when the device's queue is full. */
    boolean sendPlain(byte[] packet) {
        return enqueue(new byte[HEADER_BYTES], packet);
    }

    /** The kernel sends a TCP or UDP packet and leaves the checksum to the device. */
    boolean sendUnfinished(byte[] packet) {
        return enqueue(header(packet, GSO_NONE, 0), packet);
    }

    /** The kernel sends a TCP super-packet. */
    boolean sendSuper(byte[] packet, int segmentPayload) {
        return enqueue(header(packet, GSO_TCPV4, segmentPayload), packet);
    }

    private byte[] header(byte[] packet, int gsoType, int gsoSize) {
        if (!offloads) {
            throw new AssertionError("this device has no offloads");
        }
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.nativeOrder());
        header.put((byte) NEEDS_CSUM).put((byte) gsoType);
        header.putShort((short) (gsoType == GSO_NONE ? 0 : 40)).putShort((short) gsoSize);
        header.putShort((short) 20).putShort((short) (TestPacket.checksumAt(packet) - 20));
        return header.array();
    }

    private boolean enqueue(byte[] header, byte[] packet) {
        if (fromKernel.size() >= QUEUE_LIMIT) {
            return false;
        }
        byte[] both = Arrays.copyOf(header, HEADER_BYTES + packet.length);
        System.arraycopy(packet, 0, both, HEADER_BYTES, packet.length);
        fromKernel.add(both);
        onReadable.run();
        return true;
    }

    @Override
    public int read(long address) {
        byte[] next = fromKernel.poll();
        if (next == null) {
            return 0;
        }
        Mem.copy(next, 0, address, next.length);
        return next.length;
    }

    @Override
    public boolean write(long address, int bytes) {
        byte[] all = Mem.toBytes(address, bytes);
        byte[] packet = Arrays.copyOfRange(all, HEADER_BYTES, bytes);
        ByteBuffer header = ByteBuffer.wrap(all).order(ByteOrder.nativeOrder());
        int flags = header.get(0);
        int gsoType = header.get(1) & 0x7f;
        if (!offloads && (flags != 0 || gsoType != GSO_NONE)) {
            throw new AssertionError("an offload is used that this device lacks");
        }
        if ((packet[2] & 0xff) << 8 != (packet.length & 0xff00)
                || (packet[3] & 0xff) != (packet.length & 0xff)) {
            throw new AssertionError("the IP length is not that of the packet");
        }
        int start = header.getShort(6);
        int offset = header.getShort(8);
        switch (gsoType) {
            case GSO_NONE -> toKernel.accept(finish(packet, flags, start, offset));
            case GSO_TCPV4 -> cut(packet, TestPacket.TCP, flags, header.getShort(4), start + 20);
            case GSO_UDP_L4 -> {
                if (!udpOffload) {
                    throw new AssertionError("UDP super-packets are not for this device");
                }
                cut(packet, TestPacket.UDP, flags, header.getShort(4), start + 8);
            }
            default -> throw new AssertionError("unknown GSO type " + gsoType);
        }
        return true;
    }

    private static byte[] finish(byte[] packet, int flags, int start, int offset) {
        if ((flags & NEEDS_CSUM) == 0) {
            return packet;
        }
        if (start + offset != TestPacket.checksumAt(packet) || start != 20) {
            throw new AssertionError("checksum at " + start + " + " + offset);
        }
        demandPseudoSum(packet);
        return TestPacket.finish(packet);
    }

    private static void demandPseudoSum(byte[] packet) {
        int field = ByteBuffer.wrap(packet).getShort(TestPacket.checksumAt(packet)) & 0xffff;
        if (field % 0xffff != TestPacket.pseudoSum(packet) % 0xffff) {
            throw new AssertionError("the checksum field does not hold the pseudo-header's sum");
        }
    }

    /** Segments like the kernel: lengths, sequence numbers, flags and checksums made new. */
    private void cut(byte[] packet, int protocol, int flags, int gsoSize, int headers) {
        if ((flags & NEEDS_CSUM) == 0 || packet[9] != protocol || gsoSize < 1) {
            throw new AssertionError("a malformed super-packet is written");
        }
        demandPseudoSum(packet);
        for (int at = headers; at < packet.length; at += gsoSize) {
            int payload = Math.min(gsoSize, packet.length - at);
            byte[] segment = Arrays.copyOf(packet, headers + payload);
            System.arraycopy(packet, at, segment, headers, payload);
            ByteBuffer bytes = ByteBuffer.wrap(segment).putShort(2, (short) segment.length);
            if (protocol == TestPacket.TCP) {
                bytes.putInt(24, bytes.getInt(24) + at - headers);
                boolean last = at + payload == packet.length;
                segment[33] = (byte) (last ? segment[33] : segment[33] & ~9); // FIN, PSH
            } else {
                bytes.putShort(24, (short) (segment.length - 20));
            }
            bytes.putShort(10, (short) 0);
            bytes.putShort(10, (short) ~TestPacket.sum(segment, 0, 20, 0));
            toKernel.accept(TestPacket.finish(segment));
        }
    }

    @Override
    public void close() {
        fromKernel.clear();
    }
}
