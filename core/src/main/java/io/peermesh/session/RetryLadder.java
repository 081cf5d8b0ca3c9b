package io.peermesh.session;

import java.util.Arrays;
import java.util.List;

/**
 * When to repeat an initiation that was not answered.
 *
 * @param firstDelaysNanos delays after the first, second, ... initiation
 * @param laterDelayNanos delay after all others
 * @param jitterNanos a random part below this is added to each delay
 * @param giveUpAfterNanos since the session was last needed; {@link Long#MAX_VALUE} for never
 * @param resendOnCookie whether a cookie reply is answered at once, and not at the next delay
 */
public record RetryLadder(
        List<Long> firstDelaysNanos,
        long laterDelayNanos,
        long jitterNanos,
        long giveUpAfterNanos,
        boolean resendOnCookie) {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;

    /** WireGuard's: REKEY_TIMEOUT 5 s with jitter, REKEY_ATTEMPT_TIME 90 s. */
    public static final RetryLadder WIREGUARD =
            new RetryLadder(List.of(), 5 * SECOND, 333 * MILLISECOND, 90 * SECOND, false);

    /** Peer links: each second, for ever. */
    public static final RetryLadder LINK =
            new RetryLadder(List.of(), SECOND, 50 * MILLISECOND, Long.MAX_VALUE, true);

    /**
     * Taking over the client of a controller that died: 0, 60, 120, 250, 500 ms, then 5 s; 30 s in
     * all.
     */
    public static final RetryLadder TAKE_OVER =
            new RetryLadder(
                    Arrays.asList(
                            60 * MILLISECOND,
                            60 * MILLISECOND,
                            130 * MILLISECOND,
                            250 * MILLISECOND),
                    5 * SECOND,
                    0,
                    30 * SECOND,
                    true);

    /** Asking a client of our own whether it is still ours: answered at once or not at all. */
    public static final RetryLadder CANARY =
            new RetryLadder(List.of(), 60 * MILLISECOND, 0, 300 * MILLISECOND, true);

    /** Copies the list. */
    public RetryLadder {
        firstDelaysNanos = List.copyOf(firstDelaysNanos);
    }

    /** The delay after the initiation number {@code sent}, from 1, without jitter. */
    long delayNanos(int sent) {
        return sent <= firstDelaysNanos.size() ? firstDelaysNanos.get(sent - 1) : laterDelayNanos;
    }
}
