package io.peermesh.web.view;

import java.util.List;

/**
 * A figure over time, drawn in {@link #WIDTH} times {@link #HEIGHT} units.
 *
 * @param title what it shows, with the newest value
 * @param top what the upper edge stands for
 * @param description for those who do not see it
 * @param lines paths of the figure; where nothing was measured there is a gap
 * @param areas paths of the highest values
 */
public record Chart(
        String title, String top, String description, List<String> lines, List<String> areas) {
    /** Units from begin to end. */
    public static final int WIDTH = 500;

    /** Units from zero to the top. */
    public static final int HEIGHT = 80;

    /** Copies the lists. */
    public Chart {
        lines = List.copyOf(lines);
        areas = List.copyOf(areas);
    }
}
