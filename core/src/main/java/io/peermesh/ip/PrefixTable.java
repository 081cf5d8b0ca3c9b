package io.peermesh.ip;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map from prefixes to values with longest-prefix match: one open-addressing hash
 * table per prefix length that occurs, asked from the longest to the shortest. Overlay tables are
 * mostly /32 entries with a few subnets beside them, so that one or two probes answer. Look-ups
 * allocate nothing and are safe from any thread.
 */
public final class PrefixTable<T> {
    private static final long V4_MAPPED = 0x0000_ffff_0000_0000L;
    private static final int V4_OFFSET = 96;

    private final Map<Prefix, T> entries;

    /** Longest first; the first {@link #v4Levels} of them can hold IPv4 prefixes. */
    private final Level<T>[] levels;

    private final int v4Levels;

    private PrefixTable(Map<Prefix, T> entries, Level<T>[] levels) {
        this.entries = entries;
        this.levels = levels;
        int count = 0;
        while (count < levels.length && levels[count].bits >= V4_OFFSET) {
            count++;
        }
        v4Levels = count;
    }

    /** A table of the given entries. */
    public static <T> PrefixTable<T> of(Map<Prefix, T> entries) {
        var byBits = new TreeMap<Integer, List<Map.Entry<Prefix, T>>>(Collections.reverseOrder());
        for (Map.Entry<Prefix, T> entry : entries.entrySet()) {
            byBits.computeIfAbsent(entry.getKey().bits(), bits -> new ArrayList<>()).add(entry);
        }
        @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic arrays
        Level<T>[] levels = new Level[byBits.size()];
        int i = 0;
        for (Map.Entry<Integer, List<Map.Entry<Prefix, T>>> level : byBits.entrySet()) {
            levels[i++] = new Level<>(level.getKey(), level.getValue());
        }
        return new PrefixTable<>(Collections.unmodifiableMap(new TreeMap<>(entries)), levels);
    }

    /** The value of the longest prefix that contains the address; null when none does. */
    public @Nullable T lookup(long hi, long lo) {
        boolean v4 = hi == 0 && lo >>> 32 == 0xffff;
        return search(hi, lo, v4 ? v4Levels : levels.length);
    }

    /** The same for an IPv4 address, big-endian bits. */
    public @Nullable T lookupV4(int bits) {
        return search(0, V4_MAPPED | (bits & 0xffff_ffffL), v4Levels);
    }

    private @Nullable T search(long hi, long lo, int count) {
        for (int i = 0; i < count; i++) {
            T value = levels[i].find(hi, lo);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** All entries, sorted by prefix. */
    public Map<Prefix, T> entries() {
        return entries;
    }

    /** All prefixes of one length. */
    private static final class Level<T> {
        private final int bits;
        private final long maskHi;
        private final long maskLo;
        private final int slotMask;

        /** Upper and lower half of the key of slot i at 2i and 2i + 1. */
        private final long[] keys;

        private final @Nullable Object[] values;

        Level(int bits, List<Map.Entry<Prefix, T>> entries) {
            this.bits = bits;
            maskHi = Prefix.maskHi(bits);
            maskLo = Prefix.maskLo(bits);
            int slots = Integer.highestOneBit(entries.size()) * 4; // at most half full
            slotMask = slots - 1;
            keys = new long[2 * slots];
            values = new Object[slots];
            for (Map.Entry<Prefix, T> entry : entries) {
                insert(entry.getKey().address(), entry.getValue());
            }
        }

        private void insert(IpAddress address, T value) {
            int slot = slotOf(address.hi(), address.lo());
            while (values[slot] != null) {
                slot = (slot + 1) & slotMask;
            }
            keys[2 * slot] = address.hi();
            keys[2 * slot + 1] = address.lo();
            values[slot] = value;
        }

        @SuppressWarnings("unchecked") // only values of T are stored
        @Nullable T find(long hi, long lo) {
            long keyHi = hi & maskHi;
            long keyLo = lo & maskLo;
            int slot = slotOf(keyHi, keyLo);
            Object value = values[slot];
            while (value != null) {
                if (keys[2 * slot + 1] == keyLo && keys[2 * slot] == keyHi) {
                    return (T) value;
                }
                slot = (slot + 1) & slotMask;
                value = values[slot];
            }
            return null;
        }

        private int slotOf(long hi, long lo) {
            long mixed = (hi * 0x9e37_79b9_7f4a_7c15L) ^ lo; // odd constant of the golden ratio
            mixed *= 0xbf58_476d_1ce4_e5b9L;
            return (int) (mixed >>> 32) & slotMask;
        }
    }
}
