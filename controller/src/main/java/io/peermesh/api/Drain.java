package io.peermesh.api;

import java.util.List;

/**
 * Answer of {@code GET /api/mesh/v1/drain}.
 *
 * @param draining whether the controller is to be emptied
 * @param clientsLeft connected to it now
 * @param stranded of these, how many no other controller could reach
 * @param transit pairs of other controllers that reach each other through it alone
 * @param safeToStop whether it may be stopped without anybody noticing
 * @param obstacle why it is not safe; empty when it is
 */
public record Drain(
        boolean draining,
        int clientsLeft,
        int stranded,
        List<List<Integer>> transit,
        boolean safeToStop,
        String obstacle) {}
