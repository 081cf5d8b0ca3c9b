package io.peermesh.web.view;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and times as people read them. */
public final class Numbers {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final String[] PREFIXES = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final DateTimeFormatter EXACT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Numbers() {}

    /** {@code 1.5 MB}; a kB has 1000 bytes. */
    public static String bytes(long bytes) {
        double value = bytes;
        int prefix = 0;
        while (value >= 999.5 && prefix < PREFIXES.length - 1) {
            value /= 1000;
            prefix++;
        }
        return prefix == 0
                ? bytes + " B"
                : String.format(
                        Locale.ROOT,
                        value < 99.95 ? "%.1f %s" : "%.0f %s",
                        value,
                        PREFIXES[prefix]);
    }

    /** {@code 12.3 Mb/s}. */
    public static String bitRate(double bitsPerSecond) {
        double value = bitsPerSecond;
        String[] units = {"b/s", "kb/s", "Mb/s", "Gb/s"};
        int unit = 0;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(
                Locale.ROOT,
                unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s",
                value,
                units[unit]);
    }

    /** {@code 42 s}, {@code 3 min}, {@code 5 h}, {@code 2 d}. */
    public static String age(long seconds) {
        if (seconds < 120) {
            return Math.max(0, seconds) + " s";
        }
        if (seconds < 7200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }

    /** {@code 3 min ago}, or {@code in 3 min}. */
    public static String relative(Instant at, Instant now) {
        long seconds = Duration.between(at, now).toSeconds();
        return seconds < 0 ? "in " + age(-seconds) : age(seconds) + " ago";
    }

    /** {@code 2030-12-31 23:59:59 UTC}. */
    public static String exact(Instant at) {
        return EXACT.format(at);
    }

    /** {@code 0.42 ms}. */
    public static String millis(long nanos) {
        double millis = nanos / 1e6;
        return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.0f ms", millis);
    }

    /** {@code 0.42 ms}, {@code 42 s}, {@code 3 min}. */
    public static String duration(long nanos) {
        return nanos < NANOS_PER_SECOND
                ? millis(nanos)
                : nanos < 10 * NANOS_PER_SECOND
                        ? String.format(Locale.ROOT, "%.1f s", nanos / 1e9)
                        : age(nanos / NANOS_PER_SECOND);
    }

    /** {@code 0.4 %}. */
    public static String percent(double fraction) {
        double percent = fraction * 100;
        return String.format(
                Locale.ROOT, percent == 0 || percent >= 10 ? "%.0f %%" : "%.1f %%", percent);
    }

    /** {@code 12,345}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
