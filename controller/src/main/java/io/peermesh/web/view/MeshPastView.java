package io.peermesh.web.view;

import java.util.List;
import java.util.Optional;

/**
 * The mesh at a past moment.
 *
 * @param shown the moment
 * @param mesh how it looked; empty when nothing is recorded
 * @param events what had happened last, newest first
 */
public record MeshPastView(Moment shown, Optional<Mesh> mesh, List<HistoryPageView.Row> events) {
    /** Copies the list. */
    public MeshPastView {
        events = List.copyOf(events);
    }

    /**
     * How it looked.
     *
     * @param since when controllers and links had become like that
     */
    public record Mesh(
            Moment since,
            MeshPicture picture,
            List<Integer> ids,
            MeshPageView.Way way,
            List<String> header,
            List<MeshPageView.Row> matrix) {
        /** Copies the lists. */
        public Mesh {
            ids = List.copyOf(ids);
            header = List.copyOf(header);
            matrix = List.copyOf(matrix);
        }
    }
}
