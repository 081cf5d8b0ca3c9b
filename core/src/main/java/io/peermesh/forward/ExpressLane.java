package io.peermesh.forward;

import io.peermesh.crypto.Aead;
import io.peermesh.frame.Mem;
import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.TransportHeader;

/**
 * Out of one tunnel and into another: the packet is sealed where it was opened, in the receive
 * buffer, and leaves together with its neighbours there.
 *
 * <pre>
 *   | header | packet, padding | tag | header | packet, padding | tag | ...   as received
 *        open in place, seal in place: the same lengths in and out
 *   | header'| packet, padding | tag'| header'| packet, padding | tag'| ...   one send
 * </pre>
 *
 * <p>Padding stays as long as it came (its bytes are zeroed, and a whole 16 of them are never
 * needed), because a datagram cannot grow here.
 */
final class ExpressLane {
    private final Counters counters;
    private final Waiting waiting;
    private final Guard guard;
    private final SendRun run;

    ExpressLane(Counters counters, Sockets sockets, Waiting waiting, Guard guard) {
        this.guard = guard;
        this.counters = counters;
        this.waiting = waiting;
        this.run = new SendRun(sockets);
    }

    /** Forwards a packet that stands behind the header of the datagram that it came in. */
    void forward(Packet packet, Tunnel to, long nowNanos) {
        Keypair keys = Outbound.usableKeys(to, nowNanos);
        if (keys == null) {
            waiting.add(packet, to, TrafficPath.EXPRESS, nowNanos);
            return;
        }
        if (guard.holds(to, keys, nowNanos)) {
            counters.drop(DropReason.HELD_BACK);
            return;
        }
        if (packet.unfilled && to.kind != Tunnel.Kind.LINK) {
            packet.completeChecksum();
        }
        int bytes = keptBytes(packet, to.innerMtuBytes);
        for (int i = packet.bytes; i < bytes; i++) {
            Mem.put8(packet.address + i, 0);
        }
        int flags = packet.unfilled ? TransportHeader.FLAG_CHECKSUM_UNFILLED : 0;
        long datagram = packet.address - TransportHeader.BYTES;
        Seal.write(to, keys, flags, Seal.visited(packet, to), packet.address, bytes, datagram);
        int datagramBytes = TransportHeader.BYTES + bytes + Aead.TAG_BYTES;
        run.add(to, datagram, datagramBytes, /* carriesData= */ true, nowNanos);
        counters.passed(TrafficPath.EXPRESS, 1, packet.bytes);
    }

    private static int keptBytes(Packet packet, int mtuBytes) {
        int padding = packet.availableBytes - packet.bytes;
        int kept = padding < 16 ? packet.availableBytes : packet.bytes + 15 & ~15;
        return Math.min(kept, Math.max(packet.bytes, mtuBytes));
    }

    /** Sends the open run; due before the receive buffers are filled again. */
    void flush(long nowNanos) {
        run.flush(nowNanos);
    }
}
