package io.peermesh.session;

import io.peermesh.crypto.PublicKey;
import java.util.Optional;

/** Who may have a session with us. Asked on the control thread. */
@FunctionalInterface
public interface PeerDirectory {
    /**
     * The machine of the peer with this static key.
     *
     * @param socket where the handshake arrived: 0 is the clients' port, else the controller id
     */
    Optional<SessionMachine> find(int socket, PublicKey staticKey);
}
