package io.peermesh.forward;

import static io.peermesh.forward.Packets.bytes;
import static io.peermesh.forward.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.TransportHeader;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One test per reason; whatever is dropped leaves by no socket and not by the TUN. */
class DropReasonTest {
    private final Lab lab = new Lab();
    private final Lab.End client = lab.client(1);
    private final Lab.End other = lab.client(2);
    private final Lab.End link = lab.link(2);
    private final byte[] good = udp("10.9.0.1", "10.9.0.2", bytes(100, 1));

    @AfterEach
    void nothingGoesOutAndEverythingIsCounted() {
        assertThat(other.received()).isEmpty();
        assertThat(link.received()).isEmpty();
        assertThat(lab.tun.written).isEmpty();
        lab.close();
    }

    @Test
    void dropsADatagramShorterThanATransportMessage() {
        byte[] datagram = new byte[31];
        datagram[0] = 4;

        client.sendsRaw(datagram);

        assertDropped(DropReason.MALFORMED_DATAGRAM);
    }

    @Test
    void dropsAnEmptyDatagram() {
        client.sendsRaw(new byte[0]);

        assertDropped(DropReason.MALFORMED_DATAGRAM);
    }

    @Test
    void dropsAnUnknownType() {
        byte[] datagram = client.seal(good, 0);
        datagram[0] = 5;

        client.sendsRaw(datagram);

        assertDropped(DropReason.MALFORMED_DATAGRAM);
    }

    @Test
    void dropsReservedBits() {
        for (int position = 2; position < 4; position++) {
            byte[] datagram = client.seal(good, 0);
            datagram[position] = 1;
            client.sendsRaw(datagram);
        }

        assertThat(lab.drops(DropReason.MALFORMED_DATAGRAM)).isEqualTo(2);
    }

    @Test
    void dropsAClientsFlags() {
        client.sendsRaw(client.seal(good, TransportHeader.FLAG_CHECKSUM_UNFILLED));

        assertDropped(DropReason.MALFORMED_DATAGRAM);
    }

    @Test
    void dropsALinksUnknownFlags() {
        byte[] datagram = link.seal(udp("10.102.0.1", "10.9.0.1", bytes(10, 1)), 2);

        link.sendsRaw(datagram);

        assertDropped(DropReason.MALFORMED_DATAGRAM);
    }

    @Test
    void dropsAHandshakeThatIsTooShortOrTooLong() {
        for (int length : new int[] {63, 513}) {
            byte[] datagram = new byte[length];
            datagram[0] = 1;
            client.sendsRaw(datagram);
        }

        assertThat(lab.drops(DropReason.MALFORMED_DATAGRAM)).isEqualTo(2);
        assertThat(lab.events(DataEvent.HandshakeReceived.class)).isEmpty();
    }

    @Test
    void dropsAnIndexThatIsNotOurs() {
        byte[] datagram = client.seal(good, 0);
        datagram[6] ^= 0x40;

        client.sendsRaw(datagram);

        assertDropped(DropReason.UNKNOWN_INDEX);
    }

    @Test
    void dropsASessionsDatagramOnAnotherSocket() {
        lab.sockets[2].offer(client.endpoint, client.seal(good, 0));

        lab.receiveAll();

        assertDropped(DropReason.WRONG_SOCKET);
    }

    @Test
    void dropsAForgedTextAndBelievesNothingOfIt() {
        byte[] datagram = client.seal(good, 0);
        datagram[40] ^= 1;
        var elsewhere = Lab.endpoint("203.0.113.9:99");

        lab.sockets[0].offer(elsewhere, datagram);
        lab.receiveAll();

        assertDropped(DropReason.NOT_AUTHENTIC);
        assertThat(client.tunnel.endpointPort).isEqualTo(client.endpoint.port());
        assertThat(client.tunnel.activity.receivedPackets()).isZero();
        assertThat(client.keys.window.isFresh(0)).isTrue();
    }

    @Test
    void dropsAForgedHeaderOfALink() {
        byte[] datagram = link.seal(udp("10.102.0.1", "10.9.0.1", bytes(10, 1)), 0);
        datagram[1] = TransportHeader.FLAG_CHECKSUM_UNFILLED;

        link.sendsRaw(datagram);

        assertDropped(DropReason.NOT_AUTHENTIC);
    }

    @Test
    void dropsAReplayedCounter() {
        byte[] keepalive = client.seal(new byte[0], 0);

        client.sendsRaw(keepalive);
        client.sendsRaw(keepalive);

        assertDropped(DropReason.REPLAYED);
    }

    @Test
    void dropsWhatComesUnderExpiredKeys() {
        lab.now += Keypair.REJECT_AFTER_NANOS;

        client.sends(good);

        assertDropped(DropReason.EXPIRED_KEYS);
    }

    @Test
    void dropsACounterThatNoSenderMayReach() {
        client.sendsRaw(client.seal(good, 0, Keypair.REJECT_AFTER_MESSAGES));

        assertDropped(DropReason.EXPIRED_KEYS);
    }

    @Test
    void dropsATruncatedPacket() {
        for (int length = 1; length < good.length; length++) {
            client.sends(java.util.Arrays.copyOf(good, length));
        }

        assertThat(lab.drops(DropReason.MALFORMED_PACKET)).isEqualTo(good.length - 1);
    }

    @Test
    void dropsAPacketWithAWrongHeaderChecksum() {
        good[10] ^= 1;

        client.sends(good);

        assertDropped(DropReason.MALFORMED_PACKET);
    }

    @Test
    void dropsAControlMessageOfAClient() {
        client.sends(new byte[] {1, 2, 3, 4});

        assertDropped(DropReason.MALFORMED_PACKET);
        assertThat(lab.events(DataEvent.ControlReceived.class)).isEmpty();
    }

    @Test
    void dropsAnUnfilledChecksumWhereThereIsNone() {
        byte[] ping = Packets.ping("10.102.0.1", "10.9.0.1", 20);

        link.sendsRaw(link.seal(ping, TransportHeader.FLAG_CHECKSUM_UNFILLED));

        assertDropped(DropReason.MALFORMED_PACKET);
    }

    @Test
    void dropsAnUnfilledChecksumOfAFragment() {
        byte[] fragment = udp("10.102.0.1", "10.9.0.1", 64, 0x2000, 9, bytes(24, 1));

        link.sendsRaw(link.seal(fragment, TransportHeader.FLAG_CHECKSUM_UNFILLED));

        assertDropped(DropReason.MALFORMED_PACKET);
    }

    @Test
    void dropsAnotherSourceThanTheClientsOwn() {
        client.sends(udp("10.9.0.3", "10.9.0.2", bytes(10, 1)));

        assertDropped(DropReason.SPOOFED_SOURCE);
    }

    @Test
    void dropsSourcesOfOursFromALink() {
        link.sends(
                udp("10.9.0.250", "10.9.0.1", bytes(10, 1)), // this controller
                udp("10.9.0.2", "10.9.0.1", bytes(10, 1)), // a client of ours
                udp("172.16.0.1", "10.9.0.1", bytes(10, 1))); // nobody's

        assertThat(lab.drops(DropReason.SPOOFED_SOURCE)).isEqualTo(3);
        assertThat(client.received()).isEmpty();
    }

    @Test
    void dropsWhatHasNoRouteAndSaysSo() {
        client.sends(udp("10.9.0.1", "8.8.8.8", bytes(10, 1)));

        assertDropped(DropReason.NO_ROUTE);
        assertThat(client.packets().getFirst()).startsWith(0x45).containsSubsequence(3, 0);
    }

    @Test
    void dropsWhatCannotBeReachedNow() {
        lab.route("10.7.0.0/16", new NextHop.Unreachable());

        client.sends(udp("10.9.0.1", "10.7.0.1", bytes(10, 1)));

        assertDropped(DropReason.UNREACHABLE);
        assertThat(client.packets()).hasSize(1);
    }

    @Test
    void dropsWhatWouldGoBackIntoItsTunnel() {
        client.sends(udp("10.9.0.1", "10.9.0.1", bytes(10, 1)));

        assertDropped(DropReason.HAIRPIN);
    }

    @Test
    void dropsWhatWouldGoBackToTheControllerThatItCameFrom() {
        link.sends(udp("10.102.0.1", "10.102.0.2", bytes(10, 1)));

        assertDropped(DropReason.ROUTING_LOOP);
    }

    @Test
    void dropsWhatWasAtItsDestinationsControllerAlready() {
        Lab.End farther = lab.link(3); // leads to 4, too, which has sent the packet away
        lab.ways.put(4, new Paths.Way(List.of(farther.tunnel), List.of()));
        lab.route("10.104.0.0/16", new NextHop.Towards(4));
        byte[] packet = udp("10.102.0.1", "10.104.0.1", bytes(10, 1));

        link.sendsRaw(link.seal(packet, 0, 1 << 3, link.counter++));

        assertDropped(DropReason.ROUTING_LOOP);
        assertThat(farther.received()).isEmpty();
    }

    @Test
    void dropsTowardsAControllerThatNoPathLeadsTo() {
        lab.route("10.104.0.0/16", new NextHop.Towards(4));

        client.sends(udp("10.9.0.1", "10.104.0.1", bytes(10, 1)));

        assertDropped(DropReason.UNREACHABLE);
        assertThat(client.packets()).hasSize(1);
    }

    @Test
    void tellsThatTheNetworkCalledAPeerUnreachable() {
        lab.sockets[2].unreachable = true;

        lab.receiveAll();

        assertThat(lab.events(DataEvent.Unreachable.class))
                .containsExactly(new DataEvent.Unreachable(2));
    }

    @Test
    void dropsEverythingOnAMutedLinkInBothDirections() {
        lab.forwarder.execute(new DataCommand.Mute(2, true), lab.now);

        client.sends(udp("10.9.0.1", "10.102.0.1", bytes(10, 1)));
        link.sends(udp("10.102.0.1", "10.9.0.2", bytes(10, 1)));
        lab.forwarder.execute(
                new DataCommand.SendHandshake(2, link.endpoint, new byte[148]), lab.now);

        assertThat(lab.drops(DropReason.MUTED)).isEqualTo(3);
        assertThat(lab.forwarder.counters().drops()).isEqualTo(3);
    }

    @Test
    void dropsWhatTheKernelSendsForItself() {
        lab.tun.offer(udp("10.9.0.1", "10.9.0.250", bytes(10, 1)));

        lab.readTun();

        assertDropped(DropReason.HAIRPIN);
    }

    @Test
    void dropsAPacketAtItsLastHop() {
        client.sends(udp("10.9.0.1", "10.9.0.2", 1, 0x4000, 0, bytes(10, 1)));

        assertDropped(DropReason.TTL_EXCEEDED);
        assertThat(client.packets()).hasSize(1);
    }

    @Test
    void dropsWhatIsTooBigAndMustNotBeFragmented() {
        Lab.End narrow = lab.client(3, 576);

        client.sends(udp("10.9.0.1", "10.9.0.3", bytes(549, 1)));

        assertDropped(DropReason.TOO_BIG);
        assertThat(client.packets()).hasSize(1);
        assertThat(narrow.received()).isEmpty();
    }

    @Test
    void dropsWhatHasWaitedTooLongForKeys() {
        lab.forwarder.execute(new DataCommand.Clear(other.tunnel), lab.now);
        client.sends(good);

        lab.now += Waiting.MAX_AGE_NANOS;
        lab.forwarder.flush(lab.now);

        assertDropped(DropReason.NO_SESSION);
    }

    /** A monotonic clock may stand anywhere, also below zero. */
    @Test
    void dropsWhatHasWaitedTooLongWhileTheClockIsBelowZero() {
        lab.now = -100 * Lab.SECOND;
        lab.forwarder.execute(new DataCommand.Clear(other.tunnel), lab.now);
        client.sends(good);

        lab.now += Waiting.MAX_AGE_NANOS;
        lab.forwarder.flush(lab.now);

        assertDropped(DropReason.NO_SESSION);
    }

    @Test
    void dropsWhatFindsTheLineForKeysFull() {
        lab.forwarder.execute(new DataCommand.Clear(other.tunnel), lab.now);

        for (int i = 0; i < Waiting.LINE_LIMIT + 3; i++) {
            client.sends(good);
        }

        assertThat(lab.drops(DropReason.NO_SESSION)).isEqualTo(3);
        assertThat(lab.events(DataEvent.SessionNeeded.class)).hasSize(1);
    }

    @Test
    void dropsWhatFindsTheWholeWaitingRoomFull() {
        int lines = Waiting.LIMIT / Waiting.LINE_LIMIT + 1;
        for (int i = 0; i < lines; i++) {
            Lab.End silent = lab.client(100 + i);
            lab.forwarder.execute(new DataCommand.Clear(silent.tunnel), lab.now);
            for (int j = 0; j < Waiting.LINE_LIMIT; j++) {
                client.sends(udp("10.9.0.1", "10.9.0." + (100 + i), bytes(10, j)));
            }
        }

        assertThat(lab.drops(DropReason.NO_SESSION)).isEqualTo(Waiting.LINE_LIMIT);
    }

    @Test
    void countsWhatTheSocketRefuses() {
        lab.sockets[0].refuses = true;

        client.sends(good, good.clone());

        assertThat(lab.drops(DropReason.SEND_FAILED)).isEqualTo(2);
    }

    @Test
    void countsWhatHasNoSocket() {
        lab.forwarder.removeSocket(2);

        client.sends(udp("10.9.0.1", "10.102.0.1", bytes(10, 1)));

        assertDropped(DropReason.SEND_FAILED);
    }

    @Test
    void countsWhatTheTunRefuses() {
        lab.tun.refuses = true;

        client.sends(udp("10.9.0.1", "10.9.0.250", bytes(10, 1)));

        assertDropped(DropReason.TUN_WRITE_FAILED);
    }

    @Test
    void dropsLocalPacketsWhereThereIsNoTun() {
        try (Lab bare = Lab.withoutTun()) {
            Lab.End sender = bare.client(1);

            sender.sends(udp("10.9.0.1", "10.9.0.250", bytes(10, 1)));

            assertThat(bare.drops(DropReason.NO_TUN)).isEqualTo(1);
            byte[] answer = sender.packets().getFirst();
            assertThat(answer[20]).isEqualTo((byte) 3);
            assertThat(answer[21]).isEqualTo((byte) 3);
        }
    }

    @Test
    void countsEventsThatTheControlSideHasNoRoomFor() {
        lab.eventQueueFull = true;
        byte[] handshake = new byte[148];
        handshake[0] = 1;

        client.sendsRaw(handshake);

        assertDropped(DropReason.CONTROL_QUEUE_FULL);
    }

    @Test
    void leavesOutIcmpErrorsAboveTheRate() {
        try (Lab strict = new Lab(true, new ForwarderSettings(10, 3))) {
            Lab.End sender = strict.client(1);
            for (int i = 0; i < 5; i++) {
                sender.sends(udp("10.9.0.1", "8.8.8.8", bytes(10, i)));
            }
            assertThat(strict.drops(DropReason.ICMP_RATE_LIMITED)).isEqualTo(2);
            assertThat(sender.received()).hasSize(3);

            strict.now += Lab.SECOND / 10;
            sender.sends(udp("10.9.0.1", "8.8.8.8", bytes(10, 9)));

            assertThat(sender.received()).hasSize(1);
        }
    }

    @Test
    void dropsAPacketForATunnelWithoutKeysOnlyAfterAskingForThem() {
        var silent = new Tunnel(Tunnel.Kind.LINK, 3, Lab.SELF, 3, 1420);

        lab.forwarder.execute(new DataCommand.SendControl(silent, new byte[] {0, 1}), lab.now);

        assertDropped(DropReason.NO_SESSION);
        assertThat(lab.events(DataEvent.SessionNeeded.class))
                .containsExactly(new DataEvent.SessionNeeded(silent));
    }

    private void assertDropped(DropReason reason) {
        assertThat(lab.drops(reason)).as(reason.name()).isEqualTo(1);
        assertThat(lab.forwarder.counters().drops()).as("all drops").isEqualTo(1);
    }
}
