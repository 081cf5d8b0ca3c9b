package io.peermesh.web;

import io.peermesh.admin.LinkTimeline;
import io.peermesh.admin.LinkTimeline.Span;
import io.peermesh.admin.LinkTimeline.State;
import io.peermesh.admin.MeshHistory.Stretch;
import io.peermesh.web.view.Numbers;
import io.peermesh.web.view.Pill;
import io.peermesh.web.view.TimeBar;
import io.peermesh.web.view.TimeBar.Piece;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Draws when links were up and clients connected. */
final class TimeBars {
    /** A fall of a fifth of a second must be seen in a month: at least as wide, in units. */
    private static final double LEAST_WIDTH = 3;

    private static final int FINEST = 1000; // thousandths of a percent are not rounded up

    private final Instant begin;
    private final Instant end;
    private final double wholeMillis;

    /** For bars that all reach from begin to end. */
    TimeBars(Instant begin, Instant end) {
        this.begin = begin;
        this.end = end;
        this.wholeMillis = Duration.between(begin, end).toMillis();
    }

    /** The bar of a link. */
    TimeBar link(String title, LinkTimeline timeline) {
        return bar(
                title,
                timeline,
                state ->
                        switch (state) {
                            case UP -> Pill.good("up");
                            case DOWN -> Pill.bad("down");
                            case UNKNOWN -> Pill.plain("not recorded");
                        },
                share(timeline, "up"));
    }

    /** The bar of a client: elsewhere is no fault. */
    TimeBar client(String title, LinkTimeline timeline) {
        return bar(
                title,
                timeline,
                state ->
                        switch (state) {
                            case UP -> Pill.good("connected here");
                            case DOWN -> Pill.wait("not here");
                            case UNKNOWN -> Pill.plain("not recorded");
                        },
                share(timeline, "connected here"));
    }

    /** The bar of the whole mesh. */
    TimeBar mesh(List<Stretch> stretches) {
        return new TimeBar(
                "All links",
                Pill.plain(""),
                stretches.isEmpty() ? "nothing is recorded" : "when all links were up",
                stretches.stream()
                        .sorted(Comparator.comparing(each -> each.up() < each.links()))
                        .map(each -> {
                            boolean all = each.up() == each.links();
                            return piece(
                                    each.from(),
                                    each.to(),
                                    all ? "good" : "bad",
                                    all
                                            ? "all links up"
                                            : each.up() + " of " + each.links() + " links up");
                        })
                        .toList(),
                List.of());
    }

    @FunctionalInterface
    private interface Words {
        Pill of(State state);
    }

    private TimeBar bar(String title, LinkTimeline timeline, Words words, String summary) {
        List<Piece> pieces =
                timeline.spans().stream()
                        .sorted(Comparator.comparing(span -> span.state() == State.DOWN))
                        .map(span -> piece(span, words.of(span.state())))
                        .toList();
        List<String> starts =
                timeline.starts().stream()
                        .map(at -> number(units(Duration.between(begin, at))))
                        .toList();
        State now = timeline.spans().isEmpty() ? State.UNKNOWN : timeline.spans().getLast().state();
        return new TimeBar(title, words.of(now), summary, pieces, starts);
    }

    private Piece piece(Span span, Pill words) {
        return piece(span.from(), span.to(), words.tone().style(), words.text());
    }

    private Piece piece(Instant wantedFrom, Instant wantedTo, String style, String state) {
        Instant from = wantedFrom.isBefore(begin) ? begin : wantedFrom;
        Instant to = wantedTo.isAfter(end) ? end : wantedTo;
        double x = units(Duration.between(begin, from));
        double width = units(Duration.between(from, to));
        if (style.equals("bad") || style.equals("wait")) {
            width = Math.max(width, LEAST_WIDTH);
            x = Math.min(x, TimeBar.WIDTH - width);
        }
        return new Piece(
                number(x),
                number(width),
                style,
                state
                        + " for "
                        + Numbers.duration(Duration.between(wantedFrom, wantedTo).toNanos())
                        + " until "
                        + Numbers.exact(wantedTo));
    }

    private double units(Duration length) {
        return length.toMillis() * TimeBar.WIDTH / wholeMillis;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String share(LinkTimeline timeline, String what) {
        long up = timeline.total(State.UP).toMillis();
        long known = up + timeline.total(State.DOWN).toMillis();
        if (known == 0) {
            return "nothing is recorded";
        }
        double percent = Math.floor(100.0 * FINEST * up / known) / FINEST;
        return String.format(
                        Locale.ROOT,
                        percent == Math.rint(percent) ? "%.0f %% %s, " : "%.3f %% %s, ",
                        percent,
                        what)
                + (timeline.falls() == 1 ? "1 fall" : timeline.falls() + " falls");
    }
}
