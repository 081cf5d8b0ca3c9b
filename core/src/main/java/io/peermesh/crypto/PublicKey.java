package io.peermesh.crypto;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** An X25519 public key (RFC 7748). Not secret: it may be printed, in WireGuard's base64. */
public final class PublicKey {
    /** Length of a key. */
    public static final int BYTES = 32;

    private final byte[] bytes;

    private PublicKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies 32 bytes. */
    public static PublicKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a public key has 32 bytes, not " + bytes.length);
        }
        return new PublicKey(bytes.clone());
    }

    /** Parses WireGuard's base64 form; empty when malformed. */
    public static Optional<PublicKey> parse(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return bytes.length == BYTES ? Optional.of(new PublicKey(bytes)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // an expected "no" of the JDK's decoder
        }
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
