package io.peermesh.forward;

import io.peermesh.frame.Mem;
import io.peermesh.ip.Endpoint;
import io.peermesh.port.Datagrams;
import io.peermesh.port.ReceiveBatch;
import io.peermesh.port.Tun;
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

    private static final int SCRATCH_BYTES = 2048;

    private final Counters counters = new Counters();
    private final Events events;
    private final Sockets sockets;
    private final KeyRotation keys;
    private final ReceiveBatch batch;
    private final Optional<Tun> tun;
    private final long scratch;

    /**
     * A forwarder without sockets, sessions and routes, which come by {@link #setSocket} and {@link
     * #execute}.
     *
     * @param tun the way to the local kernel; empty where packets are only forwarded
     * @param events takes what the control side must know
     * @param memory holds the packet buffers, about 2 MB; close it only after the last call
     */
    public Forwarder(
            Optional<Tun> tun, EventSink events, ForwarderSettings settings, Arena memory) {
        this.tun = tun;
        this.events = new Events(events, counters);
        this.sockets = new Sockets(counters);
        this.keys = new KeyRotation(new SessionTable(), this.events);
        this.batch = new ReceiveBatch(memory);
        this.scratch = Mem.allocate(memory, SCRATCH_BYTES);
    }

    /** Sends and receives by this socket from now on; the caller closes the one of before. */
    public void setSocket(int socket, Datagrams datagrams) {
        sockets.put(socket, datagrams);
    }

    /** Has no such socket from now on: what would leave by it is dropped. */
    public void removeSocket(int socket) {
        sockets.put(socket, null);
    }

    /** Carries out what the control side wants. */
    public void execute(DataCommand command, long nowNanos) {
        switch (command) {
            case DataCommand.Install install -> keys.install(install.tunnel(), install.keypair());
            case DataCommand.Clear clear -> keys.clear(clear.tunnel());
            case DataCommand.Publish publish -> {}
            case DataCommand.SendHandshake send -> sendHandshake(send);
            case DataCommand.SendControl send -> {}
            case DataCommand.SendKeepalive send -> {}
            case DataCommand.SetEndpoint set -> setEndpoint(set.tunnel(), set.endpoint());
        }
    }

    private void sendHandshake(DataCommand.SendHandshake send) {
        byte[] message = send.message();
        if (message.length > SCRATCH_BYTES) {
            counters.drop(DropReason.SEND_FAILED);
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
     * Receives one batch from a socket and forwards what is in it. Whatever leaves by a tunnel has
     * left when this returns; packets for the TUN may wait for {@link #flush}.
     *
     * @return whether anything was received
     */
    public boolean receive(int socket, long nowNanos) {
        Datagrams datagrams = sockets.at(socket);
        if (datagrams == null) {
            return false;
        }
        int buffers = datagrams.receive(batch);
        return buffers > 0;
    }

    /**
     * Reads up to {@code maxPackets} (super-)packets from the TUN and forwards them.
     *
     * @return whether any was read
     */
    public boolean readTun(int maxPackets, long nowNanos) {
        return tun.isPresent() && maxPackets > 0 && nowNanos == 0;
    }

    /** Sends what waits for more to join it; call it at the end of each turn of the loop. */
    public void flush(long nowNanos) {
        events.retry();
    }

    /** What happened since start. */
    public Counters counters() {
        return counters;
    }
}
