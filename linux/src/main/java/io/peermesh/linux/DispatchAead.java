package io.peermesh.linux;

import io.peermesh.crypto.Aead;
import io.peermesh.frame.Mem;
import java.lang.foreign.Arena;

/**
 * An AEAD through the provider's own functions; see {@link ProviderCipher}.
 *
 * <p>Scratch:
 *
 * <pre>
 *  0          16             32                          72            112
 *  | nonce    | length out   | OSSL_PARAM of the tag     | end (zeros) | "tag", 0 |
 *
 *  OSSL_PARAM  0     8           16     24     32
 *              | key | type, pad | data | size | size out |
 * </pre>
 */
final class DispatchAead implements Aead {
    private static final int SCRATCH_BYTES = 128;
    private static final int NONCE_BYTES = 12;
    private static final int LENGTH = 16;
    private static final int PARAMETER = 32;
    private static final int PARAMETER_DATA = PARAMETER + 16;
    private static final int NAME = 112;
    private static final int OCTET_STRING = 5;

    private final ProviderCipher cipher;
    private final Arena memory = Arena.ofAuto(); // closing many sessions must not cost handshakes
    private final long scratch = Mem.allocate(memory, SCRATCH_BYTES);
    private final long length = scratch + LENGTH;
    private long context;

    DispatchAead(ProviderCipher cipher, byte[] key) {
        this.cipher = cipher;
        prepareTag();
        context = cipher.newContext();
        long nativeKey = Mem.allocate(memory, key.length);
        Mem.copy(key, 0, nativeKey, key.length);
        boolean ready = context != 0 && cipher.init(true, context, nativeKey, key.length, 0, 0);
        Mem.zero(nativeKey, key.length);
        if (!ready) {
            close();
            throw new IllegalStateException("libcrypto refused a key");
        }
    }

    private void prepareTag() {
        Mem.put32Be(scratch + NAME, 't' << 24 | 'a' << 16 | 'g' << 8);
        Mem.put64Ne(scratch + PARAMETER, scratch + NAME);
        Mem.put32Ne(scratch + PARAMETER + 8, OCTET_STRING);
        Mem.put64Ne(scratch + PARAMETER + 24, TAG_BYTES);
    }

    @Override
    public void seal(long counter, long aad, int aadBytes, long from, int bytes, long to) {
        Mem.put64Le(scratch + 4, counter);
        Mem.put64Ne(scratch + PARAMETER_DATA, to + bytes);
        boolean done =
                cipher.init(true, open(), 0, 0, scratch, NONCE_BYTES)
                        && (aadBytes == 0 || cipher.update(context, 0, length, aad, aadBytes))
                        && (bytes == 0 || cipher.update(context, to, length, from, bytes))
                        && cipher.finish(context, to + bytes, length)
                        && cipher.getParameters(context, scratch + PARAMETER);
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
        Mem.put64Ne(scratch + PARAMETER_DATA, from + plainBytes);
        // The tag first: it may lie where the text goes.
        return cipher.init(false, open(), 0, 0, scratch, NONCE_BYTES)
                && cipher.setParameters(context, scratch + PARAMETER)
                && (aadBytes == 0 || cipher.update(context, 0, length, aad, aadBytes))
                && (plainBytes == 0 || cipher.update(context, to, length, from, plainBytes))
                && cipher.finish(context, to + plainBytes, length);
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
            cipher.freeContext(context); // wipes the key schedule
            context = 0;
        }
    }
}
