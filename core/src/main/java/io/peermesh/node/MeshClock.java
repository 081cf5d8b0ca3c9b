package io.peermesh.node;

import io.peermesh.clients.OwnershipTable.Limits;
import io.peermesh.wire.Tai64n;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The wall clock, compared with the neighbors'. What we send to clients must not be far ahead of
 * what others would send, or a client would refuse the others for as long; so a clock that is ahead
 * of the middle of all known clocks gives way to it. With an even number of clocks the earlier of
 * the two in the middle counts for what we send, and the later one for what we believe.
 */
final class MeshClock {
    /** Clocks that differ by less do no harm. */
    static final long TOLERANCE_NANOS = 60_000_000_000L;

    /**
     * Epochs further ahead than this are not believed: an hour, since those of a controller whose
     * clock is wrong may be from before it has heard of others.
     */
    static final long MAX_EPOCH_AHEAD_NANOS = 3_600_000_000_000L;

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private static final long NONE = Long.MIN_VALUE;

    private final WallClock own;
    private final Map<Integer, Long> offsets = new HashMap<>();
    private long floorOffset = NONE;

    MeshClock(WallClock own) {
        this.own = own;
    }

    /**
     * A neighbor told its clock.
     *
     * @return by how much it is ahead of ours, when that is more than does no harm
     */
    Optional<Long> onHeard(int peerId, long epochNanos, long nowNanos) {
        offsets.put(peerId, epochNanos - nowNanos);
        long ahead = epochNanos - own.epochNanos(nowNanos);
        return Math.abs(ahead) > TOLERANCE_NANOS ? Optional.of(ahead) : Optional.empty();
    }

    /** For timestamps and epochs that we make. */
    long epochNanos(long nowNanos) {
        long middle = sorted(nowNanos)[offsets.size() / 2];
        long clock = own.epochNanos(nowNanos);
        return Math.max(
                clock - middle > TOLERANCE_NANOS ? middle : clock,
                floorOffset == NONE ? NONE : floorOffset + nowNanos);
    }

    /**
     * The earliest clock by which any of these controllers makes timestamps, as far as they have
     * told us theirs; ours if none has.
     */
    long earliestNanos(Set<Integer> controllerIds, long nowNanos) {
        return used(controllerIds, nowNanos).min().orElse(epochNanos(nowNanos));
    }

    /** From now on what we make is not earlier than what any of these could have made. */
    void outbid(Set<Integer> controllerIds, long nowNanos) {
        used(controllerIds, nowNanos)
                .max()
                .ifPresent(latest -> floorOffset = Math.max(floorOffset, latest - nowNanos));
    }

    private LongStream used(Set<Integer> controllerIds, long nowNanos) {
        long middle = sorted(nowNanos)[offsets.size() / 2];
        return controllerIds.stream()
                .flatMap(id -> Stream.ofNullable(offsets.get(id)))
                .mapToLong(offset -> offset + nowNanos)
                .map(clock -> clock - middle > TOLERANCE_NANOS ? middle : clock);
    }

    /** {@link #epochNanos} in milliseconds. */
    long epochMillis(long nowNanos) {
        return epochNanos(nowNanos) / NANOS_PER_MILLI;
    }

    /** What we believe of others. */
    Limits limits(long nowNanos) {
        long[] clocks = sorted(nowNanos);
        long latest = Math.max(own.epochNanos(nowNanos), clocks[clocks.length / 2]);
        return new Limits(
                (latest + MAX_EPOCH_AHEAD_NANOS) / NANOS_PER_MILLI,
                Tai64n.of(latest + TOLERANCE_NANOS));
    }

    private long[] sorted(long nowNanos) {
        return LongStream.concat(
                        LongStream.of(own.epochNanos(nowNanos)),
                        offsets.values().stream().mapToLong(offset -> offset + nowNanos))
                .sorted()
                .toArray();
    }
}
