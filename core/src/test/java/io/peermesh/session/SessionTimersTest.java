package io.peermesh.session;

import static io.peermesh.session.Rig.SECOND;
import static io.peermesh.session.SessionTimers.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionTimersTest {
    private final Activity activity = new Activity();
    private final SessionTimers timers = new SessionTimers(SessionPolicy.GATEWAY, activity);

    private void prove(long atNanos, boolean asInitiator) {
        timers.onHeard(atNanos);
        timers.onDerived(atNanos);
        timers.onProven(atNanos, asInitiator);
    }

    @Test
    void nothingIsDueWithoutASession() {
        assertThat(timers.handshakeDueNanos(SECOND)).isEqualTo(NONE);
        assertThat(timers.keepaliveDueNanos(SECOND)).isEqualTo(NONE);
        assertThat(timers.persistentKeepaliveDueNanos(SECOND)).isEqualTo(NONE);
        assertThat(timers.wipeDueNanos()).isEqualTo(NONE);
        assertThat(timers.lookAgainNanos(SECOND)).isEqualTo(NONE);
    }

    @Test
    void owesOneKeepalivePerStampEvenIfNoneCouldBeSent() {
        prove(0, false);
        activity.received(1, 100, true, SECOND);
        assertThat(timers.keepaliveDueNanos(SECOND)).isEqualTo(11 * SECOND);

        timers.onKeepalive();

        assertThat(timers.keepaliveDueNanos(11 * SECOND)).isEqualTo(NONE);
        activity.sent(1, 32, false, 12 * SECOND);
        activity.received(1, 100, true, 13 * SECOND);
        assertThat(timers.keepaliveDueNanos(13 * SECOND)).isEqualTo(23 * SECOND);
    }

    @Test
    void hearsThePeerInHandshakesAndInTransport() {
        timers.onHeard(5 * SECOND);
        assertThat(timers.lastHeardNanos()).isEqualTo(5 * SECOND);

        activity.received(1, 32, false, 7 * SECOND);
        assertThat(timers.lastHeardNanos()).isEqualTo(7 * SECOND);
    }

    @Test
    void waitsAnewAfterAHandshakeAndOnlyIfSomethingWasSentSince() {
        prove(0, false);
        activity.sent(1, 100, true, SECOND);
        assertThat(timers.handshakeDueNanos(2 * SECOND)).isEqualTo(16 * SECOND);

        timers.onHandshakeStarted(16 * SECOND);
        assertThat(timers.handshakeDueNanos(17 * SECOND)).isEqualTo(NONE);

        activity.sent(1, 100, true, 18 * SECOND);
        assertThat(timers.handshakeDueNanos(19 * SECOND)).isEqualTo(31 * SECOND);
    }

    @Test
    void anythingAuthenticEndsTheWaitForAnAnswer() {
        prove(0, false);
        activity.sent(1, 100, true, SECOND);
        activity.received(1, 32, false, 2 * SECOND);

        assertThat(timers.handshakeDueNanos(3 * SECOND)).isEqualTo(NONE);
    }

    @Test
    void looksOftenEnoughForEveryTimer() {
        prove(0, true);

        assertThat(timers.lookAgainNanos(SECOND)).isEqualTo(11 * SECOND);
        assertThat(timers.lookAgainNanos(115 * SECOND)).isEqualTo(120 * SECOND);
        assertThat(timers.lookAgainNanos(130 * SECOND)).isEqualTo(131 * SECOND);
        assertThat(timers.lookAgainNanos(200 * SECOND)).isEqualTo(210 * SECOND);
    }

    @Test
    void gatewayAsResponderLeavesRenewalToTheClient() {
        prove(0, false);
        activity.sent(1, 100, true, 170 * SECOND);
        activity.received(1, 100, true, 171 * SECOND);

        assertThat(timers.handshakeDueNanos(172 * SECOND)).isEqualTo(NONE);
    }
}
