package io.peermesh.forward;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What the packet path counted since start. Written by its one thread with opaque stores, readable
 * by any: each number is whole and soon visible, but they are not all of one moment.
 */
public final class Counters {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] drops = new long[DropReason.values().length];
    private final long[] packets = new long[TrafficPath.values().length];
    private final long[] bytes = new long[TrafficPath.values().length];
    private final long[] batching = new long[4];

    Counters() {}

    /** Packets and datagrams that went no further for this reason. */
    public long drops(DropReason reason) {
        return (long) CELL.getOpaque(drops, cell(reason));
    }

    /** All that were dropped. */
    public long drops() {
        long sum = 0;
        for (DropReason reason : DropReason.values()) {
            sum += drops(reason);
        }
        return sum;
    }

    /** Packets that took this path. */
    public long packets(TrafficPath path) {
        return (long) CELL.getOpaque(packets, cell(path));
    }

    /** Inner bytes, IP headers included, that took this path. */
    public long bytes(TrafficPath path) {
        return (long) CELL.getOpaque(bytes, cell(path));
    }

    /** Datagrams given to the sockets. */
    public long datagramsSent() {
        return (long) CELL.getOpaque(batching, 0);
    }

    /** Calls that gave them: {@link #datagramsSent} by this is the mean batch. */
    public long sendCalls() {
        return (long) CELL.getOpaque(batching, 1);
    }

    /** Packets given to the TUN, counting each one in a super-packet. */
    public long tunPackets() {
        return (long) CELL.getOpaque(batching, 2);
    }

    /** Writes that gave them. */
    public long tunWrites() {
        return (long) CELL.getOpaque(batching, 3);
    }

    void drop(DropReason reason) {
        drop(reason, 1);
    }

    void drop(DropReason reason, long count) {
        add(drops, cell(reason), count);
    }

    void passed(TrafficPath path, long packetCount, long byteCount) {
        add(packets, cell(path), packetCount);
        add(bytes, cell(path), byteCount);
    }

    void sent(int datagrams) {
        add(batching, 0, datagrams);
        add(batching, 1, 1);
    }

    void tunWritten(int packetCount) {
        add(batching, 2, packetCount);
        add(batching, 3, 1);
    }

    private static void add(long[] cells, int index, long count) {
        CELL.setOpaque(cells, index, cells[index] + count);
    }

    @SuppressWarnings("EnumOrdinal") // cells live as long as this object and are never stored
    private static int cell(Enum<?> name) {
        return name.ordinal();
    }
}
