package io.peermesh.admin;

/** The answer to a credential. */
public sealed interface Login {
    /** It is good. */
    record Granted(Actor actor) implements Login {}

    /** It is not; which part was wrong is not told. */
    record Refused() implements Login {}

    /** Too many wrong ones from this address; not even looked at. */
    record Throttled(int retryAfterSeconds) implements Login {}
}
