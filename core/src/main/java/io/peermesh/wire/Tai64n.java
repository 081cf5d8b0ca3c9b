package io.peermesh.wire;

import java.nio.ByteBuffer;

/**
 * A TAI64N label, 12 bytes, as WireGuard's handshakes carry it. It only has to grow; ten leap
 * seconds of 1970 are added and none of later, like every other WireGuard does.
 *
 * <pre>
 *  0                               8               12
 *  | 2^62 + 10 + seconds since 1970 | nanoseconds    |   both big-endian
 * </pre>
 *
 * @param label the seconds with their offset, unsigned
 * @param nanos 0..999,999,999
 */
public record Tai64n(long label, int nanos) implements Comparable<Tai64n> {
    /** Length on the wire. */
    public static final int BYTES = 12;

    /**
     * The step of {@link #coarse}: coarse enough that it does not tell the exact clock, fine enough
     * for 50 initiations a second.
     */
    public static final int STEP_NANOS = 1 << 24;

    /** Before every other. */
    public static final Tai64n NONE = new Tai64n(0, 0);

    private static final long BASE = 0x4000_0000_0000_000aL;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** The exact label of a wall clock time, nanoseconds since 1970. */
    public static Tai64n of(long epochNanos) {
        return new Tai64n(
                BASE + Math.floorDiv(epochNanos, NANOS_PER_SECOND),
                (int) Math.floorMod(epochNanos, NANOS_PER_SECOND));
    }

    /** The label rounded down to a multiple of {@link #STEP_NANOS} in its second. */
    public static Tai64n coarse(long epochNanos) {
        Tai64n exact = of(epochNanos);
        return new Tai64n(exact.label, exact.nanos & -STEP_NANOS);
    }

    /** Reads 12 bytes; nanoseconds out of range are kept, as only the order counts. */
    public static Tai64n parse(byte[] bytes, int offset) {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, BYTES);
        return new Tai64n(in.getLong(), in.getInt());
    }

    /** The 12 bytes. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(label).putInt(nanos).array();
    }

    /** The next label of {@link #coarse} after this one. */
    public Tai64n nextCoarse() {
        int next = (nanos & -STEP_NANOS) + STEP_NANOS;
        return next < NANOS_PER_SECOND ? new Tai64n(label, next) : new Tai64n(label + 1, 0);
    }

    /** The later of the two. */
    public static Tai64n max(Tai64n one, Tai64n other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** So many whole seconds later; at the end of all time it stays there. */
    public Tai64n plusSeconds(long seconds) {
        long later = label + seconds;
        return Long.compareUnsigned(later, label) < 0
                ? new Tai64n(-1L, nanos)
                : new Tai64n(later, nanos);
    }

    /** Seconds that this label is ahead of {@code other}; negative when it is behind. */
    public long secondsAfter(Tai64n other) {
        return label - other.label;
    }

    /** The order of the 12 bytes as unsigned numbers. */
    @Override
    public int compareTo(Tai64n other) {
        int seconds = Long.compareUnsigned(label, other.label);
        return seconds != 0 ? seconds : Integer.compareUnsigned(nanos, other.nanos);
    }
}
