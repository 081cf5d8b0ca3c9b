package io.peermesh.crypto;

/**
 * Makes {@link Aead}s; one implementation is in use per process, so that calls stay monomorphic.
 */
public interface AeadProvider {
    /** A cipher for one direction of one session; {@code key} has 32 bytes and is copied. */
    Aead create(CipherSuite suite, byte[] key);

    /**
     * Whether AES runs on instructions of the CPU, so that {@link CipherSuite#AES_256_GCM} pays.
     */
    boolean hasFastAes();

    /** What an operator reads in the status, such as "libcrypto 3.0.19". */
    String name();
}
