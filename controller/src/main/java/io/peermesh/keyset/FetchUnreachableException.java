package io.peermesh.keyset;

/** The source of a keyset fetch gave no usable HTTP answer. */
public final class FetchUnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With what came instead, for the operator. */
    public FetchUnreachableException(String message) {
        super(message);
    }
}
