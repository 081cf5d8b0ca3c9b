package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.session.IndexTable;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.Relay;
import io.peermesh.wire.TransportHeader;
import java.lang.foreign.Arena;

/**
 * Passes clients' datagrams on to the controller whose index they bear, inside the links: a client
 * that moves has sent them before it knew, or goes on under keys of its former controller. The
 * index may be forged, and proves nothing: one datagram in is one datagram out, to a peer, at a
 * limited rate for each source.
 */
final class Relays {
    /** Datagrams of one source in a second; sources are told apart by a hash. */
    static final int PER_SECOND = 5_000;

    /** And at once. */
    static final int BURST = 500;

    private static final int BUCKETS = 256;

    private final Counters counters;
    private final Routes routes;
    private final Outbound outbound;
    private final TokenBucket[] buckets = new TokenBucket[BUCKETS];
    private final long scratch;

    Relays(Counters counters, Routes routes, Outbound outbound, Arena memory) {
        this.counters = counters;
        this.routes = routes;
        this.outbound = outbound;
        this.scratch = Mem.allocate(memory, (long) Relay.HEADER_BYTES + Relay.MAX_DATAGRAM_BYTES);
        for (int i = 0; i < BUCKETS; i++) {
            buckets[i] = new TokenBucket(PER_SECOND, BURST);
        }
    }

    /**
     * Takes a datagram from the clients' socket whose index is not ours.
     *
     * @return false when it is not another controller's that can be reached
     */
    boolean passOn(long at, int bytes, long hi, long lo, int port, long nowNanos) {
        int target = IndexTable.controllerOf(Relay.receiver(at, bytes));
        if (target == routes.selfId() || bytes > Relay.MAX_DATAGRAM_BYTES) {
            return false;
        }
        Tunnel to = routes.linkTo(target, /* visited= */ 0);
        if (to == null) {
            return false;
        }
        if (!bucket(hi, lo).take(nowNanos)) {
            counters.drop(DropReason.RELAY_LIMITED);
            return true;
        }
        Relay.write(scratch, routes.selfId(), hi, lo, port);
        Mem.copy(at, scratch + Relay.HEADER_BYTES, bytes);
        send(to, scratch, bytes, /* visited= */ 0, nowNanos);
        return true;
    }

    /** Takes a relayed datagram from a link that is for yet another controller. */
    void forward(long plain, int bytes, int visited, long nowNanos) {
        int datagramBytes = bytes - Relay.HEADER_BYTES;
        int target = target(plain, bytes);
        Tunnel to = routes.linkTo(target, visited);
        if (to == null) {
            counters.drop(DropReason.UNKNOWN_INDEX);
            return;
        }
        Mem.copy(plain, scratch, bytes);
        send(to, scratch, datagramBytes, visited, nowNanos);
    }

    private void send(Tunnel to, long from, int datagramBytes, int visited, long nowNanos) {
        int way = visited | TransportHeader.visitedBit(routes.selfId());
        if (outbound.sendPlain(to, from, Relay.HEADER_BYTES + datagramBytes, way, nowNanos)) {
            counters.passed(TrafficPath.RELAYED, 1, datagramBytes);
        }
    }

    /** Whether a relayed datagram is for us. */
    boolean isOurs(long plain, int bytes) {
        return target(plain, bytes) == routes.selfId();
    }

    private static int target(long plain, int bytes) {
        long datagram = plain + Relay.HEADER_BYTES;
        return IndexTable.controllerOf(Relay.receiver(datagram, bytes - Relay.HEADER_BYTES));
    }

    private TokenBucket bucket(long hi, long lo) {
        long hash = (hi ^ lo) * 0x9E3779B97F4A7C15L;
        return buckets[(int) (hash >>> 56)];
    }
}
