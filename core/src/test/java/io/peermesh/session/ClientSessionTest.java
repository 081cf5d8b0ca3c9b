package io.peermesh.session;

import static io.peermesh.session.Rig.DELAY_NANOS;
import static io.peermesh.session.Rig.MILLISECOND;
import static io.peermesh.session.Rig.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Endpoint;
import io.peermesh.session.SessionOutput.Ended;
import io.peermesh.wire.MessageType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions between a client in the role of stock WireGuard and the gateway: data, timers, keys. */
class ClientSessionTest extends ClientAndGateway {
    @Test
    void bringsUpASessionThatCarriesDataBothWays() {
        connect();

        assertThat(client.send(gateway, "ping")).isTrue();
        assertThat(gateway.send(client, "pong")).isTrue();
        rig.run(SECOND);

        assertThat(gateway.received).containsExactly("ping");
        assertThat(client.received).containsExactly("pong");
    }

    @Test
    void sendsMessagesOfWireGuardsSizes() {
        connect();

        assertThat(initiations(client).getFirst().bytes()).hasSize(148);
        assertThat(rig.sent(gateway, MessageType.RESPONSE).getFirst().bytes()).hasSize(92);
        assertThat(rig.sent(client, MessageType.TRANSPORT).getFirst().bytes()).hasSize(32);
    }

    @Test
    void reportsTheSessionAsInitiatorOnTheResponseAndAsResponderOnFirstUse() {
        client.send(gateway, "first");
        rig.run(DELAY_NANOS);
        assertThat(gateway.established).isEmpty();
        rig.run(DELAY_NANOS);
        assertThat(client.established).hasSize(1);
        assertThat(gateway.established).isEmpty();
        rig.run(DELAY_NANOS);

        assertThat(gateway.established).hasSize(1);
        assertThat(client.established.getFirst().initiator()).isTrue();
        assertThat(gateway.established.getFirst().initiator()).isFalse();
        assertThat(toClient.isUsable(rig.nowNanos)).isTrue();
    }

    @Test
    void learnsTheClientsAddressFromAnInitiationOnlyIfThereIsNone() {
        connect();
        assertThat(toClient.endpoint()).contains(client.address);
        Endpoint before = client.address;
        client.address = Rig.endpoint(9, 7777);
        rig.filter = datagram -> datagram.type() != MessageType.TRANSPORT;

        rig.run(6 * SECOND);
        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(SECOND);

        assertThat(toClient.endpoint()).contains(before);
        assertThat(rig.sent(gateway, MessageType.RESPONSE).getLast().to())
                .isEqualTo(client.address);
    }

    @Test
    void followsTheClientsAddressByAuthenticTransport() {
        connect();
        client.address = Rig.endpoint(9, 7777);

        client.send(gateway, "moved");
        rig.run(SECOND);

        assertThat(toClient.endpoint()).contains(client.address);
        gateway.send(client, "found");
        rig.run(SECOND);
        assertThat(client.received).containsExactly("found");
    }

    @Test
    void retriesAfterFiveSecondsAndAThirdAtMostAndGivesUpAfterNinety() {
        rig.filter = datagram -> false;

        client.send(gateway, "lost");
        rig.run(89 * SECOND);

        List<Long> times = initiations(client).stream().map(Rig.Datagram::sentNanos).toList();
        assertThat(times).hasSizeBetween(17, 18);
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1))
                    .isBetween(5 * SECOND, 5 * SECOND + 333 * MILLISECOND);
        }
        assertThat(client.ended).isEmpty();
        rig.run(SECOND);
        assertThat(client.ended).containsExactly(Ended.GAVE_UP);
        assertThat(toGateway.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(client.indices.size()).isZero();
    }

    @Test
    void goesOnTryingWhileDataWantsToGoOut() {
        rig.filter = datagram -> false;
        client.send(gateway, "lost");
        rig.run(80 * SECOND);
        client.send(gateway, "lost too");
        rig.run(80 * SECOND);

        assertThat(client.ended).isEmpty();
        rig.run(10 * SECOND);
        assertThat(client.ended).containsExactly(Ended.GAVE_UP);
    }

    @Test
    void answersDataWithAKeepaliveAfterExactlyTenSeconds() {
        connect();
        client.send(gateway, "data");
        rig.run(DELAY_NANOS);
        long arrival = rig.nowNanos;

        rig.run(60 * SECOND);

        assertThat(gateway.keepalives).containsExactly(arrival + 10 * SECOND);
    }

    @Test
    void sendsNoKeepaliveWhenDataWentBack() {
        connect();
        client.send(gateway, "data");
        rig.run(9 * SECOND);
        gateway.send(client, "answer");
        rig.run(5 * SECOND);

        assertThat(gateway.keepalives).isEmpty();
    }

    @Test
    void startsANewHandshakeFifteenSecondsAfterUnansweredData() {
        connect();
        rig.run(7 * SECOND);
        rig.filter = datagram -> false;
        client.send(gateway, "lost");
        long sent = rig.nowNanos;

        rig.run(16 * SECOND);

        assertThat(initiations(client)).hasSize(2);
        assertThat(initiations(client).getLast().sentNanos()).isEqualTo(sent + 15 * SECOND);
    }

    @Test
    void gatewayStartsAHandshakeTooWhenItsDataGoesUnanswered() {
        connect();
        rig.run(7 * SECOND);
        rig.filter = datagram -> rig.nowNanos > 20 * SECOND;
        gateway.send(client, "lost");

        rig.run(17 * SECOND);

        assertThat(initiations(gateway)).hasSize(1);
        assertThat(gateway.established).hasSize(2);
        assertThat(gateway.established.getLast().initiator()).isTrue();
    }

    @Test
    void gatewayDoesNotInitiateWithoutAnEndpoint() {
        assertThat(gateway.send(client, "too early")).isFalse();
        rig.run(100 * SECOND);

        assertThat(initiations(gateway)).isEmpty();
        assertThat(toClient.isAttempting()).isFalse();
    }

    @Test
    void initiatorRenewsItsKeysWhenItSendsAfterTwoMinutes() {
        connect();
        long created = toGateway.lastHandshakeNanos();
        for (int i = 0; i < 119; i++) {
            exchange();
        }
        assertThat(rig.nowNanos).isLessThan(created + 120 * SECOND);
        assertThat(initiations(client)).hasSize(1);

        rig.run(2 * SECOND);
        exchange();
        rig.run(SessionTimers.REKEY_POLL_NANOS);

        assertThat(initiations(client)).hasSize(2);
        assertThat(initiations(gateway)).isEmpty();
        assertThat(toGateway.lastHandshakeNanos()).isGreaterThan(created + 120 * SECOND);
    }

    @Test
    void initiatorThatOnlyReceivesRenewsItsKeysAfter165Seconds() {
        connect();
        long created = toGateway.lastHandshakeNanos();
        rig.runUntil(created + 164 * SECOND);
        assertThat(initiations(client)).hasSize(1);

        rig.filter = d -> d.from().equals(gateway.address);
        rig.at(created + 166 * SECOND, () -> gateway.send(client, "late"));
        rig.runUntil(created + 168 * SECOND);

        assertThat(initiations(client)).hasSize(2);
    }

    @Test
    void idleSessionIsNotRenewedAndItsKeysAreWipedAfterNineMinutes() {
        connect();
        long created = toGateway.lastHandshakeNanos();

        rig.runUntil(created + 540 * SECOND - 1);
        assertThat(client.ended).isEmpty();
        assertThat(toGateway.session()).isPresent();
        rig.runUntil(created + 540 * SECOND);

        assertThat(initiations(client)).hasSize(1);
        assertThat(client.ended).containsExactly(Ended.EXPIRED);
        assertThat(toGateway.session()).isEmpty();
        rig.run(SECOND);
        assertThat(gateway.ended).containsExactly(Ended.EXPIRED);
        assertThat(client.indices.size()).isZero();
        assertThat(gateway.indices.size()).isZero();
        assertThat(toGateway.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void tellsOfNoEndWhereNoSessionWasEverProven() {
        connect();
        byte[] recorded = initiations(client).getFirst().bytes();
        rig.run(600 * SECOND);
        assertThat(gateway.ended).hasSize(1);

        gateway.gate.onMessage(0, Rig.endpoint(66, 666), recorded, false, rig.nowNanos);
        assertThat(gateway.indices.size()).isEqualTo(1);
        rig.run(600 * SECOND);

        assertThat(gateway.ended).hasSize(1);
        assertThat(gateway.indices.size()).isZero();
    }

    @Test
    void refusesToUseKeysThatAreThreeMinutesOldAndAsksForNewOnes() {
        connect();
        rig.runUntil(toGateway.lastHandshakeNanos() + 180 * SECOND);

        assertThat(toGateway.isUsable(rig.nowNanos)).isFalse();
        assertThat(client.send(gateway, "late")).isFalse();
        rig.run(SECOND);
        assertThat(client.send(gateway, "again")).isTrue();
    }

    @Test
    void losesNothingInTenMinutesOfTrafficOverManyRenewals() {
        connect();
        int messages = 6000;
        for (int i = 0; i < messages; i++) {
            assertThat(client.send(gateway, "c" + i)).isTrue();
            assertThat(gateway.send(client, "g" + i)).isTrue();
            rig.run(100 * MILLISECOND);
        }
        rig.run(SECOND);

        assertThat(gateway.received).hasSize(messages);
        assertThat(client.received).hasSize(messages);
        assertThat(client.undeliverable + gateway.undeliverable).isZero();
        assertThat(initiations(client)).hasSizeBetween(5, 6);
        assertThat(client.indices.size()).isLessThanOrEqualTo(3);
    }

    @Test
    void keepsThePersistentKeepaliveExactly() {
        var third = Host.wireGuard(rig, 3);
        SessionMachine machine = third.peer(gateway, psk, SessionPolicy.wireGuard(25 * SECOND));
        gateway.peer(third, psk, SessionPolicy.GATEWAY);
        machine.onEndpointSet(gateway.address, rig.nowNanos);

        rig.run(100 * SECOND);

        long proven = 2 * DELAY_NANOS;
        assertThat(third.keepalives)
                .containsExactly(proven + 25 * SECOND, proven + 50 * SECOND, proven + 75 * SECOND);
    }

    @Test
    void stoppedMachineDoesNothingAndHoldsNoIndex() {
        connect();

        toGateway.stop();
        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());
        toGateway.onEndpointSet(Rig.endpoint(8, 8), rig.nowNanos);
        rig.run(600 * SECOND);

        assertThat(client.indices.size()).isZero();
        assertThat(initiations(client)).hasSize(1);
        assertThat(toGateway.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }
}
