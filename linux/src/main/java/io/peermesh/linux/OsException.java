package io.peermesh.linux;

/** A system call failed: says which, on what, and with which errno. */
public final class OsException extends RuntimeException {
    private final int errno;

    /** For example {@code ("TUNSETIFF", "mesh0", 16, "Device or resource busy")}. */
    public OsException(String call, String subject, int errno, String text) {
        super(call + " " + subject + ": " + text + " (errno " + errno + ")");
        this.errno = errno;
    }

    /** The error number of the kernel. */
    public int errno() {
        return errno;
    }
}
