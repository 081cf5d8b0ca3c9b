package io.peermesh.crypto;

import java.util.UUID;

/**
 * The secret material of a topology; everything else is derived from it, see {@link TopologyKeys}.
 *
 * @param uuid names the keyset
 * @param generation 1 for the first, raised by each rotation
 * @param createdEpochMillis wall clock of its creation
 * @param topologySecret 32 random bytes
 */
public record Keyset(UUID uuid, int generation, long createdEpochMillis, Secret topologySecret) {
    /** Length of the topology secret. */
    public static final int SECRET_BYTES = 32;

    /** Checks lengths and ranges. */
    public Keyset {
        if (generation < 1 || topologySecret.length() != SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "a keyset has a generation from 1 and 32 secret bytes");
        }
    }
}
