package io.peermesh.session;

import static io.peermesh.session.Rig.DELAY_NANOS;
import static io.peermesh.session.Rig.MILLISECOND;
import static io.peermesh.session.Rig.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.crypto.CipherSuite;
import io.peermesh.wire.MessageType;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whom a controller accepts as its peer, on which terms, and what it says to others. */
class LinkTermsTest extends TwoControllers {
    private static LinkTerms versions(int id, int min, int max) {
        LinkTerms terms = Host.terms(id);
        return new LinkTerms(
                id,
                terms.keyset(),
                1,
                terms.installation(),
                terms.instance(),
                terms.ciphers(),
                min,
                max);
    }

    private static LinkTerms keyset(int id, UUID keyset, int generation) {
        LinkTerms terms = Host.terms(id);
        return new LinkTerms(
                id, keyset, generation, terms.installation(), terms.instance(), terms.ciphers());
    }

    @Test
    void tellsWhoIsAtTheOtherEnd() {
        connect();

        var atOne = one.established.getFirst().peer().orElseThrow();
        var atTwo = two.established.getFirst().peer().orElseThrow();
        assertThat(atOne.installation()).isEqualTo(new UUID(1000, 2));
        assertThat(atOne.instance()).isEqualTo(222);
        assertThat(atTwo.installation()).isEqualTo(new UUID(1000, 1));
        assertThat(atTwo.version()).isEqualTo(1);
    }

    @Test
    void usesAesWhereBothSidesOfferIt() {
        connect();

        assertThat(one.established.getFirst().cipher()).isEqualTo(CipherSuite.AES_256_GCM);
        assertThat(two.established.getFirst().cipher()).isEqualTo(CipherSuite.AES_256_GCM);
    }

    @Test
    void usesChaChaWhereOneSideHasNoFastAes() {
        LinkTerms slow =
                with(Host.terms(2), new UUID(1000, 2), 222, Set.of(CipherSuite.CHACHA20_POLY1305));
        replace(Host.terms(1), slow);

        connect();

        assertThat(one.established.getFirst().cipher()).isEqualTo(CipherSuite.CHACHA20_POLY1305);
        assertThat(two.established.getFirst().cipher()).isEqualTo(CipherSuite.CHACHA20_POLY1305);
        one.send(two, "x");
        rig.run(SECOND);
        assertThat(two.received).containsExactly("x");
    }

    @Test
    void namesTheLackOfACommonCipherOnBothSides() {
        replace(
                with(Host.terms(1), new UUID(1, 1), 1, Set.of(CipherSuite.AES_256_GCM)),
                with(Host.terms(2), new UUID(2, 2), 2, Set.of(CipherSuite.CHACHA20_POLY1305)));

        connect();

        assertThat(two.refusals(Refusal.NO_COMMON_CIPHER)).isEqualTo(1);
        assertThat(detail(one, Refusal.REFUSED_BY_PEER)).contains("controller 2", "AES_256_GCM");
        assertThat(one.established).isEmpty();
    }

    @Test
    void refusesAnotherPresharedKey() {
        one.peer(two, psk, SessionPolicy.LINK);
        two.peer(one, Secrets.random(rig.entropy), SessionPolicy.LINK);
        one.only().onEndpointSet(two.address, rig.nowNanos);

        rig.run(SECOND / 2);

        assertThat(one.refusals(Refusal.NOT_AUTHENTIC)).isEqualTo(1);
        assertThat(one.established).isEmpty();
    }

    @Test
    void refusesAnotherKeyset() {
        replace(Host.terms(1), keyset(2, new UUID(8, 8), 1));

        connect();

        assertThat(two.refusals(Refusal.NOT_AUTHENTIC)).isEqualTo(1);
    }

    @Test
    void namesAnotherGeneration() {
        replace(Host.terms(1), keyset(2, new UUID(7, 7), 2));

        connect();

        assertThat(detail(two, Refusal.WRONG_GENERATION))
                .contains("controller 1 has keyset generation 1", "this controller 2");
        assertThat(two.established).isEmpty();
    }

    @Test
    void namesVersionsThatDoNotMeetOnBothSides() {
        replace(versions(1, 3, 4), versions(2, 1, 2));

        connect();

        assertThat(detail(two, Refusal.NO_COMMON_VERSION)).contains("3..4", "1..2");
        assertThat(detail(one, Refusal.REFUSED_BY_PEER)).contains("controller 2", "3..4");
    }

    @Test
    void usesTheHighestCommonVersionWhoeverStarts() {
        replace(versions(1, 1, 2), versions(2, 2, 3));
        connect();
        assertThat(one.established.getFirst().peer().orElseThrow().version()).isEqualTo(2);
        assertThat(two.established.getFirst().peer().orElseThrow().version()).isEqualTo(2);

        replace(versions(1, 2, 3), versions(2, 1, 2));
        connect();
        assertThat(one.established.getFirst().peer().orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void namesASenderThatHasOurOwnId() {
        Host copy = Host.controller(rig, Host.terms(2), 9);
        copy.peer(one, psk, SessionPolicy.LINK).onEndpointSet(two.address, rig.nowNanos);
        two.peer(one, psk, SessionPolicy.LINK);

        rig.run(SECOND / 2);

        assertThat(detail(two, Refusal.OWN_ID)).contains("controller 2");
    }

    @Test
    void namesASenderOfAnotherId() {
        Host three = Host.controller(rig, Host.terms(3));
        three.peer(two, psk, SessionPolicy.LINK).onEndpointSet(two.address, rig.nowNanos);
        two.peer(one, psk, SessionPolicy.LINK);

        rig.run(SECOND / 2);

        assertThat(detail(two, Refusal.WRONG_ID)).contains("controller 3", "for controller 1");
    }

    @Test
    void refusesAndNamesASecondInstallationWhileTheFirstIsAlive() {
        connect();
        LinkTerms other = with(Host.terms(1), new UUID(1000, 99), 999, Host.terms(1).ciphers());
        Host second = Host.controller(rig, other, 9);
        second.peer(two, psk, SessionPolicy.LINK).onEndpointSet(two.address, rig.nowNanos);

        rig.run(SECOND / 2);

        assertThat(two.refusals(Refusal.SECOND_INSTALLATION)).isEqualTo(1);
        assertThat(detail(two, Refusal.SECOND_INSTALLATION))
                .contains(new UUID(1000, 99).toString(), new UUID(1000, 1).toString());
        assertThat(detail(second, Refusal.REFUSED_BY_PEER)).contains("another installation");
        assertThat(second.established).isEmpty();
        assertThat(one.send(two, "still here")).isTrue();
        rig.run(SECOND);
        assertThat(two.received).containsExactly("still here");
    }

    @Test
    void acceptsASecondInstallationOnceTheFirstIsSilentForAMinute() {
        connect();
        rig.hosts.remove(one);
        LinkTerms other = with(Host.terms(1), new UUID(1000, 99), 999, Host.terms(1).ciphers());
        Host second = Host.controller(rig, other, 9);
        second.peer(two, psk, SessionPolicy.LINK).onEndpointSet(two.address, rig.nowNanos);

        rig.run(58 * SECOND);
        assertThat(second.established).isEmpty();
        rig.run(4 * SECOND);

        assertThat(second.established).hasSize(1);
    }

    @Test
    void acceptsARestartAtOnce() {
        connect();
        rig.hosts.remove(one);
        LinkTerms again = with(Host.terms(1), new UUID(1000, 1), 555, Host.terms(1).ciphers());
        Host restarted = Host.controller(rig, again);
        restarted.peer(two, psk, SessionPolicy.LINK).onEndpointSet(two.address, rig.nowNanos);

        rig.run(100 * MILLISECOND);

        assertThat(restarted.established).hasSize(1);
        assertThat(two.established.getLast().peer().orElseThrow().instance()).isEqualTo(555);
    }

    @Test
    void refusesACopyOfTheSameInstallationThatTakesTurns() {
        connect();
        LinkTerms copied = with(Host.terms(1), new UUID(1000, 1), 555, Host.terms(1).ciphers());
        Host copy = Host.controller(rig, copied, 9);
        copy.peer(two, psk, SessionPolicy.LINK).onEndpointSet(two.address, rig.nowNanos);
        rig.run(2 * SECOND);

        one.only().startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(100 * MILLISECOND);

        assertThat(two.refusals(Refusal.SECOND_INSTALLATION)).isEqualTo(1);
        assertThat(detail(one, Refusal.REFUSED_BY_PEER)).contains("copy of this one");
    }

    @Test
    void refusesASecondInstallationThatAnswersUs() {
        connect();
        rig.hosts.remove(two);
        LinkTerms other = with(Host.terms(2), new UUID(1000, 99), 999, Host.terms(2).ciphers());
        Host second = Host.controller(rig, other);
        second.peer(one, psk, SessionPolicy.LINK);

        one.only().startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(2 * SECOND);

        assertThat(one.refusals(Refusal.SECOND_INSTALLATION)).isPositive();
        assertThat(one.established).hasSize(1);
    }

    @Test
    void refusesEveryTruncatedOrTouchedInitiation() {
        configure();
        rig.filter = datagram -> false;
        one.only().onEndpointSet(two.address, rig.nowNanos);
        rig.run(MILLISECOND);
        byte[] message = initiations(one).getFirst().bytes();

        for (int i = 0; i < message.length; i++) {
            byte[] cut = Arrays.copyOf(message, i);
            two.gate.onMessage(1, one.address, cut, false, rig.nowNanos);
        }
        for (int i = 0; i < message.length - 16; i++) { // mac2 counts only under load
            byte[] touched = message.clone();
            touched[i] ^= 1;
            two.gate.onMessage(1, one.address, touched, false, rig.nowNanos);
        }

        assertThat(two.refused).hasSize(184 + 168);
        assertThat(rig.sent(two, MessageType.RESPONSE)).isEmpty();
    }

    @Test
    void neverBelievesAnOfferThatWasChangedOnTheWay() {
        configure();
        rig.filter = datagram -> false;
        one.only().onEndpointSet(two.address, rig.nowNanos);
        rig.run(MILLISECOND);
        byte[] message = initiations(one).getFirst().bytes();
        message[9] = 9; // a higher version, to be ignored or believed?
        Macs.putMac1(message, Macs.mac1Key(two.identity.publicKey()));

        two.gate.onMessage(1, one.address, message, false, rig.nowNanos);

        assertThat(two.refusals(Refusal.NOT_AUTHENTIC)).isEqualTo(1);
    }

    @Test
    void clientsKeyOpensNothingOnALink() {
        Host client = Host.wireGuard(rig, 5);
        SessionMachine machine = client.peer(two, psk, SessionPolicy.wireGuard(0));
        machine.onEndpointSet(two.address, rig.nowNanos);
        two.peer(one, psk, SessionPolicy.LINK);

        machine.startHandshake(rig.nowNanos, rig.epochNanos());
        rig.run(DELAY_NANOS * 3);

        assertThat(two.refusals(Refusal.MALFORMED)).isEqualTo(1);
    }
}
