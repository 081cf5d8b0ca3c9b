package io.peermesh.session;

import static io.peermesh.session.Rig.MILLISECOND;
import static io.peermesh.session.Rig.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.wire.MessageType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway under load. */
class CookieTest {
    private final Rig rig = new Rig(Long.getLong("seed", 3L));
    private final Host client = Host.wireGuard(rig, 1);
    private final Host gateway = Host.wireGuard(rig, 2);
    private final SessionMachine toGateway = client.peer(gateway, SessionPolicy.wireGuard(0));

    @BeforeEach
    void putTheGatewayUnderLoad() {
        gateway.peer(client, SessionPolicy.GATEWAY);
        gateway.underLoad = true;
        toGateway.onEndpointSet(gateway.address, rig.nowNanos);
    }

    private Rig.Datagram lastInitiation() {
        return rig.sent(client, MessageType.INITIATION).getLast();
    }

    @Test
    void demandsACookieAndAnswersTheRetryThatBearsIt() {
        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(SECOND);
        assertThat(gateway.refusals(Refusal.COOKIE_DEMANDED)).isEqualTo(1);
        assertThat(rig.sent(gateway, MessageType.COOKIE_REPLY)).hasSize(1);
        assertThat(rig.sent(gateway, MessageType.RESPONSE)).isEmpty();

        rig.run(5 * SECOND);

        assertThat(client.established).hasSize(1);
        assertThat(rig.sent(gateway, MessageType.COOKIE_REPLY).getFirst().bytes()).hasSize(64);
    }

    @Test
    void doesNoKeyAgreementBeforeTheCookie() {
        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(SECOND);

        // A stranger's message under load is not even opened to see that it is a stranger's.
        Host stranger = Host.wireGuard(rig, 7);
        SessionMachine machine = stranger.peer(gateway, SessionPolicy.wireGuard(0));
        machine.onEndpointSet(gateway.address, rig.nowNanos);
        machine.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(SECOND);

        assertThat(gateway.refusals(Refusal.UNKNOWN_PEER)).isZero();
        assertThat(gateway.refusals(Refusal.COOKIE_DEMANDED)).isEqualTo(2);
    }

    @Test
    void refusesACookieFromAnotherSource() {
        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.filter = d -> d.type() != MessageType.INITIATION;
        rig.run(6 * SECOND);
        byte[] withCookie = lastInitiation().bytes();

        gateway.gate.onMessage(0, Rig.endpoint(99, 51820), withCookie, true, rig.nowNanos);
        gateway.gate.onMessage(0, Rig.endpoint(1, 51821), withCookie, true, rig.nowNanos);
        assertThat(gateway.refusals(Refusal.COOKIE_DEMANDED)).isEqualTo(3);
        gateway.gate.onMessage(0, client.address, withCookie, true, rig.nowNanos);

        assertThat(gateway.refusals(Refusal.COOKIE_DEMANDED)).isEqualTo(3);
        assertThat(rig.sent(gateway, MessageType.RESPONSE)).hasSize(1);
    }

    @Test
    void changesItsSecretEveryTwoMinutes() {
        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.filter = d -> d.type() != MessageType.INITIATION;
        rig.run(6 * SECOND);
        byte[] withCookie = lastInitiation().bytes();

        gateway.gate.onMessage(0, client.address, withCookie, true, 121 * SECOND);

        assertThat(gateway.refusals(Refusal.COOKIE_DEMANDED)).isEqualTo(2);
    }

    @Test
    void clientForgetsACookieThatIsTooOld() {
        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(6 * SECOND);
        rig.run(CookieJar.COOKIE_LIFE_NANOS);

        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());

        assertThat(lastInitiation().bytes()).endsWith(new byte[16]);
    }

    @Test
    void ignoresACookieReplyThatDoesNotBelongToItsLastMessage() {
        rig.filter = d -> d.type() != MessageType.COOKIE_REPLY;
        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(SECOND);
        Rig.Datagram reply = rig.sent(gateway, MessageType.COOKIE_REPLY).getFirst();
        byte[] forged = reply.bytes().clone();
        forged[40] ^= 1;

        client.gate.onMessage(0, gateway.address, forged, false, rig.nowNanos);
        assertThat(client.refusals(Refusal.NOT_AUTHENTIC)).isEqualTo(1);
        client.gate.onMessage(0, gateway.address, reply.bytes(), false, rig.nowNanos);
        client.gate.onMessage(0, gateway.address, reply.bytes(), false, rig.nowNanos);

        assertThat(client.refusals(Refusal.NOT_AUTHENTIC)).as("a second time").isEqualTo(2);
        rig.run(5 * SECOND);
        client.gate.onMessage(0, gateway.address, reply.bytes(), false, rig.nowNanos);
        assertThat(client.refusals(Refusal.UNEXPECTED)).as("for an old index").isEqualTo(1);
    }

    @Test
    void limitsTheRateOfAProvenSource() {
        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.filter = d -> d.type() != MessageType.INITIATION;
        rig.run(6 * SECOND);
        byte[] withCookie = lastInitiation().bytes();

        for (int i = 0; i < 50; i++) {
            gateway.gate.onMessage(0, client.address, withCookie, true, rig.nowNanos);
        }
        assertThat(gateway.refusals(Refusal.RATE_LIMITED)).isEqualTo(45);
        assertThat(gateway.refusals(Refusal.REPLAYED)).isEqualTo(4);

        rig.run(50 * MILLISECOND);
        gateway.gate.onMessage(0, client.address, withCookie, true, rig.nowNanos);
        assertThat(gateway.refusals(Refusal.REPLAYED)).isEqualTo(5);
    }

    @Test
    void answersEachSourceOfAFloodWithLessThanItSent() {
        toGateway.startHandshake(rig.nowNanos, rig.epochNanos());
        byte[] message = lastInitiation().bytes();
        rig.filter = d -> false;

        for (int i = 0; i < 1000; i++) {
            gateway.gate.onMessage(0, Rig.endpoint(i & 255, 1 + i), message, true, rig.nowNanos);
        }

        long bytes =
                rig.sent(gateway, MessageType.COOKIE_REPLY).stream()
                        .mapToLong(d -> d.bytes().length)
                        .sum();
        assertThat(bytes).isLessThan(1000L * message.length);
        assertThat(gateway.indices.size()).isZero();
    }

    @Test
    void survivesRandomMessages() {
        long seed = Long.getLong("seed", 5L);
        var random = new java.util.Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] junk = new byte[random.nextInt(200)];
            random.nextBytes(junk);
            if (junk.length > 3) {
                junk[0] = (byte) random.nextInt(5);
                junk[1] = 0;
                junk[2] = 0;
                junk[3] = 0;
            }
            gateway.gate.onMessage(0, client.address, junk, random.nextBoolean(), rig.nowNanos);
        }

        assertThat(gateway.refused).as("seed %d", seed).hasSize(20_000);
        assertThat(rig.sent).isEmpty();
    }
}
