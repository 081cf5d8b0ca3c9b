package io.peermesh.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Bytes that are never printed: {@link #toString} shows only the length, {@link #equals} takes the
 * same time wherever two values differ.
 */
public final class Secret {
    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies the bytes; wipe your own copy if you no longer need it. */
    public static Secret of(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    /** A copy of the bytes. */
    public byte[] reveal() {
        return bytes.clone();
    }

    /** How many bytes. */
    public int length() {
        return bytes.length;
    }

    /** Overwrites the bytes with zeros; the secret is useless afterwards. */
    public void wipe() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.length; // never derived from the content
    }

    @Override
    public String toString() {
        return "Secret[" + bytes.length + " bytes]";
    }
}
