package io.peermesh.web.view;

import java.util.List;
import java.util.Optional;

/**
 * Everything on the page <i>Mesh</i> while the mesh runs.
 *
 * @param ids of all controllers
 * @param header of the matrix: its columns
 */
public record MeshPageView(
        MeshPicture picture,
        List<Integer> ids,
        Way way,
        List<String> header,
        List<Row> matrix,
        Failures failures,
        Drain drain,
        List<Target> targets,
        Optional<Drill> drill) {
    /** Copies the lists. */
    public MeshPageView {
        ids = List.copyOf(ids);
        header = List.copyOf(header);
        matrix = List.copyOf(matrix);
        targets = List.copyOf(targets);
    }

    /**
     * The way between two controllers.
     *
     * @param from 0 while there is nothing to choose
     */
    public record Way(int from, int to, Pill state, String stops, String explanation) {}

    /** A row of the matrix: a controller, and its links to all. */
    public record Row(String controller, Pill state, List<Cell> cells) {
        /** Copies the list. */
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /** A field of the matrix. */
    public record Cell(Optional<Pill> state, List<String> figures) {
        /** Copies the list. */
        public Cell {
            figures = List.copyOf(figures);
        }
    }

    /** What happens if one thing fails now. */
    public record Failures(Pill state, List<Failure> controllers, List<Failure> links) {
        /** Copies the lists. */
        public Failures {
            controllers = List.copyOf(controllers);
            links = List.copyOf(links);
        }
    }

    /** One failure and what follows. */
    public record Failure(String what, Pill state, String clients, String cutOff, String after) {}

    /** How far a drain is. */
    public record Drain(boolean draining, Pill state, String clientsLeft, String obstacle) {}

    /** A peer whose link may be taken down in a drill. */
    public record Target(int peer, String label) {}

    /** The drill that runs, or ran last. */
    public record Drill(String what, Moment started, Pill state, List<Fact> facts) {
        /** Copies the list. */
        public Drill {
            facts = List.copyOf(facts);
        }
    }

    /** A figure and its name. */
    public record Fact(String name, String value) {}
}
