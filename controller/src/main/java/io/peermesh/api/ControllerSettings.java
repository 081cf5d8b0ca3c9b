package io.peermesh.api;

import java.util.List;

/**
 * Answer of {@code GET /api/mesh/v1/controller-settings}.
 *
 * @param weight the controller's share of the clients compared to the others', 1..100
 * @param movesPerMinute clients that it hands over in a minute when it has more than its share
 * @param probes the profile in use: {@code fast}, {@code normal} or {@code slow}
 * @param probeProfiles what each costs and gives
 */
public record ControllerSettings(
        int weight, int movesPerMinute, String probes, List<ProbeProfile> probeProfiles) {

    /**
     * How often links are probed.
     *
     * @param detectionMillis until a silent link is noticed, as expected
     * @param bytesPerMonth of one link, each direction, over IPv4
     */
    public record ProbeProfile(
            String name, long intervalMillis, long detectionMillis, long bytesPerMonth) {}
}
