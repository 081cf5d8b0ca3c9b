package io.peermesh.session;

import io.peermesh.ip.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The packet path's view of one client or one peer link: which keys to use, where to send, what
 * happened. Its identity outlives rekeying and roaming, so that forwarding tables may refer to it.
 *
 * <p>Mutable fields belong to the packet loop; {@link Activity} is readable from any thread.
 */
public final class Tunnel {
    /** What is at the other end. */
    public enum Kind {
        /** A stock WireGuard client: no additional data, its own source address only. */
        CLIENT,
        /** Another controller: the header is authenticated, control messages are allowed. */
        LINK,
        /** A controller as a client sees it, WireGuard on the wire: what it brings is for us. */
        GATEWAY
    }

    /** Client or link. */
    public final Kind kind;

    /** Controller id for a link and a gateway; sequential id of the clientpack for a client. */
    public final int id;

    /** Overlay address of the other end. */
    public final IpAddress overlayAddress;

    /** Which socket sends: 0 is the clients' port, 1..10 the link to that controller. */
    public final int socket;

    /** The largest packet to send inside, bytes. */
    public final int innerMtuBytes;

    /** What happened, for timers and status. */
    public final Activity activity = new Activity();

    /** Keys to send with; null before the first handshake. Packet loop only. */
    public @Nullable Keypair current;

    /** Keys that we gave as responder and the other side has not used yet. Packet loop only. */
    public @Nullable Keypair next;

    /** Keys of before, for datagrams under way. Packet loop only. */
    public @Nullable Keypair previous;

    /** Upper half of the outer address of the other end. Packet loop only. */
    public long endpointHi;

    /** Lower half. Packet loop only. */
    public long endpointLo;

    /** Outer UDP port of the other end; 0 while unknown. Packet loop only. */
    public int endpointPort;

    /** The controller that the client is at now; 0 for this one. Packet loop only. */
    public int movedTo;

    /** When it last moved, here or away; {@link Activity#NEVER} for never. Packet loop only. */
    public long movedNanos = Activity.NEVER;

    /** When a silent client was last sent something; {@link Activity#NEVER} for never. */
    public long probedNanos = Activity.NEVER;

    /** When it was last told that datagrams come by another controller. Packet loop only. */
    public long relayToldNanos = Activity.NEVER;

    /** A tunnel without keys and endpoint. */
    public Tunnel(Kind kind, int id, IpAddress overlayAddress, int socket, int innerMtuBytes) {
        this.kind = kind;
        this.id = id;
        this.overlayAddress = overlayAddress;
        this.socket = socket;
        this.innerMtuBytes = innerMtuBytes;
    }

    /** The client moves to another controller, or with 0 to this one. Packet loop only. */
    public void move(int controllerId, long nowNanos) {
        movedTo = controllerId;
        movedNanos = nowNanos;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case LINK -> "link to controller " + id;
            case CLIENT -> "client " + overlayAddress;
            case GATEWAY -> "controller " + id;
        };
    }
}
