package io.peermesh.sim;

import io.peermesh.frame.Mem;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.Datagrams;
import io.peermesh.port.ReceiveBatch;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A socket of the simulated network. What is sent in one call goes over the wire as single
 * datagrams; what arrives may be joined to runs of one source, like the kernel's GRO does.
 */
final class SimDatagrams implements Datagrams {
    private static final int QUEUE_LIMIT = 2048;

    private final World world;
    private final SimNet net;
    private final String owner;
    private final Endpoint local;
    private final Runnable onReadable;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private boolean unreachable;
    private boolean closed;

    SimDatagrams(World world, SimNet net, String owner, Endpoint local, Runnable onReadable) {
        this.world = world;
        this.net = net;
        this.owner = owner;
        this.local = local;
        this.onReadable = onReadable;
    }

    Endpoint local() {
        return local;
    }

    /** The controller or client that it belongs to. */
    String owner() {
        return owner;
    }

    /** A datagram arrives; false when the socket buffer is full. */
    boolean enqueue(Endpoint from, byte[] datagram) {
        if (queue.size() >= QUEUE_LIMIT) {
            return false;
        }
        queue.add(new Waiting(from, datagram));
        onReadable.run();
        return true;
    }

    /** The kernel is told, by whomever, that what was sent did not arrive. */
    void tellUnreachable() {
        unreachable = true;
        onReadable.run();
    }

    @Override
    public boolean takeUnreachable() {
        boolean told = unreachable;
        unreachable = false;
        return told;
    }

    @Override
    public int receive(ReceiveBatch batch) {
        demandOpen();
        int filled = 0;
        while (filled < ReceiveBatch.CAPACITY && !queue.isEmpty()) {
            Waiting first = queue.remove();
            long to = batch.address[filled];
            batch.sourceHi[filled] = first.from.address().hi();
            batch.sourceLo[filled] = first.from.address().lo();
            batch.sourcePort[filled] = first.from.port();
            batch.segmentBytes[filled] = first.datagram.length;
            batch.bytes[filled] = append(to, 0, first.datagram) + joinRun(first, to);
            filled++;
        }
        return filled;
    }

    /** Joins datagrams of the same source: all of one size, the last maybe shorter. */
    private int joinRun(Waiting first, long to) {
        int segment = first.datagram.length;
        int bytes = segment;
        int count = 1;
        while (segment > 0
                && count < MAX_SEND_SEGMENTS
                && world.chance(net.conditions().joined())) {
            Waiting next = queue.peek();
            if (next == null
                    || !next.from.equals(first.from)
                    || next.datagram.length > segment
                    || next.datagram.length == 0
                    || bytes + next.datagram.length > MAX_SEND_BYTES) {
                break;
            }
            bytes += append(to, bytes, queue.remove().datagram);
            count++;
            if (next.datagram.length < segment) {
                break;
            }
        }
        return bytes - segment;
    }

    private static int append(long to, int offset, byte[] datagram) {
        Mem.copy(datagram, 0, to + offset, datagram.length);
        return datagram.length;
    }

    @Override
    public int send(long toHi, long toLo, int toPort, long address, int bytes, int segmentBytes) {
        demandOpen();
        if (bytes < 1 || bytes > MAX_SEND_BYTES || segmentBytes < 1) {
            throw new AssertionError(owner + " sends " + bytes + " bytes by " + segmentBytes);
        }
        if ((bytes + segmentBytes - 1) / segmentBytes > MAX_SEND_SEGMENTS) {
            throw new AssertionError(owner + " sends too many segments at once");
        }
        var to = new Endpoint(new IpAddress(toHi, toLo), toPort);
        if (to.address().isV4() != local.address().isV4()) {
            throw new AssertionError(owner + " sends from " + local + " to " + to);
        }
        int refused = 0;
        for (int at = 0; at < bytes; at += segmentBytes) {
            byte[] datagram = Mem.toBytes(address + at, Math.min(segmentBytes, bytes - at));
            if (SimNet.fits(to, datagram.length)) {
                net.transmit(owner, local, to, datagram);
            } else {
                net.lose(datagram);
                refused++;
            }
        }
        return refused;
    }

    private void demandOpen() {
        if (closed) {
            throw new AssertionError(owner + " uses a closed socket");
        }
    }

    @Override
    public void close() {
        closed = true;
        queue.forEach(waiting -> net.lose(waiting.datagram));
        queue.clear();
        net.close(this);
    }

    private record Waiting(Endpoint from, byte[] datagram) {}
}
