package io.peermesh.forward;

/**
 * Limits of the packet path that an operator or a test may change.
 *
 * @param icmpErrorsPerSecond mean rate of the ICMP errors that core writes (RFC 1812 §4.3.2.8)
 * @param icmpErrorBurst how many of them may go at once
 */
public record ForwarderSettings(int icmpErrorsPerSecond, int icmpErrorBurst) {
    /** Checks the ranges. */
    public ForwarderSettings {
        if (icmpErrorsPerSecond < 1 || icmpErrorBurst < 1) {
            throw new IllegalArgumentException("the ICMP rate and burst are at least 1");
        }
    }

    /** 200 errors a second, 50 at once: enough for traceroutes, too few to reflect a flood. */
    public static ForwarderSettings defaults() {
        return new ForwarderSettings(200, 50);
    }
}
