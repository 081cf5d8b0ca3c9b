package io.peermesh.license;

/** The operator's issuer key file cannot be used; says which and what to do. */
public final class IssuerKeyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    IssuerKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
