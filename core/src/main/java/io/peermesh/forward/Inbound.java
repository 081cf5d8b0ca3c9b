package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.Datagrams;
import io.peermesh.port.ReceiveBatch;
import io.peermesh.session.Activity;
import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.HandshakeLayout;
import io.peermesh.wire.MessageType;
import io.peermesh.wire.Relay;
import io.peermesh.wire.TransportHeader;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * From the network: takes received buffers apart, finds each datagram's session, opens it in place
 * and passes the packet on. What is not transport data goes to the control side as it is.
 *
 * <p>Order of checks: form, index, socket, age of the keys, replay, authenticity; only then is
 * anything believed or changed.
 */
final class Inbound {
    /** That a client's datagrams come by another controller is told no more often. */
    static final long RELAY_TOLD_NANOS = 1_000_000_000L;

    private final Counters counters;
    private final Events events;
    private final SessionTable sessions;
    private final KeyRotation keys;
    private final Outbound outbound;
    private final Router router;
    private final Local local;
    private final Relays relays;
    private final ReceiveBatch batch;
    private final Packet packet = new Packet();

    // What the current tunnel received, noted once per run of datagrams and not for each.
    private @Nullable Tunnel runTunnel;
    private int runPackets;
    private long runBytes;
    private boolean runData;

    Inbound(
            Counters counters,
            Events events,
            SessionTable sessions,
            KeyRotation keys,
            Outbound outbound,
            Router router,
            Local local,
            Relays relays,
            Arena memory) {
        this.relays = relays;
        this.counters = counters;
        this.events = events;
        this.sessions = sessions;
        this.keys = keys;
        this.outbound = outbound;
        this.router = router;
        this.local = local;
        this.batch = new ReceiveBatch(memory);
    }

    /**
     * Receives one batch and passes on what is in it; false when there was none.
     *
     * @param muted drop it all
     */
    boolean receive(int socket, Datagrams datagrams, boolean muted, long nowNanos) {
        int buffers = datagrams.receive(batch);
        for (int i = 0; i < buffers; i++) {
            if (muted) {
                counters.drop(DropReason.MUTED, datagrams(i));
                continue;
            }
            receiveBuffer(socket, i, nowNanos);
        }
        noteActivity(nowNanos);
        return buffers > 0;
    }

    private int datagrams(int buffer) {
        int segment = batch.segmentBytes[buffer];
        return segment <= 0 ? 1 : Math.max(1, Math.ceilDiv(batch.bytes[buffer], segment));
    }

    private void receiveBuffer(int socket, int buffer, long nowNanos) {
        long at = batch.address[buffer];
        int left = batch.bytes[buffer];
        int segment = batch.segmentBytes[buffer];
        if (segment <= 0) {
            segment = Math.max(left, 1);
        }
        do {
            int bytes = Math.min(segment, left);
            receiveDatagram(socket, buffer, at, bytes, nowNanos);
            at += bytes;
            left -= bytes;
        } while (left > 0);
    }

    private void receiveDatagram(int socket, int buffer, long at, int bytes, long nowNanos) {
        if (TransportHeader.isValid(at, bytes)) {
            receiveTransport(socket, buffer, at, bytes, nowNanos);
        } else if (isHandshake(at, bytes)) {
            if (socket == 0 && passOn(buffer, at, bytes, nowNanos)) {
                return;
            }
            events.offer(
                    new DataEvent.HandshakeReceived(
                            socket, source(buffer), Mem.toBytes(at, bytes)));
        } else {
            counters.drop(DropReason.MALFORMED_DATAGRAM);
        }
    }

    private static boolean isHandshake(long at, int bytes) {
        if (bytes < HandshakeLayout.COOKIE_REPLY_BYTES
                || bytes > HandshakeLayout.MAX_MESSAGE_BYTES) {
            return false;
        }
        int type = Mem.i32Le(at);
        return type >= MessageType.INITIATION && type <= MessageType.COOKIE_REPLY;
    }

    private Endpoint source(int buffer) {
        return new Endpoint(
                new IpAddress(batch.sourceHi[buffer], batch.sourceLo[buffer]),
                batch.sourcePort[buffer]);
    }

    private void receiveTransport(int socket, int buffer, long at, int bytes, long nowNanos) {
        int slot = sessions.find(TransportHeader.receiver(at));
        if (slot < 0) {
            if (socket != 0 || !passOn(buffer, at, bytes, nowNanos)) {
                counters.drop(DropReason.UNKNOWN_INDEX);
            }
            return;
        }
        Tunnel tunnel = sessions.tunnel(slot);
        Keypair keypair = sessions.keypair(slot);
        if (tunnel.socket != socket) {
            counters.drop(DropReason.WRONG_SOCKET);
            return;
        }
        if (tunnel.kind != Tunnel.Kind.LINK && !TransportHeader.isPlain(at)) {
            counters.drop(DropReason.MALFORMED_DATAGRAM);
            return;
        }
        int plainBytes = bytes - TransportHeader.MIN_MESSAGE_BYTES;
        long reserved = local.reserve(tunnel, plainBytes);
        if (!open(tunnel, keypair, at, bytes, reserved, nowNanos)) {
            if (reserved != 0) {
                local.cancel();
            }
            return;
        }
        if (keypair == tunnel.next) {
            keys.promote(tunnel, keypair);
            outbound.release(tunnel, nowNanos);
        }
        follow(tunnel, buffer);
        note(tunnel, bytes, plainBytes > 0, nowNanos);
        if (plainBytes > 0 && !joined(tunnel, reserved, at, plainBytes)) {
            receivePlain(tunnel, at, plainBytes, nowNanos);
        }
    }

    /**
     * Opens in place, or where the packet is expected to join others; false, with the reason
     * counted, when that is not allowed or fails.
     */
    private boolean open(
            Tunnel tunnel, Keypair keypair, long at, int bytes, long reserved, long nowNanos) {
        long counter = TransportHeader.counter(at);
        if (nowNanos - keypair.createdNanos >= Keypair.REJECT_AFTER_NANOS
                || Long.compareUnsigned(counter, Keypair.REJECT_AFTER_MESSAGES) >= 0) {
            counters.drop(DropReason.EXPIRED_KEYS);
            return false;
        }
        if (!keypair.window.isFresh(counter)) {
            counters.drop(DropReason.REPLAYED);
            return false;
        }
        long text = at + TransportHeader.BYTES;
        int textBytes = bytes - TransportHeader.BYTES;
        int additional = Seal.additionalBytes(tunnel);
        long to = reserved != 0 ? reserved : text;
        if (!keypair.opener.open(counter, at, additional, text, textBytes, to)) {
            counters.drop(DropReason.NOT_AUTHENTIC);
            return false;
        }
        keypair.window.mark(counter);
        return true;
    }

    /** The authentic packet says where the other end is now. */
    private void follow(Tunnel tunnel, int buffer) {
        if (tunnel.endpointLo == batch.sourceLo[buffer]
                && tunnel.endpointPort == batch.sourcePort[buffer]
                && tunnel.endpointHi == batch.sourceHi[buffer]) {
            return;
        }
        tunnel.endpointHi = batch.sourceHi[buffer];
        tunnel.endpointLo = batch.sourceLo[buffer];
        tunnel.endpointPort = batch.sourcePort[buffer];
        events.tell(new DataEvent.Roamed(tunnel, source(buffer)));
    }

    private void note(Tunnel tunnel, int bytes, boolean data, long nowNanos) {
        if (tunnel != runTunnel) {
            noteActivity(nowNanos);
            runTunnel = tunnel;
        }
        runPackets++;
        runBytes += bytes;
        runData |= data;
    }

    private void noteActivity(long nowNanos) {
        if (runTunnel == null) {
            return;
        }
        runTunnel.activity.received(runPackets, runBytes, runData, nowNanos);
        runTunnel = null;
        runPackets = 0;
        runBytes = 0;
        runData = false;
    }

    /** Whether a packet opened at {@code reserved} belongs there; if not, it is moved back. */
    private boolean joined(Tunnel tunnel, long reserved, long at, int bytes) {
        if (reserved == 0) {
            return false;
        }
        if (parse(tunnel, at, reserved, bytes) && local.join(packet)) {
            return true;
        }
        Mem.copy(reserved, at + TransportHeader.BYTES, bytes);
        local.cancel();
        return false;
    }

    private void receivePlain(Tunnel tunnel, long at, int bytes, long nowNanos) {
        long plain = at + TransportHeader.BYTES;
        if (tunnel.kind == Tunnel.Kind.LINK && Mem.u8(plain) >>> 4 == 0) {
            if (Relay.isValid(plain, bytes)) {
                receiveRelayed(tunnel, at, bytes, nowNanos);
                return;
            }
            events.offer(new DataEvent.ControlReceived(tunnel, Mem.toBytes(plain, bytes)));
            return;
        }
        if (parse(tunnel, at, plain, bytes)) {
            router.route(packet, tunnel, nowNanos);
        } else {
            counters.drop(DropReason.MALFORMED_PACKET);
        }
    }

    private boolean passOn(int buffer, long at, int bytes, long nowNanos) {
        return relays.passOn(
                at,
                bytes,
                batch.sourceHi[buffer],
                batch.sourceLo[buffer],
                batch.sourcePort[buffer],
                nowNanos);
    }

    /** A client's datagram that came in at another controller: ours to open, or to pass on. */
    private void receiveRelayed(Tunnel link, long at, int bytes, long nowNanos) {
        long plain = at + TransportHeader.BYTES;
        if (!relays.isOurs(plain, bytes)) {
            int visited = TransportHeader.visited(at) | TransportHeader.visitedBit(link.id);
            relays.forward(plain, bytes, visited, nowNanos);
            return;
        }
        long datagram = plain + Relay.HEADER_BYTES;
        int datagramBytes = bytes - Relay.HEADER_BYTES;
        if (!TransportHeader.isValid(datagram, datagramBytes)) {
            byte[] message = Mem.toBytes(datagram, datagramBytes);
            events.offer(new DataEvent.HandshakeReceived(0, Relay.source(plain), message));
            return;
        }
        int slot = sessions.find(TransportHeader.receiver(datagram));
        if (slot < 0) {
            counters.drop(DropReason.UNKNOWN_INDEX);
            return;
        }
        Tunnel client = sessions.tunnel(slot);
        if (client.kind != Tunnel.Kind.CLIENT || !TransportHeader.isPlain(datagram)) {
            counters.drop(DropReason.MALFORMED_DATAGRAM);
            return;
        }
        openRelayed(
                client,
                sessions.keypair(slot),
                Relay.relayId(plain),
                datagram,
                datagramBytes,
                nowNanos);
    }

    private void openRelayed(
            Tunnel client, Keypair keypair, int relayId, long at, int bytes, long nowNanos) {
        if (!open(client, keypair, at, bytes, /* reserved= */ 0, nowNanos)) {
            return;
        }
        if (keypair == client.next) {
            keys.promote(client, keypair);
            outbound.release(client, nowNanos);
        }
        int plainBytes = bytes - TransportHeader.MIN_MESSAGE_BYTES;
        note(client, bytes, plainBytes > 0, nowNanos);
        if (client.relayToldNanos == Activity.NEVER
                || nowNanos - client.relayToldNanos >= RELAY_TOLD_NANOS) {
            client.relayToldNanos = nowNanos;
            events.offer(new DataEvent.Relayed(client, relayId));
        }
        if (plainBytes > 0) {
            receivePlain(client, at, plainBytes, nowNanos);
        }
    }

    /** Reads a packet and what the header of its datagram, at {@code at}, says about it. */
    private boolean parse(Tunnel tunnel, long at, long plain, int bytes) {
        if (!packet.parse(plain, bytes, tunnel)) {
            return false;
        }
        if (tunnel.kind == Tunnel.Kind.LINK) {
            packet.visited = TransportHeader.visited(at) | TransportHeader.visitedBit(tunnel.id);
        }
        packet.unfilled = (TransportHeader.flags(at) & TransportHeader.FLAG_CHECKSUM_UNFILLED) != 0;
        return !packet.unfilled || packet.isTcp() || packet.isUdp();
    }
}
