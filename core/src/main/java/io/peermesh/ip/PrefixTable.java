package io.peermesh.ip;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map from prefixes to values with longest-prefix match. Look-ups allocate nothing and
 * are safe from any thread.
 */
public final class PrefixTable<T> {
    private final Map<Prefix, T> entries;

    private PrefixTable(Map<Prefix, T> entries) {
        this.entries = entries;
    }

    /** A table of the given entries. */
    public static <T> PrefixTable<T> of(Map<Prefix, T> entries) {
        return new PrefixTable<>(new TreeMap<>(entries));
    }

    /** The value of the longest prefix that contains the address; null when none does. */
    public @Nullable T lookup(long hi, long lo) {
        T best = null;
        int bits = -1;
        for (Map.Entry<Prefix, T> entry : entries.entrySet()) {
            if (entry.getKey().bits() > bits && entry.getKey().contains(hi, lo)) {
                best = entry.getValue();
                bits = entry.getKey().bits();
            }
        }
        return best;
    }

    /** All entries, by prefix. */
    public Map<Prefix, T> entries() {
        return Map.copyOf(entries);
    }
}
