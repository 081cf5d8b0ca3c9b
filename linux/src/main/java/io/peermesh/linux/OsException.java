package io.peermesh.linux;

/** A system call failed: says which, on what, with which errno, and where possible what to do. */
public final class OsException extends RuntimeException {
    private final int errno;

    /** For example {@code ("TUNSETIFF", "mesh0", 16, "the device is in use")}. */
    public OsException(String call, String subject, int errno, String text) {
        super(call + " " + subject + ": " + text + " (" + Errno.name(errno) + ")");
        this.errno = errno;
    }

    /** With the C library's words for the error number. */
    static OsException of(String call, String subject, int errno) {
        return new OsException(call, subject, errno, Libc.strerror(errno));
    }

    /**
     * Passes a result of {@link Libc} on, or throws what it says when it is negative.
     *
     * @return {@code result}, zero or positive
     */
    static int check(int result, String call, String subject) {
        if (result < 0) {
            throw of(call, subject, -result);
        }
        return result;
    }

    /** The error number of the kernel. */
    public int errno() {
        return errno;
    }
}
