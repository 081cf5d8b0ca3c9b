package io.peermesh.crypto;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * BLAKE2s (RFC 7693) in the three forms that Noise and WireGuard use: hash, keyed hash of 16 bytes,
 * HMAC with the key derivation over it (Noise specification §4.3). Pure; safe from any thread.
 */
public final class Blake2s {
    /** Length of a hash and of a derived key. */
    public static final int HASH_BYTES = 32;

    /** Length of {@link #mac}. */
    public static final int MAC_BYTES = 16;

    private Blake2s() {}

    /** The hash of the parts, one after the other. */
    public static byte[] hash(byte[]... parts) {
        var digest = new Blake2sDigest(HASH_BYTES * 8);
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] hash = new byte[HASH_BYTES];
        digest.doFinal(hash, 0);
        return hash;
    }

    /** The keyed hash, 16 bytes, of the first {@code bytes} bytes of a message. */
    public static byte[] mac(byte[] key, byte[] message, int bytes) {
        var digest = new Blake2sDigest(key, MAC_BYTES, null, null);
        digest.update(message, 0, bytes);
        byte[] mac = new byte[MAC_BYTES];
        digest.doFinal(mac, 0);
        return mac;
    }

    /** HMAC-BLAKE2s (RFC 2104, block of 64 bytes) of the parts, one after the other. */
    public static byte[] hmac(byte[] key, byte[]... parts) {
        var hmac = new HMac(new Blake2sDigest(HASH_BYTES * 8));
        hmac.init(new KeyParameter(key));
        for (byte[] part : parts) {
            hmac.update(part, 0, part.length);
        }
        byte[] mac = new byte[HASH_BYTES];
        hmac.doFinal(mac, 0);
        return mac;
    }

    /**
     * HKDF of the Noise specification §4.3.
     *
     * @param outputs how many keys, 1..3
     */
    public static byte[][] hkdf(byte[] chainingKey, byte[] input, int outputs) {
        byte[] extracted = hmac(chainingKey, input);
        byte[][] keys = new byte[outputs][];
        byte[] last = new byte[0];
        for (int i = 0; i < outputs; i++) {
            last = hmac(extracted, last, new byte[] {(byte) (i + 1)});
            keys[i] = last;
        }
        Arrays.fill(extracted, (byte) 0);
        return keys;
    }
}
