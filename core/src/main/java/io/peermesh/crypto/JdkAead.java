package io.peermesh.crypto;

import io.peermesh.frame.Mem;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * An {@link Aead} of the JDK's own ciphers, staged through heap arrays: what is used where
 * libcrypto is missing. It makes about 1 KB of garbage per packet, and an exception per forged one.
 * The JDK copies keys where they cannot be wiped; {@link #close} wipes what it can reach.
 */
final class JdkAead implements Aead {
    private static final int NONCE_BYTES = 12;
    private static final int KEY_BYTES = 32;
    private static final int TAG_BITS = 8 * TAG_BYTES;
    private static final int FIRST_STAGE_BYTES = 2048; // holds any packet but super-packets
    private static final int MAX_AAD_BYTES = 64;

    private final CipherSuite suite;
    private final Cipher cipher;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private final byte[] aadStage = new byte[MAX_AAD_BYTES];
    private SecretKey key;
    private byte[] source = new byte[FIRST_STAGE_BYTES];
    private byte[] target = new byte[FIRST_STAGE_BYTES];
    private boolean closed;

    JdkAead(CipherSuite suite, byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + key.length);
        }
        this.suite = suite;
        this.key = keySpec(suite, key);
        try {
            this.cipher = Cipher.getInstance(transformation(suite));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + transformation(suite), e);
        }
    }

    private static SecretKey keySpec(CipherSuite suite, byte[] key) {
        return new SecretKeySpec(
                key,
                switch (suite) {
                    case CHACHA20_POLY1305 -> "ChaCha20";
                    case AES_256_GCM -> "AES";
                });
    }

    private static String transformation(CipherSuite suite) {
        return switch (suite) {
            case CHACHA20_POLY1305 -> "ChaCha20-Poly1305";
            case AES_256_GCM -> "AES/GCM/NoPadding";
        };
    }

    @Override
    public void seal(long counter, long aad, int aadBytes, long from, int bytes, long to) {
        try {
            begin(Cipher.ENCRYPT_MODE, counter, aad, aadBytes, from, bytes);
            int sealed = cipher.doFinal(source, 0, bytes, target, 0);
            Mem.copy(target, 0, to, sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(suite + " cannot seal " + bytes + " bytes", e);
        }
    }

    @Override
    public boolean open(long counter, long aad, int aadBytes, long from, int bytes, long to) {
        if (bytes < TAG_BYTES) {
            return false;
        }
        try {
            begin(Cipher.DECRYPT_MODE, counter, aad, aadBytes, from, bytes);
            int opened = cipher.doFinal(source, 0, bytes, target, 0);
            Mem.copy(target, 0, to, opened);
            return true;
        } catch (AEADBadTagException _) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(suite + " cannot open " + bytes + " bytes", e);
        }
    }

    private void begin(int mode, long counter, long aad, int aadBytes, long from, int bytes)
            throws GeneralSecurityException {
        if (closed) {
            throw new IllegalStateException("the keys were wiped");
        }
        stage(bytes + TAG_BYTES);
        for (int i = 0; i < 8; i++) {
            nonce[4 + i] = (byte) (counter >>> (8 * i));
        }
        cipher.init(mode, key, parameters());
        if (aadBytes > 0) {
            Mem.copy(aad, aadStage, 0, aadBytes);
            cipher.updateAAD(aadStage, 0, aadBytes);
        }
        Mem.copy(from, source, 0, bytes);
    }

    private AlgorithmParameterSpec parameters() {
        return switch (suite) {
            case CHACHA20_POLY1305 -> new IvParameterSpec(nonce);
            case AES_256_GCM -> new GCMParameterSpec(TAG_BITS, nonce);
        };
    }

    private void stage(int bytes) {
        if (bytes > source.length) {
            source = new byte[bytes];
            target = new byte[bytes];
        }
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(source, (byte) 0);
        Arrays.fill(target, (byte) 0);
        key = keySpec(suite, new byte[KEY_BYTES]);
        Arrays.fill(nonce, (byte) -1);
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, parameters()); // lets go of the old key
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(suite + " cannot forget its key", e);
        }
    }
}
