package io.peermesh.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;

/**
 * Notices that one controller id is used twice: by another installation, or by a copy of the same
 * one (a restored virtual machine). A restart shows as a new instance of the same installation and
 * never goes back to an old instance; two copies take turns, and that is how they are told apart.
 */
final class PeerInstances {
    /** A peer that was heard of within this time is alive, and nobody may take its place. */
    static final long ALIVE_NANOS = 60_000_000_000L;

    /** How many instances are remembered. */
    static final int MAX_REMEMBERED = 16;

    private final Deque<Long> superseded = new ArrayDeque<>();
    private Optional<Occupant> occupant = Optional.empty();

    /**
     * Whether a session with this instance may be made.
     *
     * @param lastHeardNanos when the present one was last heard of
     */
    boolean admits(UUID installation, long instance, long lastHeardNanos, long nowNanos) {
        if (occupant.isEmpty() || nowNanos - lastHeardNanos >= ALIVE_NANOS) {
            return true;
        }
        Occupant present = occupant.get();
        return present.installation.equals(installation)
                && (present.instance == instance || !superseded.contains(instance));
    }

    /** Notes that a session with this instance was proven. */
    void established(UUID installation, long instance) {
        if (occupant.isPresent() && occupant.get().instance != instance) {
            superseded.remove(instance);
            superseded.addLast(occupant.get().instance);
            if (superseded.size() > MAX_REMEMBERED) {
                superseded.removeFirst();
            }
        }
        occupant = Optional.of(new Occupant(installation, instance));
    }

    /** The installation that is connected, for messages. */
    String describe() {
        return occupant.map(o -> o.installation.toString()).orElse("none");
    }

    private record Occupant(UUID installation, long instance) {}
}
