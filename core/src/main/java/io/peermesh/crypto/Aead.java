package io.peermesh.crypto;

/**
 * One direction of one session: a cipher with its key, working on {@link io.peermesh.frame.Mem}
 * addresses. Works in place ({@code to == from}). Not thread-safe: one owner thread.
 */
public interface Aead extends AutoCloseable {
    /** Bytes that a sealed text is longer than its plain text. */
    int TAG_BYTES = 16;

    /**
     * Seals {@code bytes} bytes at {@code from} into {@code bytes + 16} at {@code to}. The caller
     * never repeats a counter under one key.
     *
     * @param aad address of the additional data, read before anything is written
     * @param aadBytes 0 for none
     */
    void seal(long counter, long aad, int aadBytes, long from, int bytes, long to);

    /**
     * Opens {@code bytes} bytes (tag included) at {@code from} into {@code bytes - 16} at {@code
     * to}. What stands at {@code to} after a false must not be read.
     *
     * @return whether the text is authentic
     */
    boolean open(long counter, long aad, int aadBytes, long from, int bytes, long to);

    /** Forgets the key and frees what the cipher holds. Idempotent. */
    @Override
    void close();
}
