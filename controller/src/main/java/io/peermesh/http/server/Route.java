package io.peermesh.http.server;

/**
 * One method of one path.
 *
 * @param access who may call it
 */
public record Route(Access access, Handler handler) {
    /** Who may call a route. */
    public enum Access {
        /** Only with a good credential. */
        AUTHENTICATED,
        /** Anybody: the route has a protection of its own. */
        OPEN
    }

    /** Answers a request; may block, may throw {@link BadArgument}. */
    @FunctionalInterface
    public interface Handler {
        /** The answer. */
        Answer answer(Request request);
    }
}
