package io.peermesh.api;

import java.util.List;
import java.util.Map;

/**
 * Answer of {@code GET /api/mesh/v1/n-1}: what happens if one thing fails now.
 *
 * @param harmless whether nothing that may fail strands a client or cuts controllers off
 */
public record NMinusOne(boolean harmless, List<Failure> failures) {

    /**
     * One failure.
     *
     * @param kind what fails: a controller or a link
     * @param controllers the id of the controller, or the ids of the ends of the link
     * @param clientsMoved how many clients change their controller
     * @param movesTo how many of them each controller takes, by id
     * @param clientsStranded clients that no controller may take
     * @param cutOff pairs of surviving controllers that reach each other now, and then not
     * @param clientsAfter clients of each surviving controller, by id
     */
    public record Failure(
            String kind,
            List<Integer> controllers,
            int clientsMoved,
            Map<Integer, Integer> movesTo,
            int clientsStranded,
            List<List<Integer>> cutOff,
            Map<Integer, Integer> clientsAfter,
            boolean harmless) {}
}
