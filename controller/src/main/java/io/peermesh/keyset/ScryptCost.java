package io.peermesh.keyset;

/**
 * Cost parameters of scrypt (RFC 7914): memory is 128 * n * r bytes, time grows with n * r * p.
 *
 * @param n a power of two, 2..2^20
 * @param r 1..32
 * @param p 1..16
 */
public record ScryptCost(int n, int r, int p) {
    /** 32 MiB and about 0.1 s on a current CPU. */
    public static final ScryptCost USUAL = new ScryptCost(1 << 15, 8, 1);

    private static final int MAX_N = 1 << 20;
    private static final int MAX_R = 32;
    private static final int MAX_P = 16;
    private static final long MAX_MEMORY_BYTES = 128L << 20;

    /** Checks the ranges, and that no more than 128 MiB are needed. */
    public ScryptCost {
        if (!isAcceptable(n, r, p)) {
            throw new IllegalArgumentException(
                    "scrypt cost out of range: " + n + "," + r + "," + p);
        }
    }

    /** Whether the parameters, which may come from another controller, are in range. */
    public static boolean isAcceptable(int n, int r, int p) {
        return n >= 2
                && n <= MAX_N
                && Integer.bitCount(n) == 1
                && r >= 1
                && r <= MAX_R
                && p >= 1
                && p <= MAX_P
                && 128L * n * r <= MAX_MEMORY_BYTES;
    }
}
