package io.peermesh.crypto;

import java.util.Arrays;
import java.util.Optional;

/**
 * Diffie-Hellman on Curve25519 (RFC 7748). Private keys are any 32 bytes; they are clamped where
 * they are used (§5). Pure; safe from any thread.
 */
public final class X25519 {
    /** Length of private keys, public keys and shared secrets. */
    public static final int BYTES = 32;

    private X25519() {}

    /** The public key of a private key of 32 bytes. */
    public static PublicKey publicKey(Secret privateKey) {
        byte[] scalar = checked(privateKey.reveal());
        byte[] point = new byte[BYTES];
        org.bouncycastle.math.ec.rfc7748.X25519.generatePublicKey(scalar, 0, point, 0);
        Arrays.fill(scalar, (byte) 0);
        return PublicKey.of(point);
    }

    /**
     * The shared secret; empty when it is all zero, that is when the public key has a small order
     * and would make the secret known to everyone (§6.1).
     */
    public static Optional<Secret> agree(Secret privateKey, PublicKey publicKey) {
        byte[] scalar = checked(privateKey.reveal());
        byte[] shared = new byte[BYTES];
        boolean usable =
                org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(
                        scalar, 0, publicKey.toBytes(), 0, shared, 0);
        Arrays.fill(scalar, (byte) 0);
        Secret secret = Secret.of(shared);
        Arrays.fill(shared, (byte) 0);
        return usable ? Optional.of(secret) : Optional.empty();
    }

    private static byte[] checked(byte[] scalar) {
        if (scalar.length != BYTES) {
            throw new IllegalArgumentException("a private key has 32 bytes, not " + scalar.length);
        }
        return scalar;
    }
}
