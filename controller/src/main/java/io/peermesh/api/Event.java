package io.peermesh.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;

/**
 * One entry of {@code GET /api/mesh/v1/events}.
 *
 * @param at RFC 3339
 * @param kind such as {@code peer_up}
 * @param subject what it is about
 * @param text for people
 * @param cause one of few words; absent when there is none
 * @param peer id of the controller that it is about
 * @param client overlay address of the client that it is about
 * @param measures figures by name, such as {@code detect_micros}; only those that are known
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Event(
        long id,
        String at,
        String kind,
        String subject,
        String text,
        Optional<String> cause,
        Optional<Integer> peer,
        Optional<String> client,
        Map<String, Long> measures) {}
