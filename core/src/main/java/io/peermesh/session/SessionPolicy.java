package io.peermesh.session;

/**
 * The timing of one session; the rest of WireGuard's numbers is fixed in {@link SessionMachine}.
 *
 * @param retry when to repeat an unanswered initiation
 * @param alwaysOn keep a session whether there is traffic or not, while an endpoint is known
 * @param deadPeerNanos start a handshake when data was not answered for this long
 * @param responderRekeyNanos renew keys of this age even if the other side started their handshake;
 *     {@link Long#MAX_VALUE} leaves it to the other side, as WireGuard does
 * @param persistentKeepaliveNanos send an empty packet after this much silence; 0 for never
 */
public record SessionPolicy(
        RetryLadder retry,
        boolean alwaysOn,
        long deadPeerNanos,
        long responderRekeyNanos,
        long persistentKeepaliveNanos) {
    private static final long SECOND = 1_000_000_000L;

    /** A gateway towards its clients: stock WireGuard without persistent keepalive. */
    public static final SessionPolicy GATEWAY = wireGuard(0);

    /** A peer link. */
    public static final SessionPolicy LINK =
            new SessionPolicy(RetryLadder.LINK, true, 2 * SECOND, 135 * SECOND, 0);

    /** A stock WireGuard peer with {@code PersistentKeepalive}, 0 for none. */
    public static SessionPolicy wireGuard(long persistentKeepaliveNanos) {
        return new SessionPolicy(
                RetryLadder.WIREGUARD,
                false,
                15 * SECOND,
                Long.MAX_VALUE,
                persistentKeepaliveNanos);
    }
}
