package io.peermesh.forward;

import static io.peermesh.forward.Packets.bytes;
import static io.peermesh.forward.Packets.oneHopLess;
import static io.peermesh.forward.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.session.Keypair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which keys are used when, what becomes of old ones, and what waits for new ones. */
class RotationTest {
    private final Lab lab = new Lab();
    private final Lab.End client = lab.client(1);
    private final Lab.End other = lab.client(2);
    private final byte[] toOther = udp("10.9.0.1", "10.9.0.2", bytes(100, 1));
    private final byte[] toClient = udp("10.9.0.2", "10.9.0.1", bytes(100, 1));

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void confirmsKeysThatItStartedWithAnEmptyPacket() {
        client.rekey(true);

        assertThat(client.received()).singleElement().matches(got -> got.plain().length == 0);
    }

    @Test
    void sendsWaitingPacketsInsteadOfTheEmptyOne() {
        lab.forwarder.execute(new DataCommand.Clear(other.tunnel), lab.now);
        client.sends(toOther, toOther);

        other.rekey(true);

        assertThat(other.packets()).containsExactly(oneHopLess(toOther), oneHopLess(toOther));
    }

    @Test
    void doesNotSendWithKeysThatItAnsweredUntilTheOtherSideHas() {
        Keypair before = client.keys;
        client.rekey(false);
        Keypair given = client.keys;

        other.sends(toClient);

        assertThat(client.tunnel.current).isSameAs(before);
        assertThat(client.tunnel.next).isSameAs(given);
        assertThat(before.sendCounter).isEqualTo(2); // the first confirmed it
        assertThat(lab.events(DataEvent.Confirmed.class)).isEmpty();
    }

    @Test
    void usesAnsweredKeysOnceTheOtherSideHas() {
        client.rekey(false);
        Keypair given = client.keys;

        client.sends(new byte[0]);
        other.sends(toClient);

        assertThat(client.packets()).containsExactly(oneHopLess(toClient));
        assertThat(lab.events(DataEvent.Confirmed.class))
                .containsExactly(new DataEvent.Confirmed(client.tunnel, given));
    }

    @Test
    void forgedPacketsDoNotConfirmKeys() {
        client.rekey(false);
        byte[] forged = client.seal(toOther, 0);
        forged[30] ^= 1;

        client.sendsRaw(forged);

        assertThat(client.tunnel.next).isSameAs(client.keys);
        assertThat(lab.events(DataEvent.Confirmed.class)).isEmpty();
    }

    @Test
    void sendsWhatWaitedWhenAnsweredKeysAreConfirmed() {
        lab.forwarder.execute(new DataCommand.Clear(client.tunnel), lab.now);
        other.sends(toClient);
        client.rekey(false);
        assertThat(client.received()).isEmpty();

        client.sends(new byte[0]);

        assertThat(client.packets()).containsExactly(oneHopLess(toClient));
    }

    @Test
    void stillOpensWhatWasSentUnderThePreviousKeys() {
        byte[] underWay = client.seal(toOther, 0);
        client.rekey(true);

        client.sendsRaw(underWay);

        assertThat(other.packets()).hasSize(1);
    }

    @Test
    void retiresTheKeysBeforeThePreviousOnes() {
        Keypair first = client.keys;
        client.rekey(true);
        client.rekey(true);

        assertThat(lab.events(DataEvent.Retired.class))
                .containsExactly(new DataEvent.Retired(client.tunnel, first));
        assertThat(((TestAead) first.sealer).isClosed()).isTrue();
        assertThat(((TestAead) first.opener).isClosed()).isTrue();
    }

    @Test
    void retiredKeysAreUnknown() {
        byte[] underWay = client.seal(toOther, 0);
        client.rekey(true);
        client.rekey(true);

        client.sendsRaw(underWay);

        assertThat(lab.drops(DropReason.UNKNOWN_INDEX)).isEqualTo(1);
    }

    @Test
    void aSecondAnswerReplacesTheFirstAndTheKeysOfBefore() {
        Keypair first = client.keys;
        Keypair second = client.rekey(true);
        Keypair unused = client.rekey(false);
        client.rekey(false);

        assertThat(lab.events(DataEvent.Retired.class))
                .extracting(DataEvent.Retired::keypair)
                .containsExactly(first, unused);
        assertThat(client.tunnel.current).isSameAs(second);
        assertThat(client.tunnel.previous).isNull();
    }

    @Test
    void ownKeysDemoteAnUnusedAnswerAndRetireTheCurrentOnes() {
        Keypair current = client.keys;
        Keypair answered = client.rekey(false);
        Keypair own = client.rekey(true);

        assertThat(client.tunnel.current).isSameAs(own);
        assertThat(client.tunnel.previous).isSameAs(answered);
        assertThat(client.tunnel.next).isNull();
        assertThat(lab.events(DataEvent.Retired.class))
                .containsExactly(new DataEvent.Retired(client.tunnel, current));
    }

    @Test
    void clearingWipesAllKeys() {
        client.rekey(true);
        client.rekey(false);

        lab.forwarder.execute(new DataCommand.Clear(client.tunnel), lab.now);

        assertThat(client.tunnel.current).isNull();
        assertThat(client.tunnel.next).isNull();
        assertThat(client.tunnel.previous).isNull();
        assertThat(lab.events(DataEvent.Retired.class)).hasSize(3);
    }

    @Test
    void refusesToSendWithExpiredKeysAndAsksForNewOnesOnceASecond() {
        lab.now += Keypair.REJECT_AFTER_NANOS;
        lab.tun.offer(udp("10.9.0.250", "10.9.0.1", bytes(10, 1)));
        lab.tun.offer(udp("10.9.0.250", "10.9.0.1", bytes(10, 2)));
        lab.readTun();
        assertThat(client.received()).isEmpty();
        assertThat(lab.events(DataEvent.SessionNeeded.class)).hasSize(1);

        lab.now += Waiting.ASK_INTERVAL_NANOS;
        lab.tun.offer(udp("10.9.0.250", "10.9.0.1", bytes(10, 3)));
        lab.readTun();

        assertThat(lab.events(DataEvent.SessionNeeded.class)).hasSize(2);
        client.rekey(true);
        assertThat(client.packets()).hasSize(3);
    }

    @Test
    void neverSendsACounterThatIsTooHigh() {
        client.keys.sendCounter = Keypair.REJECT_AFTER_MESSAGES;

        other.sends(toClient);

        assertThat(client.received()).isEmpty();
        assertThat(lab.events(DataEvent.SessionNeeded.class)).hasSize(1);
    }

    @Test
    void keepsRetirementsWhileTheControlSideHasNoRoom() {
        lab.eventQueueFull = true;
        Keypair first = client.keys;
        client.rekey(true);
        client.rekey(true);
        assertThat(lab.events).isEmpty();

        lab.eventQueueFull = false;
        lab.forwarder.flush(lab.now);

        assertThat(lab.events).containsExactly(new DataEvent.Retired(client.tunnel, first));
    }
}
