package io.peermesh.web.view;

import java.util.List;

/**
 * The mesh as a drawing; texts are coordinates or ready to be shown.
 *
 * @param height of the drawing; its width is {@link #WIDTH}
 * @param description what it shows, in words
 * @param way the links that the chosen packets take, drawn beneath
 */
public record MeshPicture(
        String height, String description, List<Line> way, List<Line> lines, List<Spot> spots) {
    /** Of the drawing, in its own units. */
    public static final int WIDTH = 400;

    /** Copies the lists. */
    public MeshPicture {
        way = List.copyOf(way);
        lines = List.copyOf(lines);
        spots = List.copyOf(spots);
    }

    /**
     * A link.
     *
     * @param style the style's word for its state
     * @param title shown when one points at it
     * @param labels written at it, one below the other
     */
    public record Line(
            String x1,
            String y1,
            String x2,
            String y2,
            String style,
            String title,
            List<Label> labels) {
        /** Copies the list. */
        public Line {
            labels = List.copyOf(labels);
        }
    }

    /**
     * A text and the middle of where it stands.
     *
     * @param style {@code more} for one that a small screen does without
     */
    public record Label(String x, String y, String style, String text) {}

    /**
     * A controller.
     *
     * @param style the style's words for its state
     * @param nameY where its id stands
     * @param label what is written beneath
     */
    public record Spot(
            String x, String y, String nameY, String style, String id, String title, Label label) {}
}
