package io.peermesh.linux;

import io.peermesh.crypto.Aead;
import io.peermesh.frame.Mem;
import java.lang.foreign.Arena;

/**
 * An AEAD through libcrypto's documented EVP interface (EVP_EncryptInit(3), "AEAD Interface").
 *
 * <p>Scratch: nonce (4 zero bytes, 64-bit counter little-endian) at 0, length that libcrypto writes
 * at 16.
 */
final class EvpAead implements Aead {
    private static final int SCRATCH_BYTES = 32;
    private static final int LENGTH = 16;

    private final Libcrypto library;
    private final Arena memory = Arena.ofAuto(); // closing many sessions must not cost handshakes
    private final long scratch = Mem.allocate(memory, SCRATCH_BYTES);
    private final long length = scratch + LENGTH;
    private long context;

    EvpAead(Libcrypto library, long cipher, byte[] key) {
        this.library = library;
        context = library.newContext();
        long nativeKey = Mem.allocate(memory, key.length);
        Mem.copy(key, 0, nativeKey, key.length);
        boolean ready = context != 0 && library.init(context, cipher, nativeKey, 0, 1);
        Mem.zero(nativeKey, key.length);
        if (!ready) {
            close();
            throw new IllegalStateException("libcrypto refused a key");
        }
    }

    @Override
    public void seal(long counter, long aad, int aadBytes, long from, int bytes, long to) {
        Mem.put64Le(scratch + 4, counter);
        boolean done =
                library.init(open(), 0, 0, scratch, 1)
                        && (aadBytes == 0 || library.update(context, 0, length, aad, aadBytes))
                        && (bytes == 0 || library.update(context, to, length, from, bytes))
                        && library.finish(context, to + bytes, length)
                        && library.control(context, Libcrypto.CTRL_GET_TAG, TAG_BYTES, to + bytes);
        if (!done) {
            throw new IllegalStateException("libcrypto refused to seal " + bytes + " bytes");
        }
    }

    @Override
    public boolean open(long counter, long aad, int aadBytes, long from, int bytes, long to) {
        int plainBytes = bytes - TAG_BYTES;
        if (plainBytes < 0) {
            return false;
        }
        Mem.put64Le(scratch + 4, counter);
        // The tag first: it may lie where the text goes.
        return library.init(open(), 0, 0, scratch, 0)
                && library.control(context, Libcrypto.CTRL_SET_TAG, TAG_BYTES, from + plainBytes)
                && (aadBytes == 0 || library.update(context, 0, length, aad, aadBytes))
                && (plainBytes == 0 || library.update(context, to, length, from, plainBytes))
                && library.finish(context, to + plainBytes, length);
    }

    private long open() {
        if (context == 0) {
            throw new IllegalStateException("this cipher is closed");
        }
        return context;
    }

    @Override
    public void close() {
        if (context != 0) {
            library.freeContext(context); // wipes the key schedule
            context = 0;
        }
    }
}
