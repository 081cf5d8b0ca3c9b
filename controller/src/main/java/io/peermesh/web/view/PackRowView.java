package io.peermesh.web.view;

import java.util.List;
import java.util.Optional;

/** A clientpack in the list and on its page. */
public record PackRowView(
        String name,
        String overlayAddress,
        List<Pill> states,
        String owner,
        String clientAddress,
        String traffic,
        String lastHandshake,
        List<Tag> tags,
        boolean enabled,
        boolean checkedOut,
        boolean connected,
        boolean connectedHere,
        int generation,
        boolean outdated,
        Optional<Moment> lastConnect,
        Optional<Moment> lastDisconnect) {
    /** Copies the lists. */
    public PackRowView {
        states = List.copyOf(states);
        tags = List.copyOf(tags);
    }

    /** A tag. */
    public record Tag(String key, String value) {}
}
