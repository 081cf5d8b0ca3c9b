package io.peermesh.http.server;

/**
 * A request that cannot be understood: malformed JSON, a parameter missing or of the wrong type.
 * Thrown by {@link Parameters}, caught where the request is answered.
 */
public final class BadArgument extends RuntimeException {
    private final int status;

    /** Answered with 400. */
    public BadArgument(String message) {
        this(400, message);
    }

    /** Answered with a status of its own, such as 415. */
    public BadArgument(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The explanation; never absent. */
    public String explanation() {
        return String.valueOf(getMessage());
    }
}
