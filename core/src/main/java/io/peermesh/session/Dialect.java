package io.peermesh.session;

import io.peermesh.wire.HandshakeLayout;

/** Which handshake is spoken: that of stock WireGuard, or our own on peer links. */
public sealed interface Dialect {
    /** Sizes of the messages. */
    HandshakeLayout layout();

    /** WireGuard, exactly. */
    record WireGuard() implements Dialect {
        @Override
        public HandshakeLayout layout() {
            return HandshakeLayout.WIREGUARD;
        }
    }

    /** The handshake between controllers; the peer's id is the tunnel's. */
    record Link(LinkTerms terms) implements Dialect {
        @Override
        public HandshakeLayout layout() {
            return HandshakeLayout.LINK;
        }
    }
}
