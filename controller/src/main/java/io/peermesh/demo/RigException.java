package io.peermesh.demo;

/** A step of the rig failed; the message says what was attempted, on what, and what it said. */
public final class RigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure in words. */
    public RigException(String message) {
        super(message);
    }

    /** A failure with the exception that caused it. */
    public RigException(String message, Throwable cause) {
        super(message, cause);
    }
}
