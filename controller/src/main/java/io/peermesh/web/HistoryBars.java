package io.peermesh.web;

import io.peermesh.admin.LinkTimeline;
import io.peermesh.admin.LinkTimeline.Span;
import io.peermesh.admin.LinkTimeline.State;
import io.peermesh.web.view.HistoryPageView.Bar;
import io.peermesh.web.view.HistoryPageView.Piece;
import io.peermesh.web.view.Numbers;
import io.peermesh.web.view.Pill;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Draws when a link was up. */
final class HistoryBars {
    /** A fall of a fifth of a second must be seen in a month: at least as wide, in units. */
    private static final double LEAST_WIDTH = 3;

    private static final int FINEST = 1000; // thousandths of a percent are not rounded up

    private HistoryBars() {}

    /** The bar of one peer. */
    static Bar bar(int peer, LinkTimeline timeline, Instant begin, Instant end) {
        double whole = Duration.between(begin, end).toMillis();
        List<Piece> pieces =
                timeline.spans().stream()
                        .sorted(Comparator.comparing(span -> span.state() == State.DOWN))
                        .map(span -> piece(span, begin, whole))
                        .toList();
        List<String> starts =
                timeline.starts().stream()
                        .map(at -> number(units(Duration.between(begin, at), whole)))
                        .toList();
        return new Bar("Controller " + peer, now(timeline), summary(timeline), pieces, starts);
    }

    private static Piece piece(Span span, Instant begin, double whole) {
        double x = units(Duration.between(begin, span.from()), whole);
        double width = units(span.length(), whole);
        if (span.state() == State.DOWN) {
            width = Math.max(width, LEAST_WIDTH);
            x = Math.min(x, Bar.WIDTH - width);
        }
        return new Piece(number(x), number(width), pill(span.state()).tone().style(), title(span));
    }

    private static String title(Span span) {
        return pill(span.state()).text()
                + " for "
                + Numbers.duration(span.length().toNanos())
                + " until "
                + Numbers.exact(span.to());
    }

    private static double units(Duration length, double whole) {
        return length.toMillis() * Bar.WIDTH / whole;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static Pill now(LinkTimeline timeline) {
        return timeline.spans().isEmpty()
                ? pill(State.UNKNOWN)
                : pill(timeline.spans().getLast().state());
    }

    private static Pill pill(State state) {
        return switch (state) {
            case UP -> Pill.good("up");
            case DOWN -> Pill.bad("down");
            case UNKNOWN -> Pill.plain("not recorded");
        };
    }

    private static String summary(LinkTimeline timeline) {
        long up = timeline.total(State.UP).toMillis();
        long known = up + timeline.total(State.DOWN).toMillis();
        if (known == 0) {
            return "nothing is recorded";
        }
        double percent = Math.floor(100.0 * FINEST * up / known) / FINEST;
        return String.format(
                Locale.ROOT,
                percent == Math.rint(percent) ? "%.0f %% up, %s" : "%.3f %% up, %s",
                percent,
                timeline.falls() == 1 ? "1 fall" : timeline.falls() + " falls");
    }
}
