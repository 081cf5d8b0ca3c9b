package io.peermesh.keyset;

import io.peermesh.crypto.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of one fetch, bound to everything that was said:
 *
 * <pre>
 *   transcript = SHA-256("peermesh fetch 1" 0x00, then hello, offer, share, answer, each as it went
 *                        over the wire with its length(4) before it)
 *   PRK        = HKDF-Extract(salt = transcript, IKM = J-PAKE(384) ML-KEM-768(32))
 *   keys       = HKDF-Expand(PRK, "client confirms" | "source confirms" | "keyset"), 32 bytes each
 * </pre>
 *
 * <p>Versions and roles stand in the messages. Each key is used once: a MAC each over the
 * transcript, and one AES-256-GCM text with a zero nonce and the transcript as additional data.
 */
final class ExchangeKeys {
    private final byte[] transcript;
    private final Secret clientConfirms;
    private final Secret sourceConfirms;
    private final Secret sealing;

    private ExchangeKeys(
            byte[] transcript, Secret clientConfirms, Secret sourceConfirms, Secret sealing) {
        this.transcript = transcript;
        this.clientConfirms = clientConfirms;
        this.sourceConfirms = sourceConfirms;
        this.sealing = sealing;
    }

    /** Derives; wipes both secrets. */
    static ExchangeKeys derive(Secret juggled, Secret encapsulated, List<byte[]> messages) {
        byte[] transcript = transcript(messages);
        var keys =
                new ExchangeKeys(
                        transcript,
                        Sealing.key(transcript, "client confirms", juggled, encapsulated),
                        Sealing.key(transcript, "source confirms", juggled, encapsulated),
                        Sealing.key(transcript, "keyset", juggled, encapsulated));
        juggled.wipe();
        encapsulated.wipe();
        return keys;
    }

    private static byte[] transcript(List<byte[]> messages) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("peermesh fetch 1\0".getBytes(StandardCharsets.US_ASCII));
            for (byte[] message : messages) {
                digest.update(ByteBuffer.allocate(4).putInt(message.length).array());
                digest.update(message);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** What the client sends to show that it has the key. */
    byte[] clientMac() {
        return mac(clientConfirms);
    }

    /** What the source sends to show that it has the key. */
    byte[] sourceMac() {
        return mac(sourceConfirms);
    }

    boolean isClientMac(byte[] mac) {
        return MessageDigest.isEqual(mac, clientMac());
    }

    boolean isSourceMac(byte[] mac) {
        return MessageDigest.isEqual(mac, sourceMac());
    }

    private byte[] mac(Secret key) {
        byte[] bytes = key.reveal();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return mac.doFinal(transcript);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HMAC-SHA256", e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Seals the content; once. */
    byte[] seal(byte[] content) {
        return Sealing.seal(sealing, transcript, content);
    }

    /** Opens what the other side sealed; empty when it is not authentic. */
    Optional<byte[]> open(byte[] sealed) {
        return Sealing.open(sealing, transcript, sealed);
    }
}
