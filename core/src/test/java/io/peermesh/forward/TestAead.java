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
    private byte[] stage = new byte[0];
    private boolean closed;
    private int openedElsewhere;

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
        long additional = digest(key ^ counter, stage(aad, aadBytes), aadBytes);
        byte[] text = stage(from, bytes);
        mask(counter, text, bytes);
        long tag = digest(additional, text, bytes);
        Mem.copy(text, 0, to, bytes);
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
        long additional = digest(key ^ counter, stage(aad, aadBytes), aadBytes);
        byte[] text = stage(from, textBytes);
        long tag = digest(additional, text, textBytes);
        boolean authentic =
                Mem.i64Le(from + textBytes) == tag && Mem.i64Le(from + textBytes + 8) == ~tag * 31;
        mask(counter, text, textBytes);
        Mem.copy(text, 0, to, textBytes); // forged or not: nobody may read it then
        openedElsewhere += from == to ? 0 : 1;
        return authentic;
    }

    /** A copy on the heap, where the tests' checks of each access cost nothing. */
    private byte[] stage(long from, int bytes) {
        if (stage.length < bytes) {
            stage = new byte[bytes + 2048];
        }
        Mem.copy(from, stage, 0, bytes);
        return stage;
    }

    private void mask(long counter, byte[] text, int bytes) {
        for (int i = 0; i < bytes; i++) {
            text[i] ^= (byte) (key + counter * 7 + i);
        }
    }

    private static long digest(long seed, byte[] text, int bytes) {
        long hash = seed * 0x9E3779B97F4A7C15L + bytes;
        for (int i = 0; i < bytes; i++) {
            hash = (hash ^ (text[i] & 255)) * 0x100000001B3L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    /** How many texts were opened, but not in place. */
    int openedElsewhere() {
        return openedElsewhere;
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
