package io.peermesh.keyset;

import java.util.UUID;

/** What a controller that joins asks of a controller that holds the same keyset. */
public sealed interface JoinRequest {
    /** Who asks: the installation, which has no controller id yet. */
    UUID installation();

    /** For the lowest free controller id, kept for 30 s. Asking again renews it. */
    record Lease(UUID installation) implements JoinRequest {}

    /**
     * To be told to all controllers, who peer back.
     *
     * @param address where the others reach it; empty for the one that the request comes from
     */
    record Announce(UUID installation, int id, String address) implements JoinRequest {}

    /** Whether the id is its own for good, and who the others are. */
    record Confirm(UUID installation, int id) implements JoinRequest {}
}
