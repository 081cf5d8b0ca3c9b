package io.peermesh.web.view;

import java.util.List;
import java.util.Optional;

/**
 * Joining a mesh on its page.
 *
 * @param source HOST:PORT of the controller that is joined at
 * @param failure why the last attempt failed; empty when it did not
 * @param identity such as {@code controller 3, 10.0.0.3}; empty without an id
 * @param peers once joined
 */
public record JoinPageView(
        State state,
        String source,
        List<Step> steps,
        String failure,
        Optional<Moment> failedAt,
        String identity,
        List<Peer> peers) {
    /** Copies the lists. */
    public JoinPageView {
        steps = List.copyOf(steps);
        peers = List.copyOf(peers);
    }

    /** What the page shows. */
    public enum State {
        /** The form, with the reason of a failure above it. */
        FORM,
        /** The progress. */
        RUNNING,
        /** The result, and how the links come up. */
        JOINED,
        /** That this controller has a keyset already. */
        MEMBER
    }

    /** A step, such as taking an id; the text is what came out of it. */
    public record Step(String label, String text, Pill state) {}

    /** Another controller, and how its link comes up. */
    public record Peer(int id, String address, PeerStateView state) {}

    /** Whether there is nothing to show besides the form. */
    public boolean isBlank() {
        return state == State.FORM && failure.isEmpty();
    }

    /** Whether what is shown changes by itself. */
    public boolean isLive() {
        return state == State.RUNNING || state == State.JOINED;
    }
}
