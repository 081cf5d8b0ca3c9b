package io.peermesh.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Virtual time and chance: a queue of (time, order, action) and one seeded generator. The same seed
 * gives the same run, down to the last datagram.
 */
final class World {
    static final long MILLISECOND = 1_000_000L;
    static final long SECOND = 1_000 * MILLISECOND;

    /** More events at one instant than any real chain of causes needs: something spins. */
    private static final int MAX_EVENTS_AT_ONCE = 200_000;

    private final long seed;
    private final SplittableRandom random;
    private final PacketDiagram diagram = new PacketDiagram(Integer.getInteger("lines", 160));
    private final PacketDiagram story = new PacketDiagram(120);
    private final PriorityQueue<Event> queue =
            new PriorityQueue<>(
                    Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
    private final List<Runnable> invariants = new ArrayList<>();
    private final long startNanos;
    private long nowNanos;
    private long order;
    private int eventsAtOnce;

    World(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        // A monotonic clock may begin anywhere, also below zero.
        this.startNanos = random.nextLong() >> 2;
        this.nowNanos = startNanos;
    }

    long seed() {
        return seed;
    }

    long nowNanos() {
        return nowNanos;
    }

    /** Since the world began. */
    long elapsedNanos() {
        return nowNanos - startNanos;
    }

    /** The wall clock: it stands at 2026-01-01 when the world begins. */
    long epochNanos() {
        return 1_767_225_600L * SECOND + elapsedNanos();
    }

    SplittableRandom random() {
        return random;
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    PacketDiagram diagram() {
        return diagram;
    }

    /** Notes an event for the diagram of a failure. */
    void note(String who, String what) {
        note(who, () -> what);
    }

    /** The same, put in words only when a failure shows it: for what happens all the time. */
    void note(String who, Supplier<String> what) {
        diagram.note(elapsedNanos(), who, what);
    }

    /** Notes what matters, such as a fault: it stays when the diagram is full of datagrams. */
    void tell(String who, String what) {
        story.note(elapsedNanos(), who, () -> what);
        note(who, what);
    }

    /** Something that must hold after every event; throws an AssertionError where it does not. */
    void always(Runnable invariant) {
        invariants.add(invariant);
    }

    void after(long delayNanos, Runnable action) {
        at(nowNanos + delayNanos, action);
    }

    void at(long whenNanos, Runnable action) {
        queue.add(new Event(Math.max(whenNanos, nowNanos), order++, action));
    }

    /** Runs for a time; a failure names the seed and draws what happened last. */
    void run(long durationNanos) {
        runUntil(() -> false, durationNanos);
    }

    /**
     * Runs until the goal is reached.
     *
     * @return false when it was not reached within the limit
     */
    boolean runUntil(BooleanSupplier goal, long limitNanos) {
        long end = nowNanos + limitNanos;
        try {
            while (!goal.getAsBoolean()) {
                Event next = queue.peek();
                if (next == null || next.atNanos > end) {
                    nowNanos = end;
                    return goal.getAsBoolean();
                }
                step();
            }
            return true;
        } catch (RuntimeException | AssertionError e) {
            throw failure(String.valueOf(e.getMessage()), e);
        }
    }

    private void step() {
        Event event = queue.remove();
        eventsAtOnce = event.atNanos == nowNanos ? eventsAtOnce + 1 : 0;
        if (eventsAtOnce > MAX_EVENTS_AT_ONCE) {
            throw new AssertionError("time stands still: something asks to be called at once");
        }
        nowNanos = event.atNanos;
        event.action.run();
        invariants.forEach(Runnable::run);
    }

    /** An error that can be replayed. */
    AssertionError failure(String what, Throwable cause) {
        return new AssertionError(
                what
                        + "\nreplay with -Dseed="
                        + seed
                        + "; what happened:\n"
                        + story
                        + "and the last datagrams:\n"
                        + diagram,
                cause);
    }

    /** Demands it; a failure can be replayed. */
    void expect(boolean condition, String what) {
        if (!condition) {
            throw failure(what, new AssertionError(what));
        }
    }

    private record Event(long atNanos, long order, Runnable action) {}

    /** A timer of which only the earliest setting counts, so that asking twice runs once. */
    final class Alarm {
        private final Runnable action;
        private long setNanos = Long.MAX_VALUE;

        Alarm(Runnable action) {
            this.action = action;
        }

        /** Rings at this time, or earlier where it is set already. */
        void at(long whenNanos) {
            if (whenNanos == Long.MAX_VALUE || whenNanos >= setNanos) {
                return;
            }
            long when = Math.max(whenNanos, nowNanos);
            setNanos = when;
            World.this.at(when, () -> ring(when));
        }

        private void ring(long when) {
            if (when == setNanos) {
                setNanos = Long.MAX_VALUE;
                action.run();
            }
        }
    }
}
