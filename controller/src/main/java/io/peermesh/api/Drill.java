package io.peermesh.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;

/**
 * A failover drill, as in {@code GET /api/mesh/v1/drills}.
 *
 * @param started RFC 3339
 * @param outageMicros the longest time from one answer of the peer to the next; absent until it is
 *     over, and when it could not be measured
 * @param sent echo requests, one every 10 ms
 * @param lost how many of them stayed unanswered
 * @param obstacle why the outage could not be measured
 * @param measures of the link's own event, as in {@link Event}
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Drill(
        int peer,
        int seconds,
        String started,
        boolean running,
        Optional<Long> outageMicros,
        Optional<Integer> sent,
        Optional<Integer> lost,
        Optional<String> obstacle,
        Map<String, Long> measures) {}
