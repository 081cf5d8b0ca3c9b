package io.peermesh.node;

import io.peermesh.wire.Payload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one peer has told, bearing a number that our clocks do not allow yet. Clocks differ, so one
 * controller may believe what another does not; since nobody tells it twice, it is kept until the
 * clock is there. Honest controllers never come that far: somebody lied to them.
 */
final class TooNew {
    /** The most that is kept of one peer; more is told again when the link comes up anew. */
    static final int MAX_KEPT = 1_024;

    private final Map<Object, Told> told = new LinkedHashMap<>();

    private record Told(long number, Payload payload) {}

    /**
     * Keeps it, in the place of what was kept about the same thing.
     *
     * @param about the key of an advertisement, the address of a client, the key of a field
     * @param number the sequence, epoch or counter
     */
    void add(Object about, long number, Payload payload) {
        if (told.size() < MAX_KEPT || told.containsKey(about)) {
            told.put(about, new Told(number, payload));
        }
    }

    /** Takes out what may be believed now. */
    List<Payload> take(long believed) {
        var taken = new ArrayList<Payload>();
        told.values()
                .removeIf(each -> {
                    boolean now = each.number <= believed;
                    if (now) {
                        taken.add(each.payload);
                    }
                    return now;
                });
        return taken;
    }

    int size() {
        return told.size();
    }
}
