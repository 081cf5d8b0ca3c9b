package io.peermesh.runtime;

import io.peermesh.forward.DropReason;
import java.util.List;
import java.util.Map;

/**
 * What the packet path runs on, and what it dropped.
 *
 * @param features what was probed at start, in a fixed order
 * @param drops packets and datagrams dropped since the start, by reason; a reason may be absent
 * @param problems what could not be set up and is being tried again, in words for the operator
 */
public record DataPlane(
        List<Feature> features, Map<DropReason, Long> drops, List<String> problems) {
    /** Nothing runs. */
    public static final DataPlane NONE = new DataPlane(List.of(), Map.of(), List.of());

    /** Copies the collections. */
    public DataPlane {
        features = List.copyOf(features);
        drops = Map.copyOf(drops);
        problems = List.copyOf(problems);
    }

    /**
     * One thing that the machine may or may not offer, such as {@code udp-gso} or {@code aes}.
     *
     * @param detail in words: what is used instead, or why it is off; empty when there is nothing
     *     to say
     */
    public record Feature(String name, boolean inUse, String detail) {}
}
