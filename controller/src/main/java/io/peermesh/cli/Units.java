package io.peermesh.cli;

import java.util.Locale;

/** Numbers as people read them. */
public final class Units {
    private static final String[] PREFIXES = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};

    private Units() {}

    /** {@code 1.5 MB}; a KB has 1000 bytes. */
    public static String bytes(long bytes) {
        double value = bytes;
        int prefix = 0;
        while (value >= 999.5 && prefix < PREFIXES.length - 1) {
            value /= 1000;
            prefix++;
        }
        return prefix == 0
                ? bytes + " B"
                : String.format(Locale.ROOT, "%.1f %s", value, PREFIXES[prefix]);
    }

    /** {@code 42 s}, {@code 3 min}, {@code 5 h}, {@code 2 d}. */
    public static String age(long seconds) {
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }

    /** {@code 0.42 ms}. */
    public static String millis(long micros) {
        return String.format(Locale.ROOT, "%.2f ms", micros / 1000.0);
    }
}
