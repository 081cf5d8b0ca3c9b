package io.peermesh.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** The last events of a world as text, one line each: what a failure shows. */
final class PacketDiagram {
    private static final int LINES = 160;

    private final Deque<Line> lines = new ArrayDeque<>();

    void note(long elapsedNanos, String who, String what) {
        if (lines.size() == LINES) {
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
                            Locale.ROOT, "%12.3f ms  %-28s %s%n", millis, line.who, line.what));
        }
        return text.toString();
    }

    private record Line(long elapsedNanos, String who, String what) {}
}
