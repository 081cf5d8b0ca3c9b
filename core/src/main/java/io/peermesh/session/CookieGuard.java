package io.peermesh.session;

import io.peermesh.crypto.Blake2s;
import io.peermesh.crypto.HandshakeAead;
import io.peermesh.crypto.PublicKey;
import io.peermesh.ip.Endpoint;
import io.peermesh.port.Entropy;
import io.peermesh.wire.HandshakeMessage.CookieReply;
import java.nio.ByteBuffer;

/**
 * The receiver's side of cookies: a cookie is the MAC of a source address under a secret that
 * changes every two minutes, so that nothing is remembered per source (whitepaper §5.4.7).
 */
final class CookieGuard {
    /** How long a secret is in use. */
    static final long SECRET_LIFE_NANOS = 120_000_000_000L;

    private static final int SECRET_BYTES = 32;

    private final byte[] cookieKey;
    private final Entropy entropy;
    private byte[] secret = new byte[0];
    private long secretNanos;

    CookieGuard(PublicKey self, Entropy entropy) {
        cookieKey = Macs.cookieKey(self);
        this.entropy = entropy;
    }

    boolean hasProvenSource(byte[] message, Endpoint from, long nowNanos) {
        return Macs.hasMac2(message, cookie(from, nowNanos));
    }

    CookieReply reply(byte[] message, int sender, Endpoint from, long nowNanos) {
        byte[] nonce = new byte[CookieReply.NONCE_BYTES];
        entropy.fill(nonce);
        byte[] sealed =
                HandshakeAead.sealExtended(
                        cookieKey, nonce, Macs.mac1(message), cookie(from, nowNanos));
        return new CookieReply(sender, nonce, sealed);
    }

    private byte[] cookie(Endpoint from, long nowNanos) {
        if (secret.length == 0 || nowNanos - secretNanos >= SECRET_LIFE_NANOS) {
            secret = new byte[SECRET_BYTES];
            entropy.fill(secret);
            secretNanos = nowNanos;
        }
        byte[] source =
                ByteBuffer.allocate(18)
                        .putLong(from.address().hi())
                        .putLong(from.address().lo())
                        .putShort((short) from.port())
                        .array();
        return Blake2s.mac(secret, source, source.length);
    }
}
