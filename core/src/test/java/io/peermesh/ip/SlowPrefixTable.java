package io.peermesh.ip;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The obviously right twin of {@link PrefixTable}: asks every prefix. */
final class SlowPrefixTable<T> {
    private final Map<Prefix, T> entries;

    SlowPrefixTable(Map<Prefix, T> entries) {
        this.entries = entries;
    }

    @Nullable T lookup(long hi, long lo) {
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
}
