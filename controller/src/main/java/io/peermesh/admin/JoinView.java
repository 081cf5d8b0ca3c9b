package io.peermesh.admin;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far joining a mesh is, or how the last attempt since this controller's start ended.
 *
 * @param source HOST:PORT of the controller that is joined at; empty when none was
 * @param steps in their order; empty when none was tried
 * @param controllerId the id that was taken, once there is one
 * @param failure why it failed; empty when it did not
 */
public record JoinView(
        State state,
        String source,
        List<Step> steps,
        OptionalInt controllerId,
        Optional<KeysetView.Failure> failure) {
    /** Copies the steps. */
    public JoinView {
        steps = List.copyOf(steps);
    }

    /** The same, while it is not over yet. */
    JoinView unfinished() {
        return new JoinView(State.RUNNING, source, steps, controllerId, Optional.empty());
    }

    /** Where it stands. */
    public enum State {
        /** Nothing was tried. */
        NONE,
        /** Under way. */
        RUNNING,
        /** Nothing was stored. */
        FAILED,
        /** This controller is a member of the mesh. */
        JOINED
    }

    /** What joining consists of. */
    public enum Stage {
        /** License, keyset and state of the topology. */
        FETCH("Fetch license and keyset"),
        /** A controller id that is free. */
        ID("Take a controller id"),
        /** All controllers are told where this one is. */
        ANNOUNCE("Announce this controller"),
        /** Everything is stored, and the links come up. */
        PEER("Peer with the others");

        private final String label;

        Stage(String label) {
            this.label = label;
        }

        /** In words. */
        public String label() {
            return label;
        }
    }

    /** How far a step is. */
    public enum Progress {
        /** It comes later. */
        OPEN,
        /** It is being taken. */
        RUNNING,
        /** It was taken. */
        DONE,
        /** It could not be taken. */
        FAILED
    }

    /** A step; the text says what came out of it, or what it waits for. */
    public record Step(Stage stage, Progress progress, String text) {}
}
