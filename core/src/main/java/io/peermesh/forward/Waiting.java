package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.session.Tunnel;
import java.lang.foreign.Arena;
import java.util.IdentityHashMap;
import java.util.Iterator;

/**
 * The waiting room: copies of packets whose tunnel has no usable keys, in one line per tunnel,
 * until the handshake that they cause is done. First come, first served; too late is dropped.
 */
final class Waiting {
    /** Packets in one line. */
    static final int LINE_LIMIT = 16;

    /** Packets in all lines together. */
    static final int LIMIT = 256;

    /** The longest packet that may wait. */
    static final int MAX_PACKET_BYTES = 2048 - Outbound.SLACK_BYTES;

    /** A packet that has waited for so long is of no use to anyone: TCP has sent it again. */
    static final long MAX_AGE_NANOS = 5_000_000_000L;

    /** At most one {@link DataEvent.SessionNeeded} per tunnel in this time. */
    static final long ASK_INTERVAL_NANOS = 1_000_000_000L;

    private static final int SLOT_BYTES = 2048;
    private static final long SWEEP_INTERVAL_NANOS = 250_000_000L;
    private static final TrafficPath[] PATHS = TrafficPath.values();

    private final Counters counters;
    private final Events events;
    private final long slots;
    private final int[] bytes = new int[LIMIT];
    private final boolean[] unfilled = new boolean[LIMIT];
    private final int[] visited = new int[LIMIT];
    private final TrafficPath[] path = new TrafficPath[LIMIT];
    private final long[] since = new long[LIMIT];
    private final int[] free = new int[LIMIT];
    private int freeCount = LIMIT;
    private long sweepDueNanos = Long.MIN_VALUE;
    private final IdentityHashMap<Tunnel, Line> lines = new IdentityHashMap<>();

    /** A ring of slots. */
    private static final class Line {
        private final int[] slot = new int[LINE_LIMIT];
        private int head;
        private int count;
        private boolean asked;
        private long askedNanos;
    }

    Waiting(Counters counters, Events events, Arena memory) {
        this.counters = counters;
        this.events = events;
        this.slots = Mem.allocate(memory, (long) LIMIT * SLOT_BYTES);
        for (int i = 0; i < LIMIT; i++) {
            free[i] = i;
            path[i] = PATHS[0];
        }
    }

    /** Asks for a session, and keeps a copy of the packet until there is one. */
    void add(Packet packet, Tunnel tunnel, TrafficPath taken, long nowNanos) {
        ask(tunnel, nowNanos);
        Line line = lineOf(tunnel);
        if (line.count == LINE_LIMIT || freeCount == 0 || packet.bytes > MAX_PACKET_BYTES) {
            counters.drop(DropReason.NO_SESSION);
            return;
        }
        int slot = free[--freeCount];
        Mem.copy(packet.address, at(slot), packet.bytes);
        bytes[slot] = packet.bytes;
        unfilled[slot] = packet.unfilled;
        visited[slot] = packet.visited;
        path[slot] = taken;
        since[slot] = nowNanos;
        line.slot[(line.head + line.count) % LINE_LIMIT] = slot;
        line.count++;
    }

    /** Tells the control side that this tunnel wants keys, unless it was told just now. */
    void ask(Tunnel tunnel, long nowNanos) {
        Line line = lineOf(tunnel);
        if (line.asked && nowNanos - line.askedNanos < ASK_INTERVAL_NANOS) {
            return;
        }
        line.asked = true;
        line.askedNanos = nowNanos;
        events.offer(new DataEvent.SessionNeeded(tunnel));
    }

    private Line lineOf(Tunnel tunnel) {
        Line line = lines.get(tunnel);
        if (line == null) {
            line = new Line();
            lines.put(tunnel, line);
        }
        return line;
    }

    /** How many wait for this tunnel. */
    int count(Tunnel tunnel) {
        Line line = lines.get(tunnel);
        return line == null ? 0 : line.count;
    }

    /**
     * Takes the first in line out.
     *
     * @param into becomes a view of it, good until the next {@link #add}
     * @return the path that it came, to be counted under
     */
    TrafficPath take(Tunnel tunnel, Packet into) {
        Line line = lines.get(tunnel);
        if (line == null || line.count == 0) {
            throw new IllegalStateException("nothing waits for " + tunnel);
        }
        int slot = removeFirst(line);
        if (!into.parse(at(slot), bytes[slot], /* origin= */ null)) {
            throw new IllegalStateException("a packet changed while it waited");
        }
        into.unfilled = unfilled[slot];
        into.visited = visited[slot];
        return path[slot];
    }

    private int removeFirst(Line line) {
        int slot = line.slot[line.head];
        line.head = (line.head + 1) % LINE_LIMIT;
        line.count--;
        free[freeCount++] = slot;
        return slot;
    }

    /** Drops what has waited too long. */
    void sweep(long nowNanos) {
        if (lines.isEmpty() || nowNanos < sweepDueNanos) {
            return;
        }
        sweepDueNanos = nowNanos + SWEEP_INTERVAL_NANOS;
        for (Iterator<Line> i = lines.values().iterator(); i.hasNext(); ) {
            Line line = i.next();
            while (line.count > 0 && nowNanos - since[line.slot[line.head]] >= MAX_AGE_NANOS) {
                removeFirst(line);
                counters.drop(DropReason.NO_SESSION);
            }
            if (line.count == 0 && nowNanos - line.askedNanos >= ASK_INTERVAL_NANOS) {
                i.remove();
            }
        }
    }

    private long at(int slot) {
        return slots + (long) slot * SLOT_BYTES;
    }
}
