package io.peermesh.forward;

import static io.peermesh.forward.Packets.bytes;
import static io.peermesh.forward.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Endpoint;
import io.peermesh.session.Tunnel;
import io.peermesh.testing.Seeds;
import io.peermesh.wire.Relay;
import io.peermesh.wire.TransportHeader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that move between controllers: fencing, relays, and what an isolated one holds back. */
class MoveTest {
    private static final Endpoint ELSEWHERE = Lab.endpoint("203.0.113.9:999");

    private final Lab lab = new Lab();
    private final Lab.End client = lab.client(1);
    private final Lab.End other = lab.client(2);
    private final Lab.End link = lab.link(2);

    @AfterEach
    void close() {
        lab.close();
    }

    private void move(int controllerId) {
        lab.forwarder.execute(new DataCommand.Move(client.tunnel, controllerId), lab.now);
    }

    private static byte[] toClient() {
        return udp("10.9.0.2", "10.9.0.1", bytes(40, 1));
    }

    private static byte[] fromClient() {
        return udp("10.9.0.1", "10.9.0.2", bytes(40, 1));
    }

    // ---- fencing

    @Test
    void aClientThatHasMovedIsSentNothingHereAndItsPacketsAreStillPassedOn() {
        move(2);

        other.sends(toClient());
        client.sends(fromClient());

        assertThat(client.received()).isEmpty();
        assertThat(link.packets()).hasSize(1);
        assertThat(other.packets()).hasSize(1);

        move(0);
        other.sends(toClient());

        assertThat(client.packets()).hasSize(1);
        assertThat(link.received()).isEmpty();
    }

    @Test
    void aroundAMoveTheClientsPacketsComeByEitherWay() {
        link.sends(fromClient());
        assertThat(lab.drops(DropReason.SPOOFED_SOURCE)).isEqualTo(1);

        move(0);
        link.sends(fromClient());
        assertThat(other.packets()).hasSize(1);

        lab.now += 3 * Lab.SECOND;
        link.sends(fromClient());
        assertThat(lab.drops(DropReason.SPOOFED_SOURCE)).isEqualTo(2);

        move(2);
        lab.now += 3 * Lab.SECOND;
        link.sends(fromClient());
        assertThat(other.packets()).as("it is there").hasSize(1);
    }

    // ---- relays

    private static byte[] datagram(int controllerId, int bytes) {
        byte[] datagram = new byte[bytes];
        datagram[0] = 4;
        datagram[7] = (byte) (controllerId << 4); // the index, little-endian
        return datagram;
    }

    private static byte[] wrapped(int relayId, byte[] datagram) {
        return ByteBuffer.allocate(Relay.HEADER_BYTES + datagram.length)
                .put((byte) 5)
                .put((byte) relayId)
                .putShort((short) ELSEWHERE.port())
                .putLong(ELSEWHERE.address().hi())
                .putLong(ELSEWHERE.address().lo())
                .put(datagram)
                .array();
    }

    @Test
    void aDatagramWithAnotherControllersIndexGoesThereAsItCame() {
        byte[] datagram = datagram(2, 77);
        lab.sockets[0].offer(ELSEWHERE, datagram);
        lab.receiveAll();

        assertThat(link.received())
                .singleElement()
                .satisfies(got -> {
                    assertThat(got.plain()).isEqualTo(wrapped(Lab.SELF_ID, datagram));
                    assertThat(got.visited()).isEqualTo(TransportHeader.visitedBit(Lab.SELF_ID));
                });
        assertThat(lab.forwarder.counters().packets(TrafficPath.RELAYED)).isEqualTo(1);
    }

    @Test
    void indicesOfNobodyOfUnreachableControllersAndOnLinksAreDropped() {
        for (int id : new int[] {0, 3, 10, 11, 15}) {
            lab.sockets[0].offer(ELSEWHERE, datagram(id, 77));
        }
        lab.sockets[2].offer(ELSEWHERE, datagram(3, 77));
        lab.receiveAll();

        assertThat(lab.drops(DropReason.UNKNOWN_INDEX)).isEqualTo(6);
        assertThat(link.received()).isEmpty();
    }

    @Test
    void aSourceThatSendsTooManyIsLimited() {
        for (int i = 0; i < Relays.BURST + 50; i++) {
            lab.sockets[0].offer(ELSEWHERE, datagram(2, 77));
            lab.receiveAll();
        }

        assertThat(link.received()).hasSize(Relays.BURST);
        assertThat(lab.drops(DropReason.RELAY_LIMITED)).isEqualTo(50);
    }

    @Test
    void aRelayForAThirdIsPassedOnAndNeverBack() {
        Lab.End third = lab.link(3);
        byte[] relay = wrapped(3, datagram(2, 50));

        third.sends(relay);

        int way = TransportHeader.visitedBit(Lab.SELF_ID) | TransportHeader.visitedBit(3);
        assertThat(link.received())
                .singleElement()
                .satisfies(got -> {
                    assertThat(got.plain()).isEqualTo(relay);
                    assertThat(got.visited()).isEqualTo(way);
                });

        int visited = TransportHeader.visitedBit(2);
        third.sendsRaw(third.seal(relay, 0, visited, third.counter++));

        assertThat(link.received()).isEmpty();
        assertThat(lab.drops(DropReason.UNKNOWN_INDEX)).isEqualTo(1);
    }

    @Test
    void aRelayedDatagramIsOpenedLikeOneThatCameInHereAndMovesNothing() {
        lab.nextIndex = Lab.SELF_ID << 28 | 7;
        client.rekey(true);
        client.received();
        byte[] datagram = client.seal(fromClient(), 0);

        link.sends(wrapped(2, datagram));
        link.sends(wrapped(2, datagram));

        assertThat(other.packets()).hasSize(1);
        assertThat(lab.drops(DropReason.REPLAYED)).isEqualTo(1);
        assertThat(lab.events(DataEvent.Relayed.class))
                .containsExactly(new DataEvent.Relayed(client.tunnel, 2));
        assertThat(client.tunnel.endpointPort).isEqualTo(client.endpoint.port());

        byte[] forged = client.seal(fromClient(), 0);
        forged[20] ^= 1;
        link.sends(wrapped(2, forged));
        assertThat(lab.drops(DropReason.NOT_AUTHENTIC)).isEqualTo(1);
    }

    @Test
    void aRelayedResponseReachesTheHandshake() {
        byte[] response = new byte[92];
        response[0] = 2;
        response[11] = (byte) (Lab.SELF_ID << 4);

        link.sends(wrapped(3, response));

        assertThat(lab.events(DataEvent.HandshakeReceived.class))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.socket()).isZero();
                    assertThat(event.from()).isEqualTo(ELSEWHERE);
                    assertThat(event.message()).isEqualTo(response);
                });
    }

    @Test
    void junkInRelaysIsSurvived() {
        Seeds.run(
                2_000,
                random -> {
                    byte[] junk = new byte[1 + random.nextInt(200)];
                    random.nextBytes(junk);
                    junk[0] = 5;
                    if (junk.length > Relay.HEADER_BYTES + 8 && random.nextBoolean()) {
                        junk[1] = 2;
                        Arrays.fill(junk, 20, 28, (byte) 0);
                        junk[20] = (byte) (1 + random.nextInt(4));
                        junk[27] = (byte) (random.nextInt(16) << 4);
                    }
                    link.sends(junk);
                });
        other.sends(toClient());

        assertThat(client.packets()).hasSize(1);
    }

    // ---- an isolated controller

    private int sentToClientIn(int seconds) {
        int sent = 0;
        for (int i = 0; i < seconds * 10; i++) {
            other.sends(toClient());
            sent += client.received().size();
            lab.now += Lab.SECOND / 10;
        }
        return sent;
    }

    @Test
    void anIsolatedControllerSendsASilentClientAPacketASecondUntilItAnswers() {
        client.sends(fromClient());
        lab.now += 10 * Lab.SECOND;
        lab.forwarder.execute(new DataCommand.Isolate(true), lab.now);

        assertThat(sentToClientIn(5)).isEqualTo(5);
        assertThat(lab.drops(DropReason.HELD_BACK)).isEqualTo(45);

        client.sends(fromClient());
        assertThat(sentToClientIn(10)).isEqualTo(100);

        assertThat(sentToClientIn(10)).as("silent again after 15 s").isBetween(50, 60);

        lab.forwarder.execute(new DataCommand.Isolate(false), lab.now);
        assertThat(sentToClientIn(1)).isEqualTo(10);
    }

    @Test
    void anIsolatedControllerHoldsNothingBackFromAClientThatSends() {
        lab.forwarder.execute(new DataCommand.Isolate(true), lab.now);
        for (int i = 0; i < 30; i++) {
            client.sends(fromClient());
            other.sends(toClient());
            lab.now += Lab.SECOND / 10;
        }

        assertThat(lab.drops(DropReason.HELD_BACK)).isZero();
        assertThat(link.tunnel.kind).isEqualTo(Tunnel.Kind.LINK);
    }
}
