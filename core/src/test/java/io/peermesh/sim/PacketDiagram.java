package io.peermesh.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Supplier;

/** The last events of a world as text, one line each: what a failure shows. */
final class PacketDiagram {
    private final int limit;
    private final Deque<Line> lines = new ArrayDeque<>();

    /** Keeps the last {@code limit} lines. */
    PacketDiagram(int limit) {
        this.limit = limit;
    }

    /** Notes an event; {@code what} is asked for its words when somebody reads the diagram. */
    void note(long elapsedNanos, String who, Supplier<String> what) {
        if (lines.size() == limit) {
            lines.removeFirst();
        }
        lines.addLast(new Line(elapsedNanos, who, what));
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (Line line : lines) {
            double millis = line.elapsedNanos / 1e6;
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%12.3f ms  %-28s %s%n",
                            millis,
                            line.who,
                            line.what.get()));
        }
        return text.toString();
    }

    private record Line(long elapsedNanos, String who, Supplier<String> what) {}
}
