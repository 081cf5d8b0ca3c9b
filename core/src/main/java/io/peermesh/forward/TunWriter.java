package io.peermesh.forward;

import io.peermesh.port.Tun;
import io.peermesh.session.Tunnel;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * Out of the tunnels and into the TUN: joins what comes in a row into super-packets, since a write
 * costs the kernel nearly the same for one packet as for forty. Packets of one flow keep their
 * order; different flows may overtake each other.
 */
final class TunWriter implements Local {
    /** Bytes before each packet given to {@link #write} that it may overwrite. */
    static final int HEADROOM_BYTES = 16;

    /** Flows that are joined at the same time. */
    static final int FLOWS = 8;

    private final Counters counters;
    private final Tun tun;
    private final OpenFlow[] flows = new OpenFlow[FLOWS];
    private OpenFlow latest;
    private int evictNext;

    TunWriter(Counters counters, Tun tun, Arena memory) {
        this.counters = counters;
        this.tun = tun;
        for (int i = 0; i < FLOWS; i++) {
            flows[i] = new OpenFlow(memory);
        }
        latest = flows[0];
    }

    @Override
    public void deliver(Packet packet, long nowNanos) {
        counters.passed(TrafficPath.TO_LOCAL, 1, packet.bytes);
        if (!isOfAFlow(packet)) {
            write(packet);
            return;
        }
        OpenFlow flow = find(packet);
        boolean joins = joins(packet);
        if (flow == null) {
            begin(packet, joins);
        } else if (joins && flow.accepts(packet)) {
            flow.append(packet);
            grew(flow);
        } else {
            flush(flow);
            begin(packet, joins);
        }
    }

    @Override
    public long reserve(Tunnel from, int plainBytes) {
        return latest.reserve(from, plainBytes);
    }

    @Override
    public boolean join(Packet packet) {
        OpenFlow flow = latest;
        if (!isOfAFlow(packet) || !flow.isOf(packet) || !joins(packet) || !flow.accepts(packet)) {
            return false;
        }
        counters.passed(TrafficPath.TO_LOCAL, 1, packet.bytes);
        flow.adopt(packet);
        grew(flow);
        return true;
    }

    @Override
    public void cancel() {
        latest.restore();
    }

    private boolean isOfAFlow(Packet packet) {
        return tun.offloads() && (packet.isTcp() || (packet.isUdp() && tun.udpOffload()));
    }

    private static boolean joins(Packet packet) {
        return OpenFlow.isJoinable(packet) && (packet.unfilled || packet.checksumIsRight());
    }

    private void grew(OpenFlow flow) {
        latest = flow;
        if (flow.isComplete()) {
            flush(flow);
        }
    }

    private @Nullable OpenFlow find(Packet packet) {
        for (OpenFlow flow : flows) {
            if (flow.isOf(packet)) {
                return flow;
            }
        }
        return null;
    }

    private void begin(Packet packet, boolean joins) {
        if (!joins) {
            write(packet);
            return;
        }
        OpenFlow flow = freeFlow();
        flow.open(packet);
        grew(flow);
    }

    private OpenFlow freeFlow() {
        for (OpenFlow flow : flows) {
            if (flow.isFree()) {
                return flow;
            }
        }
        OpenFlow evicted = flows[evictNext];
        evictNext = (evictNext + 1) % FLOWS;
        flush(evicted);
        return evicted;
    }

    /** Writes a packet as it is, with {@link #HEADROOM_BYTES} before it. */
    void write(Packet packet) {
        if (packet.unfilled && !tun.offloads()) {
            packet.completeChecksum();
        }
        writeHeader(packet);
        write(packet.address, packet.bytes, 1);
    }

    static void writeHeader(Packet packet) {
        long header = packet.address - VirtioHeader.BYTES;
        if (packet.unfilled) {
            packet.putPseudoSum();
            VirtioHeader.writeUnfilled(header, packet.headerBytes, packet.checksumOffset());
        } else {
            VirtioHeader.writePlain(header);
        }
    }

    private void flush(OpenFlow flow) {
        flow.finish();
        write(flow.address(), flow.bytes(), flow.packets());
        flow.release();
    }

    private void write(long packet, int bytes, int packets) {
        if (tun.write(packet - VirtioHeader.BYTES, VirtioHeader.BYTES + bytes)) {
            counters.tunWritten(packets);
        } else {
            counters.drop(DropReason.TUN_WRITE_FAILED, packets);
        }
    }

    @Override
    public void flush() {
        for (OpenFlow flow : flows) {
            if (!flow.isFree()) {
                flush(flow);
            }
        }
    }
}
