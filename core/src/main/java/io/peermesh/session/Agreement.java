package io.peermesh.session;

import io.peermesh.crypto.CipherSuite;
import io.peermesh.session.SessionOutput.LinkPeer;
import java.util.Optional;

/**
 * What two sides agreed on, or why they did not.
 *
 * @param payload what the responder answers with; empty for the initiator
 * @param no present when there shall be no session
 */
record Agreement(CipherSuite cipher, Optional<LinkPeer> peer, byte[] payload, Optional<No> no) {
    static Agreement refused(Refusal reason, String detail, byte[] payload) {
        return new Agreement(
                CipherSuite.CHACHA20_POLY1305,
                Optional.empty(),
                payload,
                Optional.of(new No(reason, detail)));
    }

    static Agreement refused(Refusal reason, String detail) {
        return refused(reason, detail, new byte[0]);
    }
}
