package io.peermesh.node;

import io.peermesh.wire.Payload;

/** Tells the peers our wall clock: now and then, and soon after a link has come up. */
final class ClockTelling extends Timed {
    private static final long INTERVAL_NANOS = 20_000_000_000L;

    /** Not more often, whatever links do. */
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final WallClock wallClock;
    private final Links links;
    private long nextNanos = Long.MIN_VALUE;
    private long soonestNanos = Long.MIN_VALUE;

    ClockTelling(WallClock wallClock, Links links) {
        this.wallClock = wallClock;
        this.links = links;
    }

    /** A neighbor may be new. Or a link only costs something else, which may happen often. */
    void soon() {
        nextNanos = Math.min(nextNanos, soonestNanos);
    }

    @Override
    void onDue(long nowNanos) {
        nextNanos = nowNanos + INTERVAL_NANOS;
        soonestNanos = nowNanos + PAUSE_NANOS;
        var now = new Payload.Clock(Math.max(1, wallClock.epochNanos(nowNanos)));
        links.byId().values().stream()
                .filter(PeerLink::isUp)
                .forEach(link -> link.backlog.tellClock(now));
    }

    @Override
    long deadlineNanos() {
        return nextNanos;
    }
}
