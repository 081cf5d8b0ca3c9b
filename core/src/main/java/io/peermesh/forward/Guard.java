package io.peermesh.forward;

import io.peermesh.session.Activity;
import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;

/**
 * Holds back packets to clients that may be somebody else's now. A controller that has lost the
 * others cannot hear of a newer owner, and a stock client follows whoever sends; so a client that
 * is silent gets one packet a second, until it answers under a session of this controller.
 */
final class Guard {
    /** Between two packets to a silent client. */
    static final long PROBE_NANOS = 1_000_000_000L;

    /** The others would have called the client by then; what it sent before proves little. */
    static final long CALLED_NANOS = 1_000_000_000L;

    /** Until then a client is there as long as it makes no longer pauses than this. */
    static final long PAUSE_NANOS = 200_000_000L;

    /** Who gets data and is silent for this long is not there: clients answer within 10 s. */
    static final long SILENT_NANOS = 15_000_000_000L;

    private boolean isolated;
    private long sinceNanos;

    /** The others were lost, or are back. */
    void isolate(boolean nowIsolated, long nowNanos) {
        if (nowIsolated && !isolated) {
            sinceNanos = nowNanos;
        }
        isolated = nowIsolated;
    }

    /** Whether a packet must not go now. */
    boolean holds(Tunnel to, Keypair keys, long nowNanos) {
        if (!isolated || to.kind != Tunnel.Kind.CLIENT || answers(to, keys, nowNanos)) {
            return false;
        }
        if (to.probedNanos != Activity.NEVER && nowNanos - to.probedNanos < PROBE_NANOS) {
            return true;
        }
        to.probedNanos = nowNanos;
        return false;
    }

    private boolean answers(Tunnel to, Keypair keys, long nowNanos) {
        if (keys.createdNanos >= sinceNanos && nowNanos - keys.createdNanos < SILENT_NANOS) {
            return true;
        }
        long heard = to.activity.lastReceivedNanos();
        if (heard == Activity.NEVER) {
            return false;
        }
        boolean since = keys.createdNanos >= sinceNanos || heard >= sinceNanos + CALLED_NANOS;
        return nowNanos - heard < (since ? SILENT_NANOS : PAUSE_NANOS);
    }
}
