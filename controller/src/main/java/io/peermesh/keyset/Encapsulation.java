package io.peermesh.keyset;

import io.peermesh.crypto.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import javax.crypto.KEM;

/**
 * ML-KEM-768 (FIPS 203): keeps a recorded fetch safe against a later quantum computer. Public keys
 * are X.509 SubjectPublicKeyInfo (1206 bytes), ciphertexts have 1088 bytes.
 */
final class Encapsulation {
    /** Length of a public key. */
    static final int PUBLIC_KEY_BYTES = 1206;

    /** Length of a ciphertext. */
    static final int CIPHERTEXT_BYTES = 1088;

    private static final String ALGORITHM = "ML-KEM-768";

    private Encapsulation() {}

    /** A shared secret for a public key, and the ciphertext that tells it to the key's owner. */
    record Sent(Secret secret, byte[] ciphertext) {}

    static KeyPair generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(NamedParameterSpec.ML_KEM_768, random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
        }
    }

    /** Empty when the key is malformed. */
    static Optional<Sent> encapsulate(byte[] publicKey, SecureRandom random) {
        if (publicKey.length != PUBLIC_KEY_BYTES) {
            return Optional.empty();
        }
        try {
            var key =
                    KeyFactory.getInstance(ALGORITHM)
                            .generatePublic(new X509EncodedKeySpec(publicKey));
            var result = KEM.getInstance(ALGORITHM).newEncapsulator(key, random).encapsulate();
            return Optional.of(
                    new Sent(Secret.of(result.key().getEncoded()), result.encapsulation()));
        } catch (GeneralSecurityException e) {
            return Optional.empty(); // no such point of the lattice
        }
    }

    /** Empty when the ciphertext is malformed; a changed one gives another secret. */
    static Optional<Secret> decapsulate(KeyPair keys, byte[] ciphertext) {
        if (ciphertext.length != CIPHERTEXT_BYTES) {
            return Optional.empty();
        }
        try {
            var secret =
                    KEM.getInstance(ALGORITHM)
                            .newDecapsulator(keys.getPrivate())
                            .decapsulate(ciphertext);
            return Optional.of(Secret.of(secret.getEncoded()));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }
}
