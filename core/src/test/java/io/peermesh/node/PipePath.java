package io.peermesh.node;

import io.peermesh.forward.DataCommand;
import io.peermesh.forward.DataEvent;
import io.peermesh.forward.Fib;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A packet path without packets: rotates keys and carries control messages and keepalives over a
 * {@link Pipe}, in clear.
 */
final class PipePath {
    final Queue<DataEvent> events = new ArrayDeque<>();
    Optional<Fib> fib = Optional.empty();
    int published;

    private final Pipe pipe;
    private final Pipe.Host host;
    private final Map<Integer, Tunnel> tunnels = new HashMap<>();
    private final Map<Integer, Keypair> keypairs = new HashMap<>();
    private final Set<Integer> muted = new HashSet<>();

    PipePath(Pipe pipe, Pipe.Host host) {
        this.pipe = pipe;
        this.host = host;
    }

    void execute(DataCommand command) {
        switch (command) {
            case DataCommand.Install install -> install(install.tunnel(), install.keypair());
            case DataCommand.Clear clear -> clear(clear.tunnel());
            case DataCommand.Publish publish -> {
                fib = Optional.of(publish.fib());
                published++;
            }
            case DataCommand.SendHandshake send ->
                    send(send.socket(), send.to(), new Pipe.Handshake(send.message()));
            case DataCommand.Mute mute -> {
                muted.remove(mute.socket());
                if (mute.muted()) {
                    muted.add(mute.socket());
                }
            }
            case DataCommand.SendControl send -> transport(send.tunnel(), send.plaintext());
            case DataCommand.SendKeepalive send -> transport(send.tunnel(), new byte[0]);
            case DataCommand.Move move -> move.tunnel().move(move.controllerId(), pipe.now);
            case DataCommand.Isolate _ -> {}
            case DataCommand.SetEndpoint set -> setEndpoint(set.tunnel(), set.endpoint());
        }
    }

    private static void setEndpoint(Tunnel tunnel, Endpoint endpoint) {
        tunnel.endpointHi = endpoint.address().hi();
        tunnel.endpointLo = endpoint.address().lo();
        tunnel.endpointPort = endpoint.port();
    }

    private void install(Tunnel tunnel, Keypair keypair) {
        tunnels.put(keypair.localIndex, tunnel);
        keypairs.put(keypair.localIndex, keypair);
        if (keypair.initiator) {
            retire(tunnel, tunnel.previous);
            tunnel.previous = tunnel.current;
            tunnel.current = keypair;
            transport(tunnel, new byte[0]);
        } else {
            retire(tunnel, tunnel.next);
            tunnel.next = keypair;
        }
    }

    private void clear(Tunnel tunnel) {
        retire(tunnel, tunnel.current);
        retire(tunnel, tunnel.next);
        retire(tunnel, tunnel.previous);
        tunnel.current = null;
        tunnel.next = null;
        tunnel.previous = null;
    }

    private void retire(Tunnel tunnel, @Nullable Keypair keypair) {
        if (keypair != null) {
            tunnels.remove(keypair.localIndex);
            keypairs.remove(keypair.localIndex);
            events.add(new DataEvent.Retired(tunnel, keypair));
        }
    }

    private void transport(Tunnel tunnel, byte[] plaintext) {
        Keypair keypair = tunnel.current;
        if (keypair == null || tunnel.endpointPort == 0 || !keypair.usable(pipe.now)) {
            return;
        }
        tunnel.activity.sent(1, plaintext.length + 32, plaintext.length > 0, pipe.now);
        var to =
                new Endpoint(
                        new IpAddress(tunnel.endpointHi, tunnel.endpointLo), tunnel.endpointPort);
        send(tunnel.socket, to, new Pipe.Transport(keypair.remoteIndex, plaintext));
    }

    private void send(int socket, Endpoint to, Pipe.Datagram datagram) {
        if (!muted.contains(socket)) {
            pipe.send(host, socket, to, datagram);
        }
    }

    void receive(int socket, Endpoint from, Pipe.Datagram datagram) {
        if (muted.contains(socket)) {
            return;
        }
        switch (datagram) {
            case Pipe.Handshake(byte[] message) ->
                    events.add(new DataEvent.HandshakeReceived(socket, from, message));
            case Pipe.Transport(int index, byte[] plaintext) -> receive(index, from, plaintext);
        }
    }

    private void receive(int index, Endpoint from, byte[] plaintext) {
        Tunnel tunnel = tunnels.get(index);
        Keypair keypair = keypairs.get(index);
        if (tunnel == null || keypair == null || !keypair.usable(pipe.now)) {
            return;
        }
        tunnel.activity.received(1, plaintext.length + 32, plaintext.length > 0, pipe.now);
        if (keypair == tunnel.next) {
            retire(tunnel, tunnel.previous);
            tunnel.previous = tunnel.current;
            tunnel.current = keypair;
            tunnel.next = null;
            roam(tunnel, from);
            events.add(new DataEvent.Confirmed(tunnel, keypair));
        } else {
            roam(tunnel, from);
        }
        if (plaintext.length > 0) {
            events.add(new DataEvent.ControlReceived(tunnel, plaintext));
        }
    }

    private void roam(Tunnel tunnel, Endpoint from) {
        boolean same =
                tunnel.endpointHi == from.address().hi()
                        && tunnel.endpointLo == from.address().lo()
                        && tunnel.endpointPort == from.port();
        if (!same) {
            setEndpoint(tunnel, from);
            events.add(new DataEvent.Roamed(tunnel, from));
        }
    }
}
