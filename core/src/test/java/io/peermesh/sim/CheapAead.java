package io.peermesh.sim;

import io.peermesh.crypto.Aead;
import io.peermesh.crypto.AeadProvider;
import io.peermesh.crypto.CipherSuite;
import io.peermesh.frame.Mem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A cipher of no cryptographic worth that behaves like one: key, counter, additional data and every
 * bit of the text enter the tag. It makes long simulations cheap.
 */
final class CheapAead implements Aead {
    private static final long A = 0x9e37_79b9_7f4a_7c15L;
    private static final long B = 0xbf58_476d_1ce4_e5b9L;

    private final long k0;
    private final long k1;
    private boolean closed;

    /** Makes such ciphers; the two suites differ. */
    static AeadProvider provider(boolean hasFastAes) {
        return new AeadProvider() {
            @Override
            public Aead create(CipherSuite suite, byte[] key) {
                return new CheapAead(key, suite == CipherSuite.AES_256_GCM ? 1 : 2);
            }

            @Override
            public boolean hasFastAes() {
                return hasFastAes;
            }

            @Override
            public String name() {
                return "cheap";
            }
        };
    }

    private CheapAead(byte[] key, int salt) {
        ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        k0 = mix(words.getLong() ^ mix(words.getLong() + salt));
        k1 = mix(words.getLong() ^ mix(words.getLong() - salt));
    }

    @Override
    public void seal(long counter, long aad, int aadBytes, long from, int bytes, long to) {
        demandOpen();
        long start = begin(counter, aad, aadBytes);
        crypt(counter, from, bytes, to);
        writeTag(start, to, bytes);
    }

    @Override
    public boolean open(long counter, long aad, int aadBytes, long from, int bytes, long to) {
        demandOpen();
        int plain = bytes - TAG_BYTES;
        if (plain < 0) {
            return false;
        }
        long low = digest(begin(counter, aad, aadBytes), from, plain);
        if (Mem.i64Le(from + plain) != low || Mem.i64Le(from + plain + 8) != mix(low ^ k1)) {
            return false;
        }
        crypt(counter, from, plain, to);
        return true;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void demandOpen() {
        if (closed) {
            throw new IllegalStateException("the keys were wiped");
        }
    }

    private long begin(long counter, long aad, int aadBytes) {
        return digest(mix(k1 ^ counter) + aadBytes, aad, aadBytes);
    }

    private void writeTag(long start, long to, int bytes) {
        long low = digest(start, to, bytes);
        Mem.put64Le(to + bytes, low);
        Mem.put64Le(to + bytes + 8, mix(low ^ k1));
    }

    private static long digest(long start, long address, int bytes) {
        long sum = start ^ bytes;
        int i = 0;
        for (; i + 8 <= bytes; i += 8) {
            sum = Long.rotateLeft((sum ^ Mem.i64Le(address + i)) * A, 29);
        }
        for (; i < bytes; i++) {
            sum = Long.rotateLeft((sum ^ Mem.u8(address + i)) * B, 29);
        }
        return mix(sum);
    }

    private void crypt(long counter, long from, int bytes, long to) {
        long stream = k0 ^ mix(counter);
        int i = 0;
        for (; i + 8 <= bytes; i += 8) {
            stream += A;
            Mem.put64Le(to + i, Mem.i64Le(from + i) ^ mix(stream));
        }
        for (; i < bytes; i++) {
            stream += A;
            Mem.put8(to + i, Mem.u8(from + i) ^ (int) mix(stream));
        }
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * B;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }
}
