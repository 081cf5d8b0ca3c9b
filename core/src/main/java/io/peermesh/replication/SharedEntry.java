package io.peermesh.replication;

import java.util.Comparator;

/**
 * One field of the topology-wide state. The newer of two writings is the one with the higher
 * counter; at equal counters the greater value (fields are coded so that the safer one is greater,
 * such as "disabled" = 1), then the higher controller id.
 *
 * @param key names thing and field, such as {@code pack/10.199.0.1/disabled}; 1..128 bytes UTF-8
 * @param value at most 512 bytes UTF-8
 * @param counter one more than the counter of the writing that it replaces
 * @param controllerId the controller where it was written
 */
public record SharedEntry(String key, String value, long counter, int controllerId) {
    /** Longest key, bytes. */
    public static final int MAX_KEY_BYTES = 128;

    /** Longest value, bytes. */
    public static final int MAX_VALUE_BYTES = 512;

    private static final Comparator<SharedEntry> AGE =
            Comparator.comparingLong(SharedEntry::counter)
                    .thenComparing(SharedEntry::value)
                    .thenComparingInt(SharedEntry::controllerId);

    /** Whether this writing replaces {@code other}, of the same key. */
    public boolean isNewerThan(SharedEntry other) {
        return AGE.compare(this, other) > 0;
    }
}
