package io.peermesh.admin;

import java.time.Instant;
import java.util.Optional;

/**
 * An API token.
 *
 * @param token the token itself, only in the answer to its creation
 * @param lifetimeSeconds 60..31,536,000
 * @param refreshes whether each use extends it by its lifetime
 */
public record TokenView(
        int id,
        Optional<String> token,
        String name,
        Instant createdAt,
        Instant expiresAt,
        String createdSource,
        long lifetimeSeconds,
        boolean refreshes,
        boolean expired,
        Optional<Instant> lastUsedAt,
        Optional<String> lastUsedSource) {
    @Override
    public String toString() {
        return "TokenView[" + id + ", " + name + "]"; // the token is secret
    }
}
