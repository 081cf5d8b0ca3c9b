package io.peermesh.web.view;

import java.util.List;

/**
 * Stretches of time side by side: a bar of {@link #WIDTH} units.
 *
 * @param title what it is about
 * @param starts where this controller started
 */
public record TimeBar(
        String title, Pill now, String summary, List<Piece> pieces, List<String> starts) {
    /** Units from begin to end. */
    public static final int WIDTH = 1000;

    /** Copies the lists. */
    public TimeBar {
        pieces = List.copyOf(pieces);
        starts = List.copyOf(starts);
    }

    /** A stretch. */
    public record Piece(String x, String width, String style, String title) {}
}
