package io.peermesh.session;

import io.peermesh.ip.Endpoint;
import io.peermesh.wire.Tai64n;
import java.util.Optional;

/** Which initiations of one peer are answered: only ever newer ones, not too many, not twins'. */
final class Admission {
    private static final long NEVER = Activity.NEVER;

    private Tai64n last = Tai64n.NONE;
    private Optional<Endpoint> only = Optional.empty();
    private long receivedNanos = NEVER;

    /** Judges an authentic initiation; empty when it may be answered. */
    Optional<No> judge(Tai64n timestamp, Endpoint from, long nowNanos) {
        if (timestamp.compareTo(last) <= 0) {
            long seconds = last.secondsAfter(timestamp);
            return Optional.of(new No(Refusal.REPLAYED, seconds < 1 ? "" : Long.toString(seconds)));
        }
        if (only.isPresent() && !only.get().equals(from)) {
            return Optional.of(new No(Refusal.SECOND_MACHINE, ""));
        }
        if (receivedNanos != NEVER
                && nowNanos - receivedNanos < SessionMachine.MIN_INITIATION_GAP_NANOS) {
            return No.because(Refusal.TOO_FREQUENT);
        }
        return Optional.empty();
    }

    void onReceived(long nowNanos) {
        receivedNanos = nowNanos;
    }

    /** An initiation with this timestamp was answered, here or by somebody else. */
    void know(Tai64n timestamp) {
        last = Tai64n.max(last, timestamp);
    }

    /** The timestamp of the last one that was answered. */
    Tai64n last() {
        return last;
    }

    void forget() {
        last = Tai64n.NONE;
    }

    /** Answers only this address from now on; empty for any. */
    void only(Optional<Endpoint> endpoint) {
        only = endpoint;
    }
}
