package io.peermesh.agent;

import java.util.List;

/**
 * What an agent does now; the answer of {@code peermesh client status}. Holds no key.
 *
 * @param name of the interface
 * @param state connecting, connected, switching or searching: see {@link Failover}
 * @param controller in use; 0 for none yet
 * @param cause why it is in use: first, silent, unreachable, found, taken, nearer or told; empty
 *     for none yet
 * @param usedSeconds since when
 * @param silentMillis how long the former one had been silent when it was left; 0 when it was not
 * @param switches moves between controllers since the start
 * @param putOff handshakes of other controllers that were not answered right after a move
 * @param problems for the operator
 */
record AgentStatus(
        String name,
        long pid,
        String overlayAddress,
        String state,
        int controller,
        String cause,
        long usedSeconds,
        long silentMillis,
        long switches,
        long putOff,
        long probesSent,
        long probesAnswered,
        List<Controller> controllers,
        List<String> problems) {
    /** Copies the lists. */
    AgentStatus {
        controllers = List.copyOf(controllers);
        problems = List.copyOf(problems);
    }

    /**
     * One controller.
     *
     * @param endpoint as in the pack; the address where it was heard for one that is not in it
     * @param address where it is now; empty while the name does not resolve
     * @param state in use, standby, silent, resolving or unusable
     * @param rttMicros smoothed round trip; 0 while unknown
     * @param answeredMillis since its last answer; -1 for never
     */
    record Controller(
            int id,
            String endpoint,
            String address,
            String state,
            long rttMicros,
            long answeredMillis,
            long sentBytes,
            long receivedBytes) {}
}
