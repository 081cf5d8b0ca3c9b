package io.peermesh.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.crypto.Aead;
import io.peermesh.crypto.CipherSuite;
import io.peermesh.frame.Mem;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.Tun;
import io.peermesh.testing.Bytes;
import io.peermesh.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The simulated world is itself worth a test: a blind judge acquits everybody. */
class SimPartsTest {
    private static final int A = 0x0ac70001;
    private static final int B = 0x0ac70002;

    private final Ledger ledger = new Ledger();
    private final CheckedCiphers ciphers = new CheckedCiphers(ledger);

    @Test
    void eventsHappenInOrderOfTimeThenOfAsking() {
        var world = new World(1);
        var seen = new ArrayList<Integer>();
        world.after(20, () -> seen.add(3));
        world.after(10, () -> seen.add(1));
        world.after(10, () -> seen.add(2));

        world.run(100);

        assertThat(seen).containsExactly(1, 2, 3);
        assertThat(world.elapsedNanos()).isEqualTo(100);
    }

    @Test
    void anAlarmRingsOnceAtItsEarliestSetting() {
        var world = new World(1);
        var rung = new ArrayList<Long>();
        var alarm = world.new Alarm(() -> rung.add(world.elapsedNanos()));
        alarm.at(world.nowNanos() + 50);
        alarm.at(world.nowNanos() + 30);
        alarm.at(world.nowNanos() + 40);

        world.run(100);

        assertThat(rung).containsExactly(30L);
    }

    @Test
    void aFailureNamesTheSeedAndShowsTheLastEvents() {
        var world = new World(4711);
        world.note("somebody", "does something");
        world.after(
                1,
                () -> {
                    throw new AssertionError("broken");
                });

        assertThatThrownBy(() -> world.run(10))
                .hasMessageContaining("broken")
                .hasMessageContaining("-Dseed=4711")
                .hasMessageContaining("does something");
    }

    @Test
    void aSpinningWorldIsNoticed() {
        var world = new World(1);
        var spinning = new ArrayList<Runnable>();
        spinning.add(() -> world.after(0, spinning.getFirst()));
        world.after(0, spinning.getFirst());

        assertThatThrownBy(() -> world.run(1)).hasMessageContaining("time stands still");
    }

    @Test
    void theCheapCipherAuthenticatesEveryBit() {
        Seeds.run(
                100,
                random -> {
                    byte[] key = Bytes.random(32, random);
                    byte[] plain = Bytes.random(random.nextInt(100), random);
                    byte[] aad = Bytes.random(16, random);
                    Aead cipher = CheapAead.provider(true).create(CipherSuite.AES_256_GCM, key);
                    long to = Mem.allocate(plain.length + 16);
                    long aadAt = Bytes.offHeap(aad);
                    cipher.seal(7, aadAt, 16, Bytes.offHeap(plain), plain.length, to);
                    byte[] sealed = Mem.toBytes(to, plain.length + 16);
                    int bit = random.nextInt(8 * sealed.length);
                    sealed[bit / 8] ^= (byte) (1 << (bit % 8));

                    long out = Mem.allocate(plain.length + 16);
                    long forged = Bytes.offHeap(sealed);
                    assertThat(cipher.open(7, aadAt, 16, forged, sealed.length, out)).isFalse();
                    assertThat(cipher.open(8, aadAt, 16, to, sealed.length, out)).isFalse();
                    assertThat(cipher.open(7, 0, 0, to, sealed.length, out)).isFalse();
                    assertThat(cipher.open(7, aadAt, 16, to, sealed.length, out)).isTrue();
                    assertThat(Mem.toBytes(out, plain.length)).isEqualTo(plain);
                });
    }

    @Test
    void aNonceThatIsUsedTwiceFailsWhoeverUsesIt() {
        var provider =
                ciphers.watched(CheapAead.provider(true), CheckedCiphers.Holder.controller(1));
        Aead one = provider.create(CipherSuite.AES_256_GCM, new byte[32]);
        Aead other = provider.create(CipherSuite.AES_256_GCM, new byte[32]);
        long at = Mem.allocate(64);
        one.seal(5, 0, 0, at, 8, at);

        assertThatThrownBy(() -> other.seal(5, 0, 0, at, 8, at)).hasMessageContaining("twice");
    }

    @Test
    void theLedgerRefusesASecondDelivery() {
        long id = ledger.inject("a", IpAddress.v4(B));
        byte[] packet = TestPacket.udp(A, B, id, 100);
        ledger.onDelivered(packet, "b");

        assertThatThrownBy(() -> ledger.onDelivered(packet, "b")).hasMessageContaining("twice");
    }

    @Test
    void theLedgerRefusesAChangedPacket() {
        long id = ledger.inject("a", IpAddress.v4(B));
        byte[] packet = TestPacket.udp(A, B, id, 100);
        packet[90] ^= 1;

        assertThatThrownBy(() -> ledger.onDelivered(TestPacket.finish(packet), "b"))
                .hasMessageContaining("changed");
    }

    @Test
    void theLedgerRefusesAWrongChecksum() {
        long id = ledger.inject("a", IpAddress.v4(B));
        byte[] packet = TestPacket.udp(A, B, id, 100);
        packet[26] ^= 1;

        assertThatThrownBy(() -> ledger.onDelivered(packet, "b")).hasMessageContaining("checksum");
    }

    @Test
    void theLedgerNoticesALoop() {
        long id = ledger.inject("a", IpAddress.v4(B));

        assertThatThrownBy(
                        () -> {
                            ledger.onEntered(id, 1, false);
                            ledger.onEntered(id, 2, false);
                            ledger.onEntered(id, 1, false);
                        })
                .hasMessageContaining("enters controller 1 again");
    }

    @Test
    void theLedgerKnowsWhereTheCopiesOfAPacketAre() {
        long one = ledger.inject("a", IpAddress.v4(B));
        long doubled = ledger.inject("a", IpAddress.v4(B));
        ledger.onDoubled(doubled);
        ledger.onReached(one, "b");
        ledger.onLostInNet(doubled);
        assertThat(ledger.copiesLeft()).isEqualTo(2);
        assertThat(ledger.leftByPlace()).containsOnlyKeys("b");

        ledger.onCrashed("b");

        assertThat(ledger.copiesLeft()).isEqualTo(1);
        assertThat(ledger.leftByPlace()).isEmpty();
    }

    @Test
    void theNetworkRefusesAPacketInClear() {
        var net = new SimNet(new World(1), ledger, ciphers);
        byte[] packet = TestPacket.udp(A, B, ledger.inject("a", IpAddress.v4(B)), 100);
        var to = new Endpoint(IpAddress.literal("192.0.2.2"), 2);

        assertThatThrownBy(() -> net.transmit("a", to, to, packet))
                .hasMessageContaining("in clear");
    }

    @Test
    void theLedgerNamesWhatIsMissing() {
        ledger.inject("a", IpAddress.v4(B));
        long lost = ledger.inject("a", IpAddress.v4(B));
        ledger.onLostInNet(lost);

        assertThat(ledger.missing()).hasSize(1);
    }

    @Test
    void aHostRefusesThePacketsOfOthers() {
        var stack =
                new SimStack(
                        new World(1), ledger, "b", 0, IpAddress.v4(B), List.of(), packet -> {});
        long id = ledger.inject("a", IpAddress.v4(A));

        assertThatThrownBy(() -> stack.onPacket(TestPacket.udp(B, A, id, 100)))
                .hasMessageContaining("was given a packet for");
    }

    @Test
    void theDeviceCutsASuperPacketIntoItsSegments() {
        var segments = new ArrayList<byte[]>();
        var from = new SimTun(true, true, packet -> {}, () -> {});
        var to = new SimTun(true, true, segments::add, () -> {});
        long[] ids = {1, 2, 3};
        from.sendSuper(TestPacket.unfinish(TestPacket.tcp(A, B, 1000, ids, 500)), 500);
        long at = Mem.allocate(Tun.MAX_BYTES);

        assertThat(to.write(at, from.read(at))).isTrue();

        assertThat(segments).hasSize(3);
        assertThat(segments)
                .allMatch(TestPacket::checksumsAreRight)
                .allMatch(TestPacket::isIntact)
                .extracting(TestPacket::id)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void theDeviceRefusesOffloadsThatItLacks() {
        var from = new SimTun(true, true, packet -> {}, () -> {});
        var to = new SimTun(false, false, packet -> {}, () -> {});
        from.sendUnfinished(TestPacket.unfinish(TestPacket.udp(A, B, 1, 100)));
        long at = Mem.allocate(Tun.MAX_BYTES);
        int bytes = from.read(at);

        assertThatThrownBy(() -> to.write(at, bytes)).hasMessageContaining("offload");
    }

    @Test
    void theNetworkLosesDoublesAndReordersAsToldAndAccountsForIt() {
        var world = new World(99);
        var net = new SimNet(world, ledger, ciphers);
        net.conditions(new SimNet.Conditions(0.2, 0.2, 0, 50 * World.MILLISECOND, 0));
        var from = new Endpoint(IpAddress.literal("192.0.2.1"), 1);
        var to = new Endpoint(IpAddress.literal("192.0.2.2"), 2);
        var arrived = new ArrayList<Integer>();
        var batch = new io.peermesh.port.ReceiveBatch();
        var sockets = new ArrayList<SimDatagrams>();
        sockets.add(
                net.open(
                        "b",
                        to,
                        () -> {
                            sockets.getFirst().receive(batch);
                            arrived.add(Mem.i32Be(batch.address[0]));
                        }));
        for (int i = 0; i < 1000; i++) {
            byte[] datagram = {0, 0, (byte) (i >>> 8), (byte) i};
            net.transmit("a", from, to, datagram);
        }

        world.run(World.SECOND);

        long distinct = arrived.stream().distinct().count();
        assertThat(distinct).isBetween(700L, 900L);
        assertThat(arrived.size() - distinct).isBetween(80L, 250L);
        assertThat(arrived).isNotEqualTo(arrived.stream().sorted().toList());
    }

    @Test
    void joinsRunsLikeTheKernel() {
        var world = new World(5);
        var net = new SimNet(world, ledger, ciphers);
        net.conditions(new SimNet.Conditions(0, 0, 0, 0, 1));
        var from = new Endpoint(IpAddress.literal("192.0.2.1"), 1);
        var to = new Endpoint(IpAddress.literal("192.0.2.2"), 2);
        SimDatagrams socket = net.open("b", to, () -> {});
        for (int bytes : new int[] {100, 100, 60, 60, 100}) {
            net.transmit("a", from, to, new byte[bytes]);
        }
        world.run(1);
        var batch = new io.peermesh.port.ReceiveBatch();

        assertThat(socket.receive(batch)).isEqualTo(3);

        assertThat(List.of(batch.bytes[0], batch.bytes[1], batch.bytes[2]))
                .containsExactly(260, 60, 100);
        assertThat(batch.segmentBytes[0]).isEqualTo(100);
    }
}
