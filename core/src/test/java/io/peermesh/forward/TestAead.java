package io.peermesh.forward;

import io.peermesh.crypto.Aead;
import io.peermesh.frame.Mem;

/**
 * A cipher for tests: no secret, no garbage, but every bit of key, counter, additional data and
 * text enters the tag. Fails loudly when it is used after {@link #close}, or when a counter of one
 * sealer comes twice.
 */
final class TestAead implements Aead {
    private final long key;
    private long leastNext;
    private boolean closed;

    TestAead(long key) {
        this.key = key;
    }

    @Override
    public void seal(long counter, long aad, int aadBytes, long from, int bytes, long to) {
        checkOpen();
        if (Long.compareUnsigned(counter, leastNext) < 0) {
            throw new AssertionError("counter " + counter + " used twice");
        }
        leastNext = counter + 1;
        long additional = digest(key ^ counter, aad, aadBytes);
        mask(counter, from, bytes, to);
        long tag = digest(additional, to, bytes);
        Mem.put64Le(to + bytes, tag);
        Mem.put64Le(to + bytes + 8, ~tag * 31);
    }

    @Override
    public boolean open(long counter, long aad, int aadBytes, long from, int bytes, long to) {
        checkOpen();
        int textBytes = bytes - TAG_BYTES;
        if (textBytes < 0) {
            return false;
        }
        long tag = digest(digest(key ^ counter, aad, aadBytes), from, textBytes);
        if (Mem.i64Le(from + textBytes) != tag || Mem.i64Le(from + textBytes + 8) != ~tag * 31) {
            return false;
        }
        mask(counter, from, textBytes, to);
        return true;
    }

    private void mask(long counter, long from, int bytes, long to) {
        for (int i = 0; i < bytes; i++) {
            Mem.put8(to + i, Mem.u8(from + i) ^ (int) (key + counter * 7 + i));
        }
    }

    private static long digest(long seed, long at, int bytes) {
        long hash = seed * 0x9E3779B97F4A7C15L + bytes;
        for (int i = 0; i < bytes; i++) {
            hash = (hash ^ Mem.u8(at + i)) * 0x100000001B3L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    boolean isClosed() {
        return closed;
    }

    private void checkOpen() {
        if (closed) {
            throw new AssertionError("cipher used after close");
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
