package io.peermesh.web.view;

import java.util.List;

/**
 * Everything on the page <i>Link and event history</i>.
 *
 * @param spans how far back one may look, by their words in the address
 * @param about what was typed, as it was typed
 * @param wrong what is wrong with it; empty if nothing is
 * @param older address of the next page; empty when there is none
 * @param isNewest whether this is the first page
 */
public record HistoryPageView(
        List<Bar> bars,
        List<Choice> spans,
        List<Choice> kinds,
        String about,
        String wrong,
        String older,
        boolean isNewest) {
    /** Copies the lists. */
    public HistoryPageView {
        bars = List.copyOf(bars);
        spans = List.copyOf(spans);
        kinds = List.copyOf(kinds);
    }

    /** An entry of a drop-down. */
    public record Choice(String value, String label, boolean chosen) {}

    /**
     * When a link was up: a bar of {@link #WIDTH} units.
     *
     * @param starts where this controller started
     */
    public record Bar(
            String peer, Pill now, String summary, List<Piece> pieces, List<String> starts) {
        /** Units from begin to end. */
        public static final int WIDTH = 1000;

        /** Copies the lists. */
        public Bar {
            pieces = List.copyOf(pieces);
            starts = List.copyOf(starts);
        }
    }

    /** A part of a bar. */
    public record Piece(String x, String width, String style, String title) {}

    /** An event. */
    public record Row(
            Moment at, Pill kind, String text, String cause, List<MeshPageView.Fact> facts) {
        /** Copies the list. */
        public Row {
            facts = List.copyOf(facts);
        }
    }
}
