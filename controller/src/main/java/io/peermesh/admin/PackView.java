package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A clientpack and its client.
 *
 * @param name the overlay address with underscores
 * @param generation raised when the pack is regenerated
 * @param owner id of the controller that the client is connected to
 * @param clientAddress the client's outer address; empty until known
 * @param lastConnect last time that it connected to this controller
 * @param confSha1 40 hex digits over the file that a download would give now
 * @param outdated the last download lacks a subnet, an endpoint or a key of today
 */
public record PackView(
        String name,
        IpAddress overlayAddress,
        int sequentialId,
        boolean enabled,
        boolean checkedOut,
        int generation,
        boolean connected,
        OptionalInt owner,
        String clientAddress,
        Optional<Instant> lastConnect,
        Optional<Instant> lastDisconnect,
        String confSha1,
        boolean outdated,
        Map<String, String> tags) {
    /** Copies the tags. */
    public PackView {
        tags = Map.copyOf(tags);
    }
}
