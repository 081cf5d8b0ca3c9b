package io.peermesh.session;

import static io.peermesh.session.Rig.DELAY_NANOS;
import static io.peermesh.session.Rig.MILLISECOND;
import static io.peermesh.session.Rig.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Endpoint;
import io.peermesh.wire.MessageType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Which handshakes of a client, or of who poses as one, lead to a session. */
class ClientHandshakeTest extends ClientAndGateway {
    @Test
    void refusesAReplayedInitiation() {
        connect();
        Rig.Datagram replay = initiations(client).getFirst();

        rig.deliver(replay, SECOND);
        rig.run(2 * SECOND);

        assertThat(gateway.refusals(Refusal.REPLAYED)).isEqualTo(1);
        assertThat(rig.sent(gateway, MessageType.RESPONSE)).hasSize(1);
    }

    @Test
    void refusesInitiationsCloserThanTwentyMilliseconds() {
        client.send(gateway, "first");
        rig.run(DELAY_NANOS);
        rig.at(rig.nowNanos + 9 * MILLISECOND, () -> forceInitiation(60 * SECOND));
        rig.run(SECOND);

        assertThat(gateway.refusals(Refusal.TOO_FREQUENT)).isEqualTo(1);
    }

    /** An initiation of the client's key, from a second machine whose clock is ahead. */
    private void forceInitiation(long aheadNanos) {
        var copy =
                new Host(
                        rig,
                        Rig.endpoint(77, 1),
                        client.dialect,
                        client.identity,
                        new IndexTable(0, 100, rig.entropy));
        SessionMachine machine = copy.peer(gateway, psk, SessionPolicy.wireGuard(0));
        machine.onEndpointSet(gateway.address, rig.nowNanos);
        machine.startHandshake(rig.nowNanos, rig.epochNanos() + aheadNanos);
    }

    @Test
    void timestampsGrowEvenIfTheWallClockStandsStillOrGoesBack() {
        long wallClock = rig.epochNanos();
        for (int i = 0; i < 3; i++) {
            rig.run(10 * SECOND);
            toGateway.startHandshake(rig.nowNanos, wallClock - i * SECOND);
            rig.run(SECOND);
        }

        assertThat(gateway.refusals(Refusal.REPLAYED)).isZero();
        assertThat(gateway.established).hasSize(3);
    }

    @Test
    void acceptsAnOlderTimestampAfterItWasForgotten() {
        connect();
        rig.run(SECOND);
        forceInitiation(-3600 * SECOND);
        rig.run(SECOND);
        assertThat(gateway.refusals(Refusal.REPLAYED)).isEqualTo(1);

        toClient.forgetTimestamp();
        forceInitiation(-3600 * SECOND);
        rig.run(SECOND);

        assertThat(gateway.refusals(Refusal.REPLAYED)).isEqualTo(1);
        assertThat(gateway.established).hasSize(2);
    }

    @Test
    void replayedInitiationElsewhereChangesNothingButTheWaitingKeys() {
        connect();
        Rig.Datagram recorded = initiations(client).getFirst();
        toClient.forgetTimestamp(); // as a gateway that has just started
        Keypair current = toClient.tunnel().current;
        Endpoint attacker = Rig.endpoint(66, 666);

        gateway.gate.onMessage(0, attacker, recorded.bytes(), false, rig.nowNanos);
        rig.run(SECOND);

        assertThat(toClient.tunnel().current).isSameAs(current);
        assertThat(toClient.endpoint()).contains(client.address);
        assertThat(gateway.established).hasSize(1);
    }

    @Test
    void ignoresAResponseUnderAnotherPresharedKey() {
        Host other = Host.wireGuard(rig, 3);
        SessionMachine machine = other.peer(gateway, psk, SessionPolicy.wireGuard(0));
        gateway.peer(other, SessionMachine.noPresharedKey(), SessionPolicy.GATEWAY);
        machine.onEndpointSet(gateway.address, rig.nowNanos);

        machine.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(SECOND);

        assertThat(other.refusals(Refusal.NOT_AUTHENTIC)).isEqualTo(1);
        assertThat(other.established).isEmpty();
        assertThat(machine.isAttempting()).isTrue();
    }

    @Test
    void refusesAnUnknownClient() {
        Host stranger = Host.wireGuard(rig, 3);
        SessionMachine machine = stranger.peer(gateway, psk, SessionPolicy.wireGuard(0));
        machine.onEndpointSet(gateway.address, rig.nowNanos);

        machine.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(SECOND);

        assertThat(gateway.refusals(Refusal.UNKNOWN_PEER)).isEqualTo(1);
        assertThat(rig.sent(gateway, MessageType.RESPONSE)).isEmpty();
    }

    @Test
    void refusesAnInitiationForAnotherGatewayByItsFirstMac() {
        Host other = Host.wireGuard(rig, 3);
        Host otherGateway = Host.wireGuard(rig, 4);
        SessionMachine machine = other.peer(otherGateway, psk, SessionPolicy.wireGuard(0));
        machine.onEndpointSet(gateway.address, rig.nowNanos);

        machine.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(SECOND);

        assertThat(gateway.refusals(Refusal.WRONG_MAC1)).isEqualTo(1);
    }

    @Test
    void refusesEveryTruncatedOrTouchedInitiation() {
        rig.filter = datagram -> false;
        client.send(gateway, "first");
        byte[] message = initiations(client).getFirst().bytes();

        for (int i = 0; i < message.length; i++) {
            gateway.gate.onMessage(
                    0, client.address, Arrays.copyOf(message, i), false, rig.nowNanos);
        }
        for (int i = 0; i < message.length - 16; i++) { // mac2 counts only under load
            byte[] touched = message.clone();
            touched[i] ^= 1;
            gateway.gate.onMessage(0, client.address, touched, false, rig.nowNanos);
        }

        assertThat(gateway.refused).hasSize(148 + 132);
        assertThat(rig.sent(gateway, MessageType.RESPONSE)).isEmpty();
        assertThat(gateway.indices.size()).isZero();
    }

    @Test
    void refusesAResponseThatNobodyWaitsFor() {
        connect();
        rig.deliver(rig.sent(gateway, MessageType.RESPONSE).getFirst(), 0);
        rig.run(SECOND);

        assertThat(client.refusals(Refusal.UNEXPECTED)).isEqualTo(1);
        assertThat(client.established).hasSize(1);
    }

    @Test
    void bothSidesMayStartAtOnce() {
        toClient.onEndpointSet(client.address, rig.nowNanos);
        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());
        toClient.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(100 * MILLISECOND);

        exchange();

        assertThat(gateway.received).containsExactly("q");
        assertThat(client.received).containsExactly("a");
        assertThat(toGateway.isAttempting()).isFalse();
        assertThat(toClient.isAttempting()).isFalse();
        assertThat(initiations(client)).hasSize(1);
        assertThat(initiations(gateway)).hasSize(1);
    }

    /** WireGuard's rotation then drops the keys in use: what is on the line under them is lost. */
    @Test
    void losesAtMostWhatIsOnTheLineWhenBothSidesRenewAtOnce() {
        connect();
        rig.run(10 * SECOND);
        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());
        toClient.startHandshake(rig.nowNanos, rig.epochNanos());

        for (int i = 0; i < 100; i++) {
            client.send(gateway, "c");
            gateway.send(client, "g");
            rig.run(MILLISECOND);
        }
        rig.run(SECOND);

        int onTheLine = (int) (DELAY_NANOS / MILLISECOND);
        assertThat(gateway.received).hasSizeGreaterThanOrEqualTo(100 - onTheLine);
        assertThat(client.received).hasSizeGreaterThanOrEqualTo(100 - onTheLine);
    }

    @Test
    void restartedClientGetsANewSessionAtOnce() {
        connect();
        rig.run(SECOND);
        var restarted =
                new Host(
                        rig,
                        Rig.endpoint(1, 40000),
                        client.dialect,
                        client.identity,
                        new IndexTable(1, 100, rig.entropy));
        SessionMachine machine = restarted.peer(gateway, psk, SessionPolicy.wireGuard(0));
        machine.onEndpointSet(gateway.address, rig.nowNanos);

        restarted.send(gateway, "hello");
        rig.run(100 * MILLISECOND);

        assertThat(restarted.send(gateway, "again")).isTrue();
        rig.run(100 * MILLISECOND);
        assertThat(gateway.received).containsExactly("again");
        assertThat(toClient.endpoint()).contains(restarted.address);
    }

    @Test
    void refusesHandshakesWhenAllIndicesAreTaken() {
        var tiny = Host.wireGuard(rig, 5, new IndexTable(5, 1, rig.entropy));
        tiny.peer(client, psk, SessionPolicy.GATEWAY);
        tiny.indices.allocate(tiny.only());
        SessionMachine machine = client.peer(tiny, psk, SessionPolicy.wireGuard(0));
        machine.onEndpointSet(tiny.address, rig.nowNanos);

        machine.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(SECOND);

        assertThat(tiny.refusals(Refusal.NO_INDEX)).isEqualTo(1);
        assertThat(tiny.indices.size()).isEqualTo(1);
    }

    @Test
    void takeOverLadderSendsAtItsTimes() {
        connect();
        rig.run(10 * SECOND);
        rig.filter = datagram -> false;
        long start = rig.nowNanos;

        toClient.startHandshake(RetryLadder.TAKE_OVER, rig.nowNanos, rig.epochNanos());
        rig.run(6 * SECOND);

        assertThat(initiations(gateway).stream().map(d -> (d.sentNanos() - start) / MILLISECOND))
                .containsExactly(0L, 60L, 120L, 250L, 500L, 5500L);
    }

    @Test
    void takeOverAnswersACookieReplyAtOnce() {
        connect();
        rig.run(10 * SECOND);
        client.underLoad = true;
        long start = rig.nowNanos;

        toClient.startHandshake(RetryLadder.TAKE_OVER, rig.nowNanos, rig.epochNanos());
        rig.run(5 * DELAY_NANOS);

        assertThat(client.refusals(Refusal.COOKIE_DEMANDED)).isEqualTo(1);
        assertThat(initiations(gateway).stream().map(d -> d.sentNanos() - start))
                .as("a round trip later, not at the next rung of 60 ms")
                .containsExactly(0L, 2 * DELAY_NANOS);
        assertThat(gateway.established.getLast().initiator()).isTrue();
    }
}
