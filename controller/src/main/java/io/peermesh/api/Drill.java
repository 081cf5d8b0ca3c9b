package io.peermesh.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;

/**
 * A failover drill, as in {@code GET /api/mesh/v1/drills}.
 *
 * @param started RFC 3339
 * @param running until the link is back
 * @param ending over, not_back or not_carried_out; absent while it runs
 * @param outageMicros the longest time from one answer of the peer to the next; absent until it is
 *     over, and when it could not be measured
 * @param sent echo requests, one every 10 ms
 * @param lost how many of them stayed unanswered
 * @param returnMicros from the end of the silence until the peer answered on the link again; absent
 *     until it has
 * @param obstacle why the outage could not be measured, or the drill not be carried out
 * @param measures of the link's own event, as in {@link Event}
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Drill(
        int peer,
        int seconds,
        String started,
        boolean running,
        Optional<String> ending,
        Optional<Long> outageMicros,
        Optional<Integer> sent,
        Optional<Integer> lost,
        Optional<Long> returnMicros,
        Optional<String> obstacle,
        Map<String, Long> measures) {}
