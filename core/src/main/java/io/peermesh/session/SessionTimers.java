package io.peermesh.session;

/**
 * When a session is due for something: WireGuard's timers (whitepaper §6), computed from what
 * happened instead of armed one by one. Holds the few facts that {@link Activity} does not know;
 * all else is arithmetic. {@link #NONE} means that nothing is due.
 *
 * <pre>
 *   age of the keys  0 ........ 120 s .... 135 s ....... 165 s ........ 180 s ............ 540 s
 *   initiator        use        renew when              renew when     forward refuses    wiped
 *                               sending                 receiving      to use them
 *   responder        use                   links renew
 * </pre>
 */
final class SessionTimers {
    /** REKEY_AFTER_TIME: the initiator renews keys of this age when it sends. */
    static final long REKEY_AFTER_NANOS = 120_000_000_000L;

    /** REJECT_AFTER_TIME - KEEPALIVE_TIMEOUT - REKEY_TIMEOUT: the same when it only receives. */
    static final long REKEY_ON_RECEIVE_NANOS = 165_000_000_000L;

    /** KEEPALIVE_TIMEOUT: data that came in is answered with an empty packet after this. */
    static final long KEEPALIVE_NANOS = 10_000_000_000L;

    /** Three times REJECT_AFTER_TIME: keys are wiped. */
    static final long WIPE_AFTER_NANOS = 3 * Keypair.REJECT_AFTER_NANOS;

    /** How often an initiator looks whether it sent under keys that are due for renewal. */
    static final long REKEY_POLL_NANOS = 1_000_000_000L;

    /** A link that has answered the other side waits this long to be confirmed. */
    static final long CONFIRMATION_NANOS = 1_000_000_000L;

    /** Due at no time. */
    static final long NONE = Long.MAX_VALUE;

    private static final long NEVER = Activity.NEVER;

    private final SessionPolicy policy;
    private final Activity activity;

    private long createdNanos = NEVER;
    private boolean initiator;
    private long derivedNanos = NEVER;
    private long heardNanos = NEVER;
    private long deadPeerNanos = NEVER;
    private long keepaliveAnswered = NEVER;
    private long persistentNanos = NEVER;

    SessionTimers(SessionPolicy policy, Activity activity) {
        this.policy = policy;
        this.activity = activity;
    }

    /** New keys were handed to the packet path, proven or not. */
    void onDerived(long nowNanos) {
        derivedNanos = nowNanos;
    }

    /** A session is proven; it is the current one now. */
    void onProven(long keysCreatedNanos, boolean weStarted) {
        createdNanos = keysCreatedNanos;
        initiator = weStarted;
    }

    /** An authentic handshake message came in. */
    void onHeard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** A handshake was started, for whatever reason. */
    void onHandshakeStarted(long nowNanos) {
        deadPeerNanos = nowNanos;
    }

    /** The keepalive that was owed was sent. */
    void onKeepalive() {
        keepaliveAnswered = activity.keepaliveOwedSinceNanos();
    }

    /** The persistent keepalive was sent, or a handshake was asked for in its place. */
    void onPersistentKeepalive(long nowNanos) {
        persistentNanos = nowNanos;
    }

    /** All keys are gone. */
    void onWiped() {
        createdNanos = NEVER;
        derivedNanos = NEVER;
    }

    /** Whether there is a proven session whose keys may still be used. */
    boolean isUsable(long nowNanos) {
        return createdNanos != NEVER && nowNanos - createdNanos < Keypair.REJECT_AFTER_NANOS;
    }

    /** When the proven session's keys were made; {@link Activity#NEVER} without one. */
    long createdNanos() {
        return createdNanos;
    }

    /** When the other side was last heard of, in a handshake or in transport. */
    long lastHeardNanos() {
        return Math.max(heardNanos, activity.lastReceivedNanos());
    }

    /** When to start a handshake, given that none is under way. */
    long handshakeDueNanos(long nowNanos) {
        if (policy.alwaysOn() && !isUsable(nowNanos)) {
            return derivedNanos == NEVER
                    ? nowNanos
                    : Math.max(nowNanos, derivedNanos + CONFIRMATION_NANOS);
        }
        return Math.min(deadPeerDueNanos(), isUsable(nowNanos) ? rekeyDueNanos() : NONE);
    }

    private long rekeyDueNanos() {
        long ageDue = createdNanos + policyRekeyNanos();
        if (policy.alwaysOn()) {
            return ageDue;
        }
        if (!initiator) {
            return NONE;
        }
        boolean sentLate = activity.lastSentNanos() >= ageDue;
        boolean receivedLate =
                activity.lastReceivedNanos() >= createdNanos + REKEY_ON_RECEIVE_NANOS;
        return sentLate || receivedLate ? ageDue : NONE;
    }

    private long policyRekeyNanos() {
        return initiator ? REKEY_AFTER_NANOS : policy.responderRekeyNanos();
    }

    /**
     * Data went unanswered. The stamp of the first unanswered packet stays until something comes
     * in, so a handshake in between starts the wait anew, if anything was sent since.
     */
    private long deadPeerDueNanos() {
        long unanswered = activity.unansweredSinceNanos();
        if (unanswered == NEVER || derivedNanos == NEVER) {
            return NONE;
        }
        long since = Math.max(unanswered, Math.max(deadPeerNanos, heardNanos));
        boolean sentSince = since == unanswered || activity.lastSentNanos() > since;
        return sentSince ? since + policy.deadPeerNanos() : NONE;
    }

    /** When to answer data with an empty packet. */
    long keepaliveDueNanos(long nowNanos) {
        long owed = activity.keepaliveOwedSinceNanos();
        return owed == NEVER || owed == keepaliveAnswered || !isUsable(nowNanos)
                ? NONE
                : owed + KEEPALIVE_NANOS;
    }

    /** When to send the persistent keepalive. */
    long persistentKeepaliveDueNanos(long nowNanos) {
        if (policy.persistentKeepaliveNanos() == 0) {
            return NONE;
        }
        long last = Math.max(activity.lastSentNanos(), activity.lastReceivedNanos());
        last = Math.max(last, persistentNanos);
        return last == NEVER ? nowNanos : last + policy.persistentKeepaliveNanos();
    }

    /** When to wipe all keys. */
    long wipeDueNanos() {
        return derivedNanos == NEVER ? NONE : derivedNanos + WIPE_AFTER_NANOS;
    }

    /**
     * When to look again at the latest. What happens after now is due no sooner than the shortest
     * of the waits, so looking that often makes every timer exact, but for the renewal of keys upon
     * sending, which has no wait and is found within {@link #REKEY_POLL_NANOS}.
     */
    long lookAgainNanos(long nowNanos) {
        if (derivedNanos == NEVER) {
            return NONE;
        }
        long look = nowNanos + Math.min(KEEPALIVE_NANOS, policy.deadPeerNanos());
        if (initiator && !policy.alwaysOn() && isUsable(nowNanos)) {
            long soonest = Math.max(createdNanos + REKEY_AFTER_NANOS, nowNanos + REKEY_POLL_NANOS);
            look = Math.min(look, soonest);
        }
        return look;
    }
}
