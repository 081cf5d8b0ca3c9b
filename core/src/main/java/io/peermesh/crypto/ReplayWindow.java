package io.peermesh.crypto;

/**
 * Which counters of a keypair were received (RFC 6479): a ring of bits, so that sliding costs no
 * shifting. Check before opening, mark after. Not thread-safe.
 */
public final class ReplayWindow {
    /** Counters older than the newest by this many are refused. */
    public static final int WINDOW_BITS = 8192 - 64;

    /**
     * Counters from here on (unsigned) are refused: a sender renews its keys long before
     * (WireGuard's REJECT_AFTER_MESSAGES), and the window could not slide past the last one.
     */
    public static final long LIMIT = -1L - (1L << 13);

    private static final int WORDS = 8192 / 64;

    private final long[] words = new long[WORDS];
    private long next; // one more than the highest counter marked

    /** Whether the counter is new, and not too old to tell. */
    public boolean isFresh(long counter) {
        if (Long.compareUnsigned(counter, next) >= 0) {
            return Long.compareUnsigned(counter, LIMIT) < 0;
        }
        if (Long.compareUnsigned(next - 1 - counter, WINDOW_BITS) >= 0) {
            return false;
        }
        return (words[wordOf(counter)] & 1L << counter) == 0;
    }

    /** Notes that the counter was received and authentic; call only after {@link #isFresh}. */
    public void mark(long counter) {
        if (Long.compareUnsigned(counter, next) >= 0) {
            long first = next == 0 ? 0 : ((next - 1) >>> 6) + 1;
            long last = counter >>> 6;
            long clear = Math.min(last - first + 1, WORDS);
            for (long i = 0; i < clear; i++) {
                words[(int) (last - i) & (WORDS - 1)] = 0;
            }
            next = counter + 1;
        }
        words[wordOf(counter)] |= 1L << counter;
    }

    private static int wordOf(long counter) {
        return (int) (counter >>> 6) & (WORDS - 1);
    }
}
