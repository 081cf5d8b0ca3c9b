package io.peermesh.session;

import io.peermesh.crypto.CipherSuite;
import io.peermesh.ip.Endpoint;
import io.peermesh.wire.Tai64n;
import java.util.Optional;
import java.util.UUID;

/**
 * What sessions want done. Called on the control thread, in the middle of an input to a {@link
 * SessionMachine} or {@link HandshakeGate}; must not call back into them.
 */
public interface SessionOutput {
    /** Hands new keys to the packet path: as initiator for use at once, as responder as next. */
    void install(Tunnel tunnel, Keypair keypair);

    /** Wipes all keys of the tunnel. */
    void clear(Tunnel tunnel);

    /**
     * Sends a handshake or cookie message as it is.
     *
     * @param socket 0 is the clients' port, else the controller id of the link
     */
    void sendHandshake(int socket, Endpoint to, byte[] message);

    /** Seals and sends an empty packet. */
    void sendKeepalive(Tunnel tunnel);

    /** Sets where the tunnel sends to. */
    void setEndpoint(Tunnel tunnel, Endpoint endpoint);

    /** An initiation went out that bore this timestamp. */
    default void initiated(Tunnel tunnel, Tai64n timestamp) {}

    /** A session is proven: both sides hold its keys. */
    void established(Tunnel tunnel, Established session, long nowNanos);

    /** A session, or the attempt to get one, is over. */
    void ended(Tunnel tunnel, Ended cause, long nowNanos);

    /** A message was not acted upon. */
    void refused(Refused refused);

    /**
     * What is known of a proven session.
     *
     * @param initiator whether we started its handshake
     * @param peer on links: what the other side told of itself
     * @param timestamp that the other side started the handshake with; {@link Tai64n#NONE} when we
     *     started it
     */
    record Established(
            Keypair keypair,
            boolean initiator,
            CipherSuite cipher,
            Optional<LinkPeer> peer,
            Tai64n timestamp) {}

    /**
     * What a peer told of itself in the handshake.
     *
     * @param installation names its installation, for life
     * @param instance random, new at each of its starts
     * @param version the link protocol version in use
     */
    record LinkPeer(UUID installation, long instance, int version) {}

    /** Why a session ended. */
    enum Ended {
        /** No answer for 90 s; packets that waited for the session are lost. */
        GAVE_UP,
        /** No new keys for 540 s; the old ones are wiped. */
        EXPIRED
    }

    /**
     * A message that was not acted upon.
     *
     * @param socket where it arrived
     * @param from its source, which may be forged
     * @param tunnel whose it is, if it got that far
     * @param detail for the operator; empty when the reason says it all; of a replay, by how many
     *     seconds it is older than the last one
     */
    record Refused(
            Refusal reason, int socket, Endpoint from, Optional<Tunnel> tunnel, String detail) {}
}
