package io.peermesh.replication;

import io.peermesh.wire.Payload.SharedField;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The topology-wide state: for each key the newest {@link SharedEntry}. */
public final class SharedMap {
    /** The most keys; entries with more are refused and counted. */
    public static final int MAX_ENTRIES = 65_536;

    private final Map<String, SharedEntry> entries = new HashMap<>();
    private long refused;

    /** What {@link #merge} did. */
    public enum Merge {
        /** It was newer and is taken over. */
        NEWER,
        /** It is what we have. */
        SAME,
        /** We have a newer one. */
        OLDER,
        /** Too long, or the map is full: ignored. */
        REFUSED
    }

    /** Takes in an entry, from the store or from a neighbor. */
    public Merge merge(SharedEntry heard) {
        SharedEntry known = entries.get(heard.key());
        if (!isWithinLimits(heard) || (known == null && entries.size() >= MAX_ENTRIES)) {
            return refuse();
        }
        if (known == null || heard.isNewerThan(known)) {
            entries.put(heard.key(), heard);
            return Merge.NEWER;
        }
        return known.isNewerThan(heard) ? Merge.OLDER : Merge.SAME;
    }

    /** Counts an entry that is not to be taken in, for whatever reason. */
    public Merge refuse() {
        refused++;
        return Merge.REFUSED;
    }

    private static boolean isWithinLimits(SharedEntry entry) {
        int keyBytes = entry.key().getBytes(StandardCharsets.UTF_8).length;
        return keyBytes >= 1
                && keyBytes <= SharedEntry.MAX_KEY_BYTES
                && entry.value().getBytes(StandardCharsets.UTF_8).length
                        <= SharedEntry.MAX_VALUE_BYTES
                && entry.counter() >= 1;
    }

    /** The newest entry of a key. */
    public Optional<SharedEntry> find(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** All entries, in no order; a view. */
    public Collection<SharedEntry> all() {
        return Collections.unmodifiableCollection(entries.values());
    }

    /** How many entries were refused. */
    public long refused() {
        return refused;
    }

    /** An entry as it travels. */
    public static SharedField toField(SharedEntry entry) {
        return new SharedField(entry.key(), entry.value(), entry.counter(), entry.controllerId());
    }

    /** An entry as it arrived. */
    public static SharedEntry fromField(SharedField field) {
        return new SharedEntry(field.key(), field.value(), field.counter(), field.controllerId());
    }
}
