package io.peermesh.session;

import static io.peermesh.session.Rig.MILLISECOND;
import static io.peermesh.session.Rig.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.wire.MessageType;
import org.junit.jupiter.api.Test;

/** The session between two controllers: how it comes up, is renewed, and carries data. */
class LinkSessionTest extends TwoControllers {
    @Test
    void comesUpByItselfAsSoonAsAnAddressIsKnown() {
        connect();

        assertThat(initiations(one).getFirst().sentNanos()).isZero();
        assertThat(initiations(one).getFirst().bytes()).hasSize(184);
        assertThat(rig.sent(two, MessageType.RESPONSE).getFirst().bytes()).hasSize(120);
        assertThat(one.send(two, "hello")).isTrue();
        assertThat(two.send(one, "hi")).isTrue();
        rig.run(SECOND);
        assertThat(two.received).containsExactly("hello");
        assertThat(one.received).containsExactly("hi");
    }

    @Test
    void retriesEachSecondForEver() {
        configure();
        rig.filter = datagram -> false;
        one.only().onEndpointSet(two.address, rig.nowNanos);

        rig.run(200 * SECOND);

        assertThat(initiations(one)).hasSizeBetween(190, 201);
        assertThat(one.ended).isEmpty();
        rig.filter = datagram -> true;
        rig.run(1100 * MILLISECOND);
        assertThat(one.established).hasSize(1);
        assertThat(one.indices.size()).isEqualTo(1);
    }

    @Test
    void renewsKeysAfterExactlyTwoMinutesWithoutTraffic() {
        connect();
        long created = one.only().lastHandshakeNanos();

        rig.runUntil(created + 120 * SECOND - 1);
        assertThat(initiations(one)).hasSize(1);
        rig.runUntil(created + 120 * SECOND);

        assertThat(initiations(one)).hasSize(2);
        rig.run(SECOND);
        assertThat(initiations(two)).isEmpty();
    }

    @Test
    void responderRenewsKeysAfter135SecondsIfTheInitiatorDoesNot() {
        connect();
        long created = two.only().lastHandshakeNanos();
        rig.filter = d -> !(d.type() == MessageType.INITIATION && d.from().equals(one.address));

        rig.runUntil(created + 135 * SECOND);

        assertThat(initiations(two)).hasSize(1);
        rig.run(SECOND);
        assertThat(two.established).hasSize(2);
        assertThat(one.established).hasSize(2);
    }

    @Test
    void losesNothingInTenMinutesAndNeverLacksKeys() {
        connect();
        int messages = 30_000;
        for (int i = 0; i < messages; i++) {
            assertThat(one.send(two, "a")).isTrue();
            assertThat(two.send(one, "b")).isTrue();
            rig.run(20 * MILLISECOND);
        }
        rig.run(SECOND);

        assertThat(one.received).hasSize(messages);
        assertThat(two.received).hasSize(messages);
        assertThat(one.established).hasSize(6);
    }

    @Test
    void oneSessionIsLeftWhenBothSidesStartAtOnceAndRenewalsLoseNothing() {
        configure();
        dialBoth();
        rig.run(100 * MILLISECOND);
        assertThat(one.established).hasSize(1);
        assertThat(two.established).hasSize(1);
        assertThat(one.established.getFirst().initiator()).isTrue();
        assertThat(two.established.getFirst().initiator()).isFalse();
        assertThat(two.refusals(Refusal.CROSSED)).isEqualTo(1);

        int messages = 30_000;
        for (int i = 0; i < messages; i++) {
            one.send(two, "a");
            two.send(one, "b");
            rig.run(5 * MILLISECOND);
        }
        rig.run(SECOND);

        assertThat(one.received).hasSize(messages);
        assertThat(two.received).hasSize(messages);
    }

    @Test
    void convergesHoweverTheCrossingMessagesAreDelayedOrLost() {
        for (int round = 0; round < 200; round++) {
            rig.hosts.clear();
            one = Host.controller(rig, Host.terms(1));
            two = Host.controller(rig, Host.terms(2));
            configure();
            long start = rig.nowNanos;
            rig.filter =
                    datagram -> {
                        if (rig.nowNanos < start + SECOND && rig.random.nextInt(3) > 0) {
                            if (rig.random.nextBoolean()) {
                                rig.deliver(datagram, rig.random.nextInt(50) * MILLISECOND);
                            }
                            return false;
                        }
                        return true;
                    };
            one.only().onEndpointSet(two.address, rig.nowNanos);
            rig.run(rig.random.nextInt(25) * MILLISECOND);
            two.only().onEndpointSet(one.address, rig.nowNanos);

            rig.run(5 * SECOND);

            assertThat(one.send(two, "a")).as("round %d", round).isTrue();
            assertThat(two.send(one, "b")).as("round %d", round).isTrue();
            rig.run(100 * MILLISECOND);
            assertThat(two.received).as("round %d", round).containsExactly("a");
            assertThat(one.received).as("round %d", round).containsExactly("b");
            assertThat(one.only().isAttempting()).isFalse();
            assertThat(two.only().isAttempting()).isFalse();
        }
    }

    @Test
    void lowerIdLeavesUnansweredWhatWasUnderWayWithItsOwnHandshake() {
        configure();
        one.only().onEndpointSet(two.address, rig.nowNanos);
        rig.filter =
                d -> {
                    boolean late = d.type() == MessageType.INITIATION && two.owns(d.from());
                    if (late) {
                        rig.deliver(d, 100 * MILLISECOND);
                    }
                    return !late;
                };
        two.only().onEndpointSet(one.address, rig.nowNanos);

        rig.run(SECOND / 2);

        assertThat(one.refusals(Refusal.CROSSED)).isEqualTo(1);
        assertThat(one.only().tunnel().next).isNull();
        assertThat(two.established).hasSize(1);
    }

    @Test
    void startsAHandshakeTwoSecondsAfterUnansweredData() {
        connect();
        rig.run(10 * SECOND);
        rig.filter = datagram -> false;
        one.send(two, "lost");
        long sent = rig.nowNanos;

        rig.run(2500 * MILLISECOND);

        assertThat(initiations(one).getLast().sentNanos()).isEqualTo(sent + 2 * SECOND);
    }

    @Test
    void resendsAtOnceWithACookieUnderLoad() {
        configure();
        two.underLoad = true;

        one.only().onEndpointSet(two.address, rig.nowNanos);
        rig.run(100 * MILLISECOND);

        assertThat(two.refusals(Refusal.COOKIE_DEMANDED)).isEqualTo(1);
        assertThat(one.established).hasSize(1);
    }
}
