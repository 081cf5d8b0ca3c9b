package io.peermesh.forward;

import io.peermesh.crypto.Aead;
import io.peermesh.frame.Mem;
import io.peermesh.port.Datagrams;
import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.TransportHeader;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * Seals what does not leave in place: packets from the TUN, fragments, ICMP of our own, control
 * messages. Sealing itself carries them into one open batch, which leaves when the destination or
 * the length changes, or at {@link #flush}.
 */
final class Outbound {
    /**
     * Bytes behind each packet given to {@link #send} that it may touch: they hold the padding
     * while the packet is sealed, and are as before afterwards.
     */
    static final int SLACK_BYTES = 16;

    private final Counters counters;
    private final Waiting waiting;
    private final Guard guard;
    private final SendRun run;
    private final long buffer;
    private final Packet released = new Packet();

    Outbound(Counters counters, Sockets sockets, Waiting waiting, Guard guard, Arena memory) {
        this.guard = guard;
        this.counters = counters;
        this.waiting = waiting;
        this.run = new SendRun(sockets);
        this.buffer = Mem.allocate(memory, 2L * Datagrams.MAX_SEND_BYTES);
    }

    /** The keys to send with; null when there are none, or none that may still be used. */
    static @Nullable Keypair usableKeys(Tunnel tunnel, long nowNanos) {
        Keypair keys = tunnel.current;
        return keys != null && keys.usable(nowNanos) ? keys : null;
    }

    /** WireGuard's padding: to a multiple of 16, but not beyond the MTU (whitepaper §5.4.6). */
    static int paddedBytes(int bytes, int mtuBytes) {
        return Math.min(bytes + 15 & ~15, Math.max(bytes, mtuBytes));
    }

    /** Seals the packet for a tunnel whose MTU it fits, or lets it wait for keys. */
    void send(Packet packet, Tunnel to, TrafficPath path, long nowNanos) {
        Keypair keys = usableKeys(to, nowNanos);
        if (keys == null) {
            waiting.add(packet, to, path, nowNanos);
            return;
        }
        if (guard.holds(to, keys, nowNanos)) {
            counters.drop(DropReason.HELD_BACK);
            return;
        }
        if (packet.unfilled && to.kind != Tunnel.Kind.LINK) {
            packet.completeChecksum();
        }
        int padded = paddedBytes(packet.bytes, to.innerMtuBytes);
        int flags = packet.unfilled ? TransportHeader.FLAG_CHECKSUM_UNFILLED : 0;
        sealPadded(packet, to, keys, padded, flags, nowNanos);
        counters.passed(path, 1, packet.bytes);
    }

    private void sealPadded(
            Packet packet, Tunnel to, Keypair keys, int padded, int flags, long nowNanos) {
        int visited = Seal.visited(packet, to);
        if (padded == packet.bytes) {
            seal(to, keys, packet.address, padded, flags, visited, nowNanos);
            return;
        }
        long end =
                packet.address
                        + packet.bytes; // the next packet of a split one may already stand there
        long first = Mem.i64Ne(end);
        long second = Mem.i64Ne(end + 8);
        Mem.put64Ne(end, 0);
        Mem.put64Ne(end + 8, 0);
        seal(to, keys, packet.address, padded, flags, visited, nowNanos);
        Mem.put64Ne(end, first);
        Mem.put64Ne(end + 8, second);
    }

    private void seal(
            Tunnel to, Keypair keys, long from, int bytes, int flags, int visited, long nowNanos) {
        int datagramBytes = TransportHeader.BYTES + bytes + Aead.TAG_BYTES;
        long at = run.joint(to, datagramBytes);
        if (at == 0) {
            run.flush(nowNanos);
            at = buffer;
        }
        Seal.write(to, keys, flags, visited, from, bytes, at);
        run.add(to, at, datagramBytes, /* carriesData= */ bytes > 0, nowNanos);
    }

    /**
     * Seals bytes that are not an IP packet, without padding, and sends them at once.
     *
     * @return false when there are no keys
     */
    boolean sendPlain(Tunnel to, long from, int bytes, long nowNanos) {
        return sendPlain(to, from, bytes, /* visited= */ 0, nowNanos);
    }

    /** The same for what has passed other controllers. */
    boolean sendPlain(Tunnel to, long from, int bytes, int visited, long nowNanos) {
        Keypair keys = usableKeys(to, nowNanos);
        if (keys == null) {
            waiting.ask(to, nowNanos);
            counters.drop(DropReason.NO_SESSION);
            return false;
        }
        seal(to, keys, from, bytes, /* flags= */ 0, visited, nowNanos);
        run.flush(nowNanos);
        return true;
    }

    /**
     * Sends what has waited for keys.
     *
     * @return how many packets
     */
    int release(Tunnel tunnel, long nowNanos) {
        int count = waiting.count(tunnel);
        for (int i = 0; i < count; i++) {
            TrafficPath path = waiting.take(tunnel, released);
            send(released, tunnel, path, nowNanos);
        }
        return count;
    }

    void flush(long nowNanos) {
        run.flush(nowNanos);
    }
}
