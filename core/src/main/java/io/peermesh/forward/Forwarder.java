package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.ip.Endpoint;
import io.peermesh.port.Datagrams;
import io.peermesh.port.Tun;
import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * The packet path of one controller: opens, checks, routes and seals, in batches and in place. A
 * loop turns it:
 *
 * <pre>
 *   while running:
 *     for each command:  execute(command, now)
 *     for each readable socket:  receive(socket, now)
 *     readTun(limit, now)
 *     flush(now)
 *     if nothing had work:  wait
 * </pre>
 *
 * <p>Owned by one thread; {@link #counters} may be read by any. Time is monotonic nanoseconds.
 */
public final class Forwarder {
    /** The number of sockets: 0 is the clients' port, 1..10 the link to that controller. */
    public static final int SOCKETS = Sockets.COUNT;

    /** The longest handshake or control message. */
    public static final int MAX_MESSAGE_BYTES = 9000;

    private final Counters counters = new Counters();
    private final Routes routes = new Routes();
    private final Events events;
    private final Sockets sockets;
    private final KeyRotation keys;
    private final Waiting waiting;
    private final Guard guard = new Guard();
    private final Outbound outbound;
    private final ExpressLane express;
    private final Local local;
    private final Inbound inbound;
    private final Optional<TunReader> tunReader;
    private final long scratch;

    /**
     * A forwarder without sockets, sessions and routes, which come by {@link #setSocket} and {@link
     * #execute}.
     *
     * @param tun the way to the local kernel; empty where packets are only forwarded
     * @param sink takes what the control side must know
     * @param memory holds the packet buffers, about 2 MB; close it only after the last call
     */
    public Forwarder(Optional<Tun> tun, EventSink sink, ForwarderSettings settings, Arena memory) {
        var sessions = new SessionTable();
        events = new Events(sink, counters);
        sockets = new Sockets(counters);
        keys = new KeyRotation(sessions, events);
        waiting = new Waiting(counters, events, memory);
        outbound = new Outbound(counters, sockets, waiting, guard, memory);
        express = new ExpressLane(counters, sockets, waiting, guard);
        var fragmenter = new Fragmenter(outbound, memory);
        Optional<TunWriter> writer = tun.map(device -> new TunWriter(counters, device, memory));
        var icmp = new Icmp(counters, routes, outbound, writer, settings, memory);
        local = writer.isPresent() ? writer.get() : new NoTun(counters, routes, icmp);
        tunReader =
                tun.map(device ->
                        new TunReader(
                                counters, device, routes, outbound, fragmenter, icmp, memory));
        var router = new Router(counters, routes, express, fragmenter, icmp, local);
        var relays = new Relays(counters, routes, outbound, memory);
        inbound =
                new Inbound(
                        counters, events, sessions, keys, outbound, router, local, relays, memory);
        scratch = Mem.allocate(memory, MAX_MESSAGE_BYTES);
    }

    /** Sends and receives by this socket from now on; the caller closes the one of before. */
    public void setSocket(int socket, Datagrams datagrams) {
        sockets.put(socket, datagrams);
    }

    /** Has no such socket from now on: what would leave by it is dropped. */
    public void removeSocket(int socket) {
        sockets.put(socket, null);
    }

    /** Carries out what the control side wants; what it sends has left when this returns. */
    public void execute(DataCommand command, long nowNanos) {
        switch (command) {
            case DataCommand.Install install ->
                    install(install.tunnel(), install.keypair(), nowNanos);
            case DataCommand.Clear clear -> keys.clear(clear.tunnel());
            case DataCommand.Publish publish -> publish(publish.fib());
            case DataCommand.SendHandshake send -> sendHandshake(send);
            case DataCommand.SendControl send -> sendControl(send, nowNanos);
            case DataCommand.SendKeepalive send -> sendKeepalive(send.tunnel(), nowNanos);
            case DataCommand.Mute mute -> sockets.mute(mute.socket(), mute.muted());
            case DataCommand.Isolate isolate -> guard.isolate(isolate.isolated(), nowNanos);
            case DataCommand.Move move -> move.tunnel().move(move.controllerId(), nowNanos);
            case DataCommand.SetEndpoint set -> setEndpoint(set.tunnel(), set.endpoint());
        }
    }

    private void publish(Fib fib) {
        local.flush(); // what is joined further without asking was routed by the old one
        routes.publish(fib);
    }

    /** As initiator we have to use the new keys, or the other side never may. */
    private void install(Tunnel tunnel, Keypair keypair, long nowNanos) {
        keys.install(tunnel, keypair);
        if (!keypair.initiator) {
            return;
        }
        if (outbound.release(tunnel, nowNanos) == 0) {
            sendKeepalive(tunnel, nowNanos);
        }
        outbound.flush(nowNanos);
    }

    private void sendKeepalive(Tunnel tunnel, long nowNanos) {
        outbound.sendPlain(tunnel, scratch, /* bytes= */ 0, nowNanos);
    }

    private void sendControl(DataCommand.SendControl send, long nowNanos) {
        byte[] text = send.plaintext();
        if (text.length > MAX_MESSAGE_BYTES) {
            counters.drop(DropReason.TOO_BIG);
            return;
        }
        Mem.copy(text, 0, scratch, text.length);
        outbound.sendPlain(send.tunnel(), scratch, text.length, nowNanos);
    }

    private void sendHandshake(DataCommand.SendHandshake send) {
        byte[] message = send.message();
        if (message.length > MAX_MESSAGE_BYTES) {
            counters.drop(DropReason.TOO_BIG);
            return;
        }
        Mem.copy(message, 0, scratch, message.length);
        sockets.send(
                send.socket(),
                send.to().address().hi(),
                send.to().address().lo(),
                send.to().port(),
                scratch,
                message.length,
                message.length,
                1);
    }

    private static void setEndpoint(Tunnel tunnel, Endpoint endpoint) {
        tunnel.endpointHi = endpoint.address().hi();
        tunnel.endpointLo = endpoint.address().lo();
        tunnel.endpointPort = endpoint.port();
    }

    /**
     * Receives one batch from a socket and forwards what is in it. What goes from tunnel to tunnel
     * has left when this returns; the rest may wait for {@link #flush}.
     *
     * @param socket 0..10
     * @return whether anything was received
     */
    public boolean receive(int socket, long nowNanos) {
        Datagrams datagrams = sockets.at(socket);
        if (datagrams == null) {
            return false;
        }
        boolean muted = sockets.isMuted(socket);
        boolean worked = inbound.receive(socket, datagrams, muted, nowNanos);
        express.flush(nowNanos); // the buffers are filled again by the next call
        if (datagrams.takeUnreachable()) {
            events.offer(new DataEvent.Unreachable(socket));
        }
        return worked;
    }

    /**
     * Reads up to {@code maxPackets} (super-)packets from the TUN and forwards them.
     *
     * @return whether any was read
     */
    public boolean readTun(int maxPackets, long nowNanos) {
        return tunReader.isPresent() && tunReader.get().read(maxPackets, nowNanos);
    }

    /** Sends what waits for more to join it; call it at the end of each turn of the loop. */
    public void flush(long nowNanos) {
        outbound.flush(nowNanos);
        local.flush();
        waiting.sweep(nowNanos);
        events.retry();
    }

    /** What happened since start. */
    public Counters counters() {
        return counters;
    }
}
