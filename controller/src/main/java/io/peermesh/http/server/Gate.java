package io.peermesh.http.server;

import io.peermesh.admin.Actor;

/** Decides who may come in. Safe from any thread. */
@FunctionalInterface
public interface Gate {
    /**
     * Checks what a request shows.
     *
     * @param source the address that it came from
     */
    Verdict check(Credentials credentials, String source);

    /** The decision. */
    sealed interface Verdict {
        /** One of the credentials is good. */
        record Admitted(Actor actor) implements Verdict {}

        /** None is good, or there is none. */
        record Refused() implements Verdict {}

        /** Too many bad ones came from there; not even looked at. */
        record Throttled(int retryAfterSeconds) implements Verdict {}
    }
}
