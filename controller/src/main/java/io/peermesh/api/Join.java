package io.peermesh.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * Joining a mesh, as in {@code GET /api/mesh/v1/join}: the last attempt since the controller was
 * started.
 *
 * @param state {@code none}, {@code running}, {@code failed} or {@code joined}
 * @param source HOST:PORT of the controller that is joined at
 * @param steps in their order
 * @param controllerId the id that was taken, once there is one
 * @param failure why it failed
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Join(
        String state,
        Optional<String> source,
        List<Step> steps,
        Optional<Integer> controllerId,
        Optional<Failure> failure) {
    /**
     * A step.
     *
     * @param name {@code fetch}, {@code id}, {@code announce} or {@code peer}
     * @param label the same in words
     * @param state {@code open}, {@code running}, {@code done} or {@code failed}
     * @param text what came out of it
     */
    public record Step(String name, String label, String state, String text) {}

    /**
     * Why nothing was stored.
     *
     * @param reason one word for programs
     * @param message what happened and what to do
     * @param at RFC 3339
     */
    public record Failure(String reason, String message, String at) {}
}
