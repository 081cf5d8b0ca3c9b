package io.peermesh.keyset;

/** The source of a keyset fetch gave no usable HTTP answer. */
public final class FetchUnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With what was tried and what came instead. */
    public FetchUnreachableException(String message) {
        super(message);
    }
}
