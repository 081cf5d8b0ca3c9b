package io.peermesh.forward;

import io.peermesh.ip.Endpoint;
import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;

/**
 * What the packet path tells the control side. Rare by nature; the queue between them is bounded.
 */
public sealed interface DataEvent {
    /**
     * A datagram that is not transport data: handshake or cookie, unchecked but for its length.
     *
     * @param socket 0 for the clients' port, else the controller id of the link
     */
    record HandshakeReceived(int socket, Endpoint from, byte[] message) implements DataEvent {}

    /** An authentic control message between controllers (first nibble 0). */
    record ControlReceived(Tunnel tunnel, byte[] plaintext) implements DataEvent {}

    /** The other side used the keys that we gave as responder: the session is proven. */
    record Confirmed(Tunnel tunnel, Keypair keypair) implements DataEvent {}

    /** A packet wants to go out, and there are no usable keys. */
    record SessionNeeded(Tunnel tunnel) implements DataEvent {}

    /** An authentic packet came from a new outer address, which is now the tunnel's endpoint. */
    record Roamed(Tunnel tunnel, Endpoint endpoint) implements DataEvent {}

    /**
     * The network said that what was sent by this link's socket did not reach the peer. Anybody may
     * have forged it.
     *
     * @param socket controller id of the link
     */
    record Unreachable(int socket) implements DataEvent {}

    /**
     * A client's authentic datagram came in at another controller; told once a second.
     *
     * @param controllerId where it came in
     */
    record Relayed(Tunnel tunnel, int controllerId) implements DataEvent {}

    /** The keypair is out of use and wiped; its index is free. */
    record Retired(Tunnel tunnel, Keypair keypair) implements DataEvent {}
}
