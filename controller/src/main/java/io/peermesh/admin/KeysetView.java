package io.peermesh.admin;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * State of the keyset; the secret is never in it.
 *
 * @param startedAt of the attempt in progress; whole seconds, different for each attempt
 * @param runningSeconds since then
 * @param checksum 40 hex digits, equal on all controllers of the topology
 * @param failure why the last attempt failed; empty once a keyset is present
 */
public record KeysetView(
        boolean present,
        boolean inProgress,
        Optional<Instant> startedAt,
        long runningSeconds,
        Optional<Instant> createdAt,
        Optional<String> checksum,
        Optional<UUID> uuid,
        Optional<Failure> failure) {
    /**
     * A failed attempt.
     *
     * @param reason one word for programs: {@code unreachable}, {@code refused-token}, {@code
     *     no-keyset}, {@code version}, {@code busy}, {@code bad-answer}, {@code interrupted}; of a
     *     join also {@code full}, {@code address}, {@code license}, {@code collision}
     * @param text for people: what happened and what to do
     */
    public record Failure(String reason, String text, Instant at) {}
}
