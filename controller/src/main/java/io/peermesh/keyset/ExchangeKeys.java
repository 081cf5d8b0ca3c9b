package io.peermesh.keyset;

import io.peermesh.crypto.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
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
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

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
                        expand(juggled, encapsulated, transcript, "client confirms"),
                        expand(juggled, encapsulated, transcript, "source confirms"),
                        expand(juggled, encapsulated, transcript, "keyset"));
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

    private static Secret expand(
            Secret juggled, Secret encapsulated, byte[] transcript, String label) {
        byte[] first = juggled.reveal();
        byte[] second = encapsulated.reveal();
        try {
            var parameters =
                    HKDFParameterSpec.ofExtract()
                            .addIKM(first)
                            .addIKM(second)
                            .addSalt(transcript)
                            .thenExpand(label.getBytes(StandardCharsets.US_ASCII), KEY_BYTES);
            return Secret.of(KDF.getInstance("HKDF-SHA256").deriveData(parameters));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HKDF-SHA256", e);
        } finally {
            Arrays.fill(first, (byte) 0);
            Arrays.fill(second, (byte) 0);
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
        try {
            return cipher(Cipher.ENCRYPT_MODE).doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal with AES-256-GCM", e);
        }
    }

    /** Opens what the other side sealed; empty when it is not authentic. */
    Optional<byte[]> open(byte[] sealed) {
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE).doFinal(sealed));
        } catch (GeneralSecurityException e) {
            return Optional.empty(); // the tag does not fit
        }
    }

    private Cipher cipher(int mode) throws GeneralSecurityException {
        byte[] key = sealing.reveal();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(TAG_BITS, new byte[NONCE_BYTES]));
        cipher.updateAAD(transcript);
        Arrays.fill(key, (byte) 0);
        return cipher;
    }
}
