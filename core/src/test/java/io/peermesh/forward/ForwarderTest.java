package io.peermesh.forward;

import static io.peermesh.forward.Packets.bytes;
import static io.peermesh.forward.Packets.oneHopLess;
import static io.peermesh.forward.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.session.Activity;
import io.peermesh.wire.TransportHeader;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What leaves where, and what the control side is told. */
class ForwarderTest {
    private static final byte[] MSS_1460 = {2, 4, 0x05, (byte) 0xb4};
    private static final byte[] ODD_MSS_1460 = {1, 2, 4, 0x05, (byte) 0xb4, 1, 1, 1};

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void forwardsFromAClientToALinkWithOneHopLess() {
        Lab.End client = lab.client(1);
        Lab.End link = lab.link(2);
        byte[] packet = udp("10.9.0.1", "10.102.0.7", bytes(100, 3));

        client.sends(packet);

        assertThat(link.packets()).containsExactly(oneHopLess(packet));
    }

    @Test
    void writesLocalPacketsToTheTunAsTheyAre() {
        Lab.End client = lab.client(1);
        byte[] packet = udp("10.9.0.1", "10.9.0.250", bytes(100, 3));

        client.sends(packet);

        assertThat(lab.tun.written).hasSize(1);
        assertThat(lab.tun.written.getFirst()).hasSize(10 + packet.length).endsWith(packet);
    }

    @Test
    void sealsWhatTheTunGivesWithWireGuardsPadding() {
        Lab.End client = lab.client(1);
        byte[] packet = udp("10.9.0.250", "10.9.0.1", bytes(101, 3));
        lab.tun.offer(packet);

        lab.readTun();

        assertThat(client.received())
                .singleElement()
                .satisfies(got -> assertThat(got.plain()).isEqualTo(Arrays.copyOf(packet, 144)));
    }

    @Test
    void doesNotPadBeyondTheMtu() {
        Lab.End client = lab.client(1, 1413);
        lab.tun.offer(udp("10.9.0.250", "10.9.0.1", bytes(1413 - 28, 3)));

        lab.readTun();

        assertThat(client.received())
                .singleElement()
                .satisfies(got -> assertThat(got.plain()).hasSize(1413));
    }

    @Test
    void keepsTheSizeOfDatagramsOnTheExpressLaneAndZeroesTheirPadding() {
        Lab.End client = lab.client(1);
        Lab.End link = lab.link(2);
        byte[] packet = udp("10.9.0.1", "10.102.0.7", bytes(97, 3));
        byte[] padded = Arrays.copyOf(packet, 128);
        padded[126] = 9;

        client.sends(padded);

        assertThat(link.received())
                .singleElement()
                .satisfies(got ->
                        assertThat(got.plain()).isEqualTo(Arrays.copyOf(oneHopLess(packet), 128)));
    }

    @Test
    void passesControlMessagesOfLinksOn() {
        Lab.End link = lab.link(2);
        byte[] message = {1, 2, 3};

        link.sends(message);

        assertThat(lab.events(DataEvent.ControlReceived.class))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.tunnel()).isSameAs(link.tunnel);
                    assertThat(event.plaintext()).isEqualTo(message);
                });
    }

    @Test
    void sealsControlMessagesWithoutPadding() {
        Lab.End link = lab.link(2);
        byte[] message = {1, 2, 3};

        lab.forwarder.execute(new DataCommand.SendControl(link.tunnel, message), lab.now);

        assertThat(link.received())
                .singleElement()
                .satisfies(got -> assertThat(got.plain()).isEqualTo(message));
    }

    @Test
    void passesHandshakesOnAsTheyAre() {
        byte[] handshake = bytes(148, 1);
        Arrays.fill(handshake, 0, 4, (byte) 0);
        handshake[0] = 1;
        var from = Lab.endpoint("[2001:db8::9]:4711");
        lab.sockets[3].offer(from, handshake);

        lab.receiveAll();

        assertThat(lab.events(DataEvent.HandshakeReceived.class))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.socket()).isEqualTo(3);
                    assertThat(event.from()).isEqualTo(from);
                    assertThat(event.message()).isEqualTo(handshake);
                });
    }

    @Test
    void sendsHandshakesAsTheyAre() {
        var to = Lab.endpoint("198.51.100.7:51820");

        lab.forwarder.execute(new DataCommand.SendHandshake(0, to, bytes(92, 5)), lab.now);

        assertThat(lab.sockets[0].calls)
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.to()).isEqualTo(to);
                    assertThat(call.bytes()).isEqualTo(bytes(92, 5));
                });
    }

    @Test
    void followsAnAuthenticPacketToANewAddress() {
        Lab.End client = lab.client(1);
        Lab.End link = lab.link(2);
        client.endpoint = Lab.endpoint("203.0.113.5:7777");

        client.sends(new byte[0]);
        link.sends(udp("10.102.0.1", "10.9.0.1", bytes(10, 1)));

        assertThat(client.packets()).hasSize(1); // at the new address
        assertThat(lab.events(DataEvent.Roamed.class))
                .containsExactly(new DataEvent.Roamed(client.tunnel, client.endpoint));
    }

    @Test
    void doesNotFollowAReplayedPacket() {
        Lab.End client = lab.client(1);
        byte[] keepalive = client.seal(new byte[0], 0);
        client.sendsRaw(keepalive);

        lab.sockets[0].offer(Lab.endpoint("203.0.113.5:7777"), keepalive);
        lab.receiveAll();

        assertThat(lab.events(DataEvent.Roamed.class)).isEmpty();
        assertThat(client.tunnel.endpointPort).isEqualTo(client.endpoint.port());
    }

    @Test
    void notesWhatItReceivedAndSent() {
        Lab.End client = lab.client(1);
        Lab.End link = lab.link(2);
        long before = link.tunnel.activity.sentPackets();
        lab.now += Lab.SECOND;

        client.sends(udp("10.9.0.1", "10.102.0.7", bytes(100, 3)));

        Activity received = client.tunnel.activity;
        Activity sent = link.tunnel.activity;
        assertThat(received.receivedPackets()).isEqualTo(1);
        assertThat(received.receivedBytes()).isEqualTo(128 + 32);
        assertThat(received.lastReceivedNanos()).isEqualTo(lab.now);
        assertThat(received.keepaliveOwedSinceNanos()).isEqualTo(lab.now);
        assertThat(sent.sentPackets()).isEqualTo(before + 1);
        assertThat(sent.lastSentNanos()).isEqualTo(lab.now);
        assertThat(sent.unansweredSinceNanos()).isEqualTo(lab.now);
    }

    @Test
    void keepalivesOweNothing() {
        Lab.End client = lab.client(1);

        client.sends(new byte[0]);
        lab.forwarder.execute(new DataCommand.SendKeepalive(client.tunnel), lab.now);

        assertThat(client.tunnel.activity.keepaliveOwedSinceNanos()).isEqualTo(Activity.NEVER);
        assertThat(client.tunnel.activity.unansweredSinceNanos()).isEqualTo(Activity.NEVER);
        assertThat(client.received()).hasSize(1);
    }

    @Test
    void dataBeforeAKeepaliveInOneCallIsStillData() {
        Lab.End client = lab.client(1);
        lab.tun.offer(udp("10.9.0.250", "10.9.0.1", bytes(100, 3)));
        lab.forwarder.readTun(1, lab.now);

        lab.forwarder.execute(new DataCommand.SendKeepalive(client.tunnel), lab.now);

        assertThat(client.received()).hasSize(2);
        assertThat(client.tunnel.activity.unansweredSinceNanos()).isEqualTo(lab.now);
    }

    @Test
    void carriesUnfilledChecksumsFromLinkToLink() {
        Lab.End from = lab.link(1);
        Lab.End to = lab.link(2);
        byte[] packet = Packets.unfilled(udp("10.101.0.1", "10.102.0.1", bytes(50, 1)));

        from.sendsRaw(from.seal(packet, TransportHeader.FLAG_CHECKSUM_UNFILLED));

        assertThat(to.received())
                .singleElement()
                .satisfies(got -> {
                    assertThat(got.flags()).isEqualTo(1);
                    assertThat(got.packet()).isEqualTo(oneHopLess(packet));
                });
    }

    @Test
    void fillsChecksumsInForClients() {
        Lab.End link = lab.link(1);
        Lab.End client = lab.client(1);
        byte[] packet = udp("10.101.0.1", "10.9.0.1", bytes(51, 1));
        byte[] unfilled = packet.clone();
        Packets.put16(unfilled, 26, 0xbad0); // what stands there does not matter

        link.sendsRaw(link.seal(unfilled, TransportHeader.FLAG_CHECKSUM_UNFILLED));

        assertThat(client.packets()).containsExactly(oneHopLess(packet));
    }

    @Test
    void leavesChecksumsOfTheTunUnfilledOnLinksOnly() {
        Lab.End link = lab.link(1);
        Lab.End client = lab.client(1);
        byte[] toLink = udp("10.9.0.250", "10.101.0.1", bytes(51, 1));
        byte[] toClient = udp("10.9.0.250", "10.9.0.1", bytes(51, 1));
        byte[] header = Virtio.unfilled(20, 6);

        lab.tun.offer(header, Packets.unfilled(toLink));
        lab.tun.offer(header, Packets.unfilled(toClient));
        lab.readTun();

        assertThat(link.received())
                .singleElement()
                .satisfies(got -> {
                    assertThat(got.flags()).isEqualTo(1);
                    assertThat(got.packet()).isEqualTo(Packets.unfilled(toLink));
                });
        assertThat(client.packets()).containsExactly(toClient);
    }

    @Test
    void oneUnfilledChecksumDoesNotMarkTheNextPacket() {
        Lab.End link = lab.link(1);
        byte[] packet = udp("10.9.0.250", "10.101.0.1", bytes(51, 1));

        lab.tun.offer(Virtio.unfilled(20, 6), Packets.unfilled(packet));
        lab.tun.offer(packet);
        lab.readTun();

        assertThat(link.received()).extracting(Lab.Received::flags).containsExactly(1, 0);
    }

    @Test
    void packetsThatWaitForKeysKeepTheirOrderAndChecksumState() {
        Lab.End link = lab.link(1);
        for (int round = 0; round < 3; round++) {
            lab.forwarder.execute(new DataCommand.Clear(link.tunnel), lab.now);
            var wanted = new java.util.ArrayList<byte[]>();
            for (int i = 0; i < 11; i++) {
                wanted.add(Packets.unfilled(udp("10.9.0.250", "10.101.0.1", bytes(40 + i, i))));
                lab.tun.offer(Virtio.unfilled(20, 6), wanted.getLast());
            }
            lab.readTun();

            link.rekey(true);
            var got = link.received();

            assertThat(got.stream().map(Lab.Received::packet)).containsExactlyElementsOf(wanted);
            assertThat(got).allSatisfy(each -> assertThat(each.flags()).isEqualTo(1));
        }
    }

    @Test
    void fillsAChecksumInThatIsNotBehindTheIpHeader() {
        Lab.End link = lab.link(1);
        byte[] inner = udp("172.16.0.1", "172.16.0.2", bytes(30, 1));
        byte[] outer = Packets.raw("10.9.0.250", "10.101.0.1", 64, 0x4000, 1, 4, inner);
        byte[] offered =
                Packets.raw("10.9.0.250", "10.101.0.1", 64, 0x4000, 1, 4, Packets.unfilled(inner));

        lab.tun.offer(Virtio.unfilled(40, 6), offered);
        lab.readTun();

        assertThat(link.packets()).containsExactly(outer);
    }

    @Test
    void dropsAChecksumStateOutsideThePacket() {
        lab.link(1);
        byte[] packet = udp("10.9.0.250", "10.101.0.1", bytes(2, 1));

        lab.tun.offer(Virtio.unfilled(20, 9), packet);
        lab.tun.offer(Virtio.unfilled(65000, 6), packet);
        lab.tun.offer(Virtio.unfilled(0, 10), packet);
        lab.readTun();

        assertThat(lab.drops(DropReason.MALFORMED_PACKET)).isEqualTo(3);
    }

    @Test
    void handsUnfilledChecksumsToTheKernel() {
        Lab.End link = lab.link(1);
        byte[] packet = udp("10.101.0.1", "10.9.0.250", bytes(51, 1));

        link.sendsRaw(link.seal(packet, TransportHeader.FLAG_CHECKSUM_UNFILLED));

        assertThat(lab.tun.written)
                .containsExactly(Virtio.join(Virtio.unfilled(20, 6), Packets.unfilled(packet)));
    }

    @Test
    void fillsChecksumsInForAKernelWithoutOffloads() {
        lab.tun.offloads = false;
        Lab.End link = lab.link(1);
        byte[] packet = udp("10.101.0.1", "10.9.0.250", bytes(51, 1));

        link.sendsRaw(link.seal(Packets.unfilled(packet), 1));

        assertThat(lab.tun.written).containsExactly(Virtio.join(new byte[10], packet));
    }

    @Test
    void clampsTheMssOfASynToTheNextHop() {
        Lab.End client = lab.client(1);
        Lab.End link = lab.link(2, 1300);
        byte[] syn = Packets.tcp("10.9.0.1", "10.102.0.1", 1, 5, 2, MSS_1460, new byte[0]);
        byte[] odd = Packets.tcp("10.9.0.1", "10.102.0.1", 1, 5, 2, ODD_MSS_1460, new byte[0]);

        client.sends(syn, odd);
        byte[] clamped = link.packets().getFirst();

        assertThat(Packets.u16(clamped, 42)).isEqualTo(1260);
        assertThat(Packets.checksumIsRight(clamped)).isTrue();
    }

    @Test
    void clampsTheMssOfASynFromTheTun() {
        Lab.End client = lab.client(1, 1280);
        lab.tun.offer(Packets.tcp("10.9.0.250", "10.9.0.1", 1, 5, 0x12, ODD_MSS_1460, new byte[0]));

        lab.readTun();
        byte[] clamped = client.packets().getFirst();

        assertThat(Packets.u16(clamped, 43)).isEqualTo(1240);
        assertThat(Packets.checksumIsRight(clamped)).isTrue();
    }

    @Test
    void answersPingsToItselfWhereThereIsNoTun() {
        try (Lab bare = Lab.withoutTun()) {
            Lab.End client = bare.client(1);

            client.sends(Packets.ping("10.9.0.1", "10.9.0.250", 56));
            byte[] reply = client.packets().getFirst();

            assertThat(reply).hasSize(84);
            assertThat(reply[20]).isZero();
            assertThat(Arrays.copyOfRange(reply, 12, 20))
                    .isEqualTo(
                            Arrays.copyOfRange(Packets.ping("10.9.0.250", "10.9.0.1", 0), 12, 20));
            assertThat(Packets.checksumIsRight(reply)).isTrue();
            assertThat(bare.forwarder.counters().drops()).isZero();
        }
    }

    @Test
    void answersPingsToTheVirtualAddressWhereThereIsNoTun() {
        try (Lab bare = Lab.withoutTun()) {
            Lab.End client = bare.client(1);
            bare.route("10.9.0.254/32", new NextHop.Local());

            client.sends(Packets.ping("10.9.0.1", "10.9.0.254", 56));

            assertThat(client.packets().getFirst()[20]).isZero();
            assertThat(bare.forwarder.counters().drops()).isZero();
        }
    }

    @Test
    void tellsTheKernelThroughTheTunWhatIsTooBig() {
        lab.client(1, 1280);
        byte[] packet = udp("10.9.0.250", "10.9.0.1", bytes(1300, 1));
        lab.tun.offer(packet);

        lab.readTun();
        byte[] error = lab.tun.written.getFirst();

        assertThat(error[10 + 20]).isEqualTo((byte) 3);
        assertThat(error[10 + 21]).isEqualTo((byte) 4);
        assertThat(Packets.u16(error, 10 + 26)).isEqualTo(1280);
        assertThat(Arrays.copyOfRange(error, 10 + 28, 10 + 56))
                .isEqualTo(Arrays.copyOf(packet, 28));
    }

    @Test
    void cutsWhatIsTooBigAndMayBeCut() {
        Lab.End link = lab.link(1);
        Lab.End narrow = lab.client(1, 576);
        byte[] packet = udp("10.101.0.1", "10.9.0.1", 64, 0, 4711, bytes(1300, 1));

        link.sendsRaw(link.seal(Packets.unfilled(packet), 1));

        assertThat(Reassembly.of(narrow.packets())).isEqualTo(oneHopLess(packet));
        assertThat(lab.forwarder.counters().packets(TrafficPath.FRAGMENT)).isEqualTo(3);
    }

    @Test
    void repeatsOnlyCopiedOptionsInLaterFragments() {
        Lab.End link = lab.link(1);
        Lab.End narrow = lab.client(1, 576);
        byte[] plain = udp("10.101.0.1", "10.9.0.1", 64, 0, 4711, bytes(1000, 1));
        // record route (not copied), then stream id (copied)
        byte[] options = {7, 4, 4, 0, (byte) 136, 4, 1, 2};
        byte[] packet = new byte[plain.length + 8];
        System.arraycopy(plain, 0, packet, 0, 20);
        System.arraycopy(options, 0, packet, 20, 8);
        System.arraycopy(plain, 20, packet, 28, plain.length - 20);
        packet[0] = 0x47;
        Packets.put16(packet, 2, packet.length);
        Packets.fixHeader(packet);

        link.sends(packet);

        var pieces = narrow.packets();
        assertThat(pieces).hasSize(2);
        assertThat(Arrays.copyOfRange(pieces.get(0), 20, 28)).isEqualTo(options);
        assertThat(pieces.get(1)[0]).isEqualTo((byte) 0x46);
        assertThat(Arrays.copyOfRange(pieces.get(1), 20, 24))
                .isEqualTo(new byte[] {(byte) 136, 4, 1, 2});
        assertThat(Packets.sum(Arrays.copyOf(pieces.get(1), 24), 0)).isEqualTo(0xffff);
    }

    @Test
    void forwardsIpv6() {
        Lab.End from = lab.link(1);
        Lab.End to = lab.link(2);
        lab.route("2001:db8:1::/48", lab.towards(from));
        lab.route("2001:db8:2::/48", lab.towards(to));
        byte[] packet =
                Packets.tcp("2001:db8:1::1", "2001:db8:2::2", 0, 9, 16, MSS_1460, bytes(50, 1));

        from.sends(packet);

        assertThat(to.packets()).containsExactly(oneHopLess(packet));
    }

    @Test
    void forwardsToAClientByItsAddressOnly() {
        Lab.End link = lab.link(1);
        Lab.End client = lab.client(7);

        link.sends(udp("10.101.0.1", "10.9.0.7", bytes(1, 1)));

        assertThat(client.tunnel.overlayAddress).isEqualTo(IpAddress.literal("10.9.0.7"));
        assertThat(client.packets()).hasSize(1);
    }
}
