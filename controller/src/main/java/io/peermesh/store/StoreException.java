package io.peermesh.store;

/** The disk or the database failed. Says what was attempted on which file, and what to do. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With what was attempted on what, and what to do. */
    public StoreException(String message) {
        super(message);
    }

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
