package io.peermesh.keyset;

import io.peermesh.crypto.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys by HKDF-SHA256 (RFC 5869), and AES-256-GCM with a zero nonce: each key may seal one text
 * only. Pure; safe from any thread.
 */
final class Sealing {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private Sealing() {}

    /** A key of 32 bytes, from all of the material; the material is left as it is. */
    static Secret key(byte[] salt, String label, Secret... material) {
        HKDFParameterSpec.Builder extract = HKDFParameterSpec.ofExtract().addSalt(salt);
        byte[][] revealed = new byte[material.length][];
        for (int i = 0; i < material.length; i++) {
            revealed[i] = material[i].reveal();
            extract.addIKM(revealed[i]);
        }
        byte[] info = label.getBytes(StandardCharsets.US_ASCII);
        try {
            return Secret.of(
                    KDF.getInstance("HKDF-SHA256").deriveData(extract.thenExpand(info, KEY_BYTES)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HKDF-SHA256", e);
        } finally {
            for (byte[] bytes : revealed) {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }

    /** Seals the one text of a key. */
    static byte[] seal(Secret key, byte[] associated, byte[] content) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, key, associated).doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal with AES-256-GCM", e);
        }
    }

    /** Opens a sealed text; empty when it is not authentic. */
    static Optional<byte[]> open(Secret key, byte[] associated, byte[] sealed) {
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, key, associated).doFinal(sealed));
        } catch (GeneralSecurityException e) {
            return Optional.empty(); // the tag does not fit
        }
    }

    private static Cipher cipher(int mode, Secret key, byte[] associated)
            throws GeneralSecurityException {
        byte[] bytes = key.reveal();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(bytes, "AES"),
                new GCMParameterSpec(TAG_BITS, new byte[NONCE_BYTES]));
        cipher.updateAAD(associated);
        Arrays.fill(bytes, (byte) 0);
        return cipher;
    }
}
