package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.port.Tun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A TUN in memory; what is in it has the virtio header in front, as on Linux. */
final class FakeTun implements Tun {
    final ArrayDeque<byte[]> toRead = new ArrayDeque<>();
    final List<byte[]> written = new ArrayList<>();
    boolean offloads = true;
    boolean udpOffload = true;
    boolean refuses;

    /** Queues a packet without offloads. */
    void offer(byte[] packet) {
        offer(new byte[HEADER_BYTES], packet);
    }

    void offer(byte[] header, byte[] packet) {
        byte[] both = new byte[header.length + packet.length];
        System.arraycopy(header, 0, both, 0, header.length);
        System.arraycopy(packet, 0, both, header.length, packet.length);
        toRead.add(both);
    }

    @Override
    public int read(long address) {
        byte[] next = toRead.poll();
        if (next == null) {
            return 0;
        }
        Mem.copy(next, 0, address, next.length);
        return next.length;
    }

    @Override
    public boolean write(long address, int bytes) {
        if (refuses) {
            return false;
        }
        written.add(Mem.toBytes(address, bytes));
        return true;
    }

    @Override
    public boolean offloads() {
        return offloads;
    }

    @Override
    public boolean udpOffload() {
        return udpOffload;
    }

    @Override
    public void close() {}
}
