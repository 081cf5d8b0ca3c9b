package io.peermesh.license;

import io.peermesh.ip.Prefix;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What a license allows.
 *
 * @param controllers 1..10
 * @param clients 0..60,000
 * @param overlay the overlay subnet unless parameters say otherwise
 * @param expires empty for never
 */
public record LicenseClaims(
        UUID id,
        String topologyName,
        int controllers,
        int clients,
        Prefix overlay,
        Instant issued,
        Optional<Instant> expires) {
    /** The overlay subnet of a license that names none. */
    public static final Prefix DEFAULT_OVERLAY = Prefix.literal("100.127.255.192/26");
}
