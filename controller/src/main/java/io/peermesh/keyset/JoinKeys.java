package io.peermesh.keyset;

import io.peermesh.crypto.Keyset;
import io.peermesh.crypto.Secret;
import io.peermesh.crypto.TopologyKeys;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The two keys of one request of a join and its answer, from the keyset and what makes them fresh:
 *
 * <pre>
 *   HKDF-SHA256(salt = challenge(48) nonce(16), IKM = the keyset's join key, 32 bytes,
 *               info = "peermesh join 1 request" | "peermesh join 1 answer")
 * </pre>
 *
 * <p>A challenge is used once and a nonce is random, so no key seals twice. The salt is the
 * additional data as well.
 */
final class JoinKeys {
    private final byte[] salt;
    private final Secret request;
    private final Secret answer;

    JoinKeys(Keyset keyset, byte[] challenge, byte[] nonce) {
        this.salt =
                ByteBuffer.allocate(challenge.length + nonce.length)
                        .put(challenge)
                        .put(nonce)
                        .array();
        Secret joinKey = new TopologyKeys(keyset).joinKey();
        this.request = Sealing.key(salt, "peermesh join 1 request", joinKey);
        this.answer = Sealing.key(salt, "peermesh join 1 answer", joinKey);
        joinKey.wipe();
    }

    byte[] sealRequest(byte[] content) {
        return Sealing.seal(request, salt, content);
    }

    Optional<byte[]> openRequest(byte[] sealed) {
        return Sealing.open(request, salt, sealed);
    }

    byte[] sealAnswer(byte[] content) {
        return Sealing.seal(answer, salt, content);
    }

    Optional<byte[]> openAnswer(byte[] sealed) {
        return Sealing.open(answer, salt, sealed);
    }
}
