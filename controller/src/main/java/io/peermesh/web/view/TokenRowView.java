package io.peermesh.web.view;

import java.util.Optional;

/** An access token in the list; never the token itself. */
public record TokenRowView(
        int id,
        String name,
        boolean expired,
        Moment created,
        Moment expires,
        boolean refreshes,
        Optional<Moment> lastUsed,
        String lastUsedSource) {}
