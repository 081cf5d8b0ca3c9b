package io.peermesh.keyset;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Pattern FORM = Pattern.compile("([0-9]{1,8}),([0-9]{1,3}),([0-9]{1,3})");
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

    /** The form that is stored: {@code n,r,p}. */
    public String toText() {
        return n + "," + r + "," + p;
    }

    /** Reads {@link #toText}; empty when malformed or out of range. */
    public static Optional<ScryptCost> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        int n = Integer.parseInt(form.group(1));
        int r = Integer.parseInt(form.group(2));
        int p = Integer.parseInt(form.group(3));
        return isAcceptable(n, r, p) ? Optional.of(new ScryptCost(n, r, p)) : Optional.empty();
    }
}
