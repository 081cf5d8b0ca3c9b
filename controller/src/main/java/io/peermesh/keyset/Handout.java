package io.peermesh.keyset;

import io.peermesh.crypto.Keyset;
import io.peermesh.replication.SharedEntry;
import java.util.List;

/**
 * What one controller hands to another: all that makes the topology.
 *
 * @param license the license file
 * @param parameters the accepted parameters as text
 */
public record Handout(Keyset keyset, String license, String parameters, List<SharedEntry> shared) {
    /** Copies the list. */
    public Handout {
        shared = List.copyOf(shared);
    }

    @Override
    public String toString() {
        return "Handout[keyset " + keyset.uuid() + "]";
    }
}
