package io.peermesh.session;

import io.peermesh.crypto.HandshakeAead;
import io.peermesh.crypto.PublicKey;
import io.peermesh.wire.HandshakeMessage.CookieReply;
import java.util.Optional;

/**
 * The sender's side of cookies: signs our handshake messages to one peer, and keeps the cookie that
 * it gave us.
 */
final class CookieJar {
    /** COOKIE_SECRET_MAX_AGE less COOKIE_SECRET_LATENCY of stock WireGuard: 120 s - 5 s. */
    static final long COOKIE_LIFE_NANOS = 115_000_000_000L;

    private final byte[] mac1Key;
    private final byte[] cookieKey;
    private byte[] lastMac1 = new byte[0];
    private byte[] cookie = new byte[0];
    private long cookieNanos;

    CookieJar(PublicKey peer) {
        mac1Key = Macs.mac1Key(peer);
        cookieKey = Macs.cookieKey(peer);
    }

    /** Fills in both MACs of a message that goes out now. */
    void sign(byte[] message, long nowNanos) {
        Macs.putMac1(message, mac1Key);
        lastMac1 = Macs.mac1(message);
        if (cookie.length > 0 && nowNanos - cookieNanos < COOKIE_LIFE_NANOS) {
            Macs.putMac2(message, cookie);
        }
    }

    /** Whether the reply is authentic and belongs to the last message; it is answered once. */
    boolean accept(CookieReply reply, long nowNanos) {
        if (lastMac1.length == 0) {
            return false;
        }
        Optional<byte[]> opened =
                HandshakeAead.openExtended(
                        cookieKey, reply.nonce(), lastMac1, reply.sealedCookie());
        if (opened.isEmpty()) {
            return false;
        }
        lastMac1 = new byte[0];
        cookie = opened.get();
        cookieNanos = nowNanos;
        return true;
    }
}
