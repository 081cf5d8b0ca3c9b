package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.Datagrams;
import io.peermesh.port.ReceiveBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A UDP socket in memory that joins (GRO) and is given joined datagrams (GSO). */
final class FakeDatagrams implements Datagrams {
    final ArrayDeque<Buffer> toReceive = new ArrayDeque<>();
    final List<Sent> calls = new ArrayList<>();
    boolean refuses;
    boolean unreachable; // until it is asked

    /** What one GRO buffer holds. */
    record Buffer(Endpoint from, byte[] bytes, int segmentBytes) {}

    /** What one send call was given. */
    record Sent(Endpoint to, byte[] bytes, int segmentBytes) {
        List<byte[]> datagrams() {
            List<byte[]> list = new ArrayList<>();
            for (int at = 0; at < bytes.length; at += segmentBytes) {
                list.add(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + segmentBytes)));
            }
            return list;
        }
    }

    void offer(Endpoint from, byte[] datagram) {
        toReceive.add(new Buffer(from, datagram, datagram.length));
    }

    /** Every datagram sent so far; forgets them. */
    List<byte[]> takeSent() {
        List<byte[]> list = new ArrayList<>();
        calls.forEach(call -> list.addAll(call.datagrams()));
        calls.clear();
        return list;
    }

    @Override
    public int receive(ReceiveBatch batch) {
        int count = 0;
        while (count < ReceiveBatch.CAPACITY && !toReceive.isEmpty()) {
            Buffer buffer = toReceive.remove();
            Mem.copy(buffer.bytes(), 0, batch.address[count], buffer.bytes().length);
            batch.bytes[count] = buffer.bytes().length;
            batch.segmentBytes[count] = buffer.segmentBytes();
            batch.sourceHi[count] = buffer.from().address().hi();
            batch.sourceLo[count] = buffer.from().address().lo();
            batch.sourcePort[count] = buffer.from().port();
            count++;
        }
        return count;
    }

    @Override
    public int send(long toHi, long toLo, int toPort, long address, int bytes, int segmentBytes) {
        int datagrams = (bytes + segmentBytes - 1) / segmentBytes;
        if (bytes > MAX_SEND_BYTES || datagrams > MAX_SEND_SEGMENTS) {
            throw new AssertionError(bytes + " bytes in " + datagrams + " datagrams at once");
        }
        if (refuses) {
            return datagrams;
        }
        var to = new Endpoint(new IpAddress(toHi, toLo), toPort);
        calls.add(new Sent(to, Mem.toBytes(address, bytes), segmentBytes));
        return 0;
    }

    @Override
    public boolean takeUnreachable() {
        boolean taken = unreachable;
        unreachable = false;
        return taken;
    }

    @Override
    public void close() {}
}
