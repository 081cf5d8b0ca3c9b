package io.peermesh.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * ChaCha20-Poly1305 (RFC 8439) and XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) on arrays, for
 * handshake messages and cookies. The packet path uses {@link Aead}. Pure; safe from any thread.
 */
public final class HandshakeAead {
    /** Bytes that a sealed text is longer than its plain text. */
    public static final int TAG_BYTES = 16;

    /** Nonce of the extended form. */
    public static final int EXTENDED_NONCE_BYTES = 24;

    private static final int NONCE_BYTES = 12;
    private static final VarHandle INT_LE =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_LE =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private HandshakeAead() {}

    /** Seals under a 32-byte key, with the nonce of Noise: four zero bytes and the counter. */
    public static byte[] seal(byte[] key, long counter, byte[] aad, byte[] plaintext) {
        return run(true, key, nonce(counter), aad, plaintext).orElseThrow();
    }

    /** Opens what {@link #seal} made; empty when it is not authentic. */
    public static Optional<byte[]> open(byte[] key, long counter, byte[] aad, byte[] sealed) {
        return run(false, key, nonce(counter), aad, sealed);
    }

    /** Seals under a 32-byte key and a random nonce of 24 bytes. */
    public static byte[] sealExtended(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
        byte[] subkey = subkey(key, nonce);
        byte[] sealed = run(true, subkey, subnonce(nonce), aad, plaintext).orElseThrow();
        Arrays.fill(subkey, (byte) 0);
        return sealed;
    }

    /** Opens what {@link #sealExtended} made; empty when it is not authentic. */
    public static Optional<byte[]> openExtended(
            byte[] key, byte[] nonce, byte[] aad, byte[] sealed) {
        byte[] subkey = subkey(key, nonce);
        Optional<byte[]> plaintext = run(false, subkey, subnonce(nonce), aad, sealed);
        Arrays.fill(subkey, (byte) 0);
        return plaintext;
    }

    private static Optional<byte[]> run(
            boolean sealing, byte[] key, byte[] nonce, byte[] aad, byte[] input) {
        if (!sealing && input.length < TAG_BYTES) {
            return Optional.empty();
        }
        var cipher = new ChaCha20Poly1305();
        cipher.init(sealing, new AEADParameters(new KeyParameter(key), TAG_BYTES * 8, nonce, aad));
        byte[] output = new byte[cipher.getOutputSize(input.length)];
        int done = cipher.processBytes(input, 0, input.length, output, 0);
        try {
            cipher.doFinal(output, done);
            return Optional.of(output);
        } catch (InvalidCipherTextException e) {
            return Optional.empty(); // the wrong tag is an expected "no"
        }
    }

    private static byte[] nonce(long counter) {
        byte[] nonce = new byte[NONCE_BYTES];
        LONG_LE.set(nonce, 4, counter);
        return nonce;
    }

    private static byte[] subnonce(byte[] extended) {
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(extended, 16, nonce, 4, 8);
        return nonce;
    }

    /** HChaCha20 (draft-irtf-cfrg-xchacha-03 §2.2): 20 rounds without the final addition. */
    private static byte[] subkey(byte[] key, byte[] nonce) {
        if (nonce.length != EXTENDED_NONCE_BYTES) {
            throw new IllegalArgumentException("an extended nonce has 24 bytes");
        }
        int[] x = new int[16];
        x[0] = 0x61707865;
        x[1] = 0x3320646e;
        x[2] = 0x79622d32;
        x[3] = 0x6b206574;
        for (int i = 0; i < 8; i++) {
            x[4 + i] = (int) INT_LE.get(key, 4 * i);
        }
        for (int i = 0; i < 4; i++) {
            x[12 + i] = (int) INT_LE.get(nonce, 4 * i);
        }
        for (int round = 0; round < 10; round++) {
            doubleRound(x);
        }
        byte[] subkey = new byte[32];
        for (int i = 0; i < 4; i++) {
            INT_LE.set(subkey, 4 * i, x[i]);
            INT_LE.set(subkey, 16 + 4 * i, x[12 + i]);
        }
        Arrays.fill(x, 0);
        return subkey;
    }

    private static void doubleRound(int[] x) {
        quarterRound(x, 0, 4, 8, 12);
        quarterRound(x, 1, 5, 9, 13);
        quarterRound(x, 2, 6, 10, 14);
        quarterRound(x, 3, 7, 11, 15);
        quarterRound(x, 0, 5, 10, 15);
        quarterRound(x, 1, 6, 11, 12);
        quarterRound(x, 2, 7, 8, 13);
        quarterRound(x, 3, 4, 9, 14);
    }

    private static void quarterRound(int[] x, int a, int b, int c, int d) {
        x[a] += x[b];
        x[d] = Integer.rotateLeft(x[d] ^ x[a], 16);
        x[c] += x[d];
        x[b] = Integer.rotateLeft(x[b] ^ x[c], 12);
        x[a] += x[b];
        x[d] = Integer.rotateLeft(x[d] ^ x[a], 8);
        x[c] += x[d];
        x[b] = Integer.rotateLeft(x[b] ^ x[c], 7);
    }
}
