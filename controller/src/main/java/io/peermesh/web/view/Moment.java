package io.peermesh.web.view;

import java.time.Instant;

/**
 * A time as a page shows it.
 *
 * @param relative such as {@code 3 min ago}
 * @param exact shown when one points at it
 * @param machine for programs
 */
public record Moment(String relative, String exact, String machine) {
    /** Seen from now. */
    public static Moment of(Instant at, Instant now) {
        return new Moment(Numbers.relative(at, now), Numbers.exact(at), at.toString());
    }
}
