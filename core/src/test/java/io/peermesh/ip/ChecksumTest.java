package io.peermesh.ip;

import static io.peermesh.testing.Bytes.hex;
import static io.peermesh.testing.Bytes.offHeap;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.frame.Mem;
import io.peermesh.testing.Bytes;
import io.peermesh.testing.Seeds;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    @Test
    void sumsTheExampleOfRfc1071() {
        byte[] bytes = hex("0001 f203 f4f5 f6f7");

        assertThat(Checksum.sum(offHeap(bytes), bytes.length)).isEqualTo(0xddf2);
        assertThat(Checksum.of(offHeap(bytes), bytes.length)).isEqualTo(0x220d);
    }

    @Test
    void sumsNothingToZero() {
        assertThat(Checksum.sum(offHeap(new byte[0]), 0)).isZero();
    }

    @Test
    void sumsAllOnesWithoutLosingCarries() {
        byte[] bytes = new byte[65535];
        Arrays.fill(bytes, (byte) 0xff);

        assertThat(Checksum.sum(offHeap(bytes), 65534)).isEqualTo(0xffff);
        assertThat(Checksum.sum(offHeap(bytes), 65535))
                .isEqualTo(SlowChecksum.sum(bytes, 0))
                .isEqualTo(0xff00);
    }

    @Test
    void agreesWithTheSlowSumAtEveryLengthAndAlignment() {
        Seeds.run(
                3,
                random -> {
                    byte[] bytes = Bytes.random(300, random);
                    long address = offHeap(bytes);
                    for (int from = 0; from < 9; from++) {
                        for (int to = from; to <= bytes.length; to++) {
                            byte[] part = Arrays.copyOf(bytes, to);
                            assertThat(Checksum.sum(address + from, to - from))
                                    .as("%d..%d", from, to)
                                    .isEqualTo(SlowChecksum.sum(part, from));
                        }
                    }
                });
    }

    @Test
    void agreesWithTheSlowSumOnSuperPackets() {
        Seeds.run(
                20,
                random -> {
                    byte[] bytes = Bytes.random(60_000 + random.nextInt(5000), random);

                    assertThat(Checksum.sum(offHeap(bytes), bytes.length))
                            .isEqualTo(SlowChecksum.sum(bytes, 0));
                });
    }

    @Test
    void completesWhatHoldsOnlyThePseudoHeadersSum() {
        Seeds.run(
                200,
                random -> {
                    boolean v4 = random.nextBoolean();
                    boolean tcp = random.nextBoolean();
                    byte[] bytes =
                            v4
                                    ? Packets.udpV4(random, 20 + random.nextInt(1500), tcp)
                                    : Packets.udpV6(random, 20 + random.nextInt(1500), tcp);
                    int start = v4 ? 20 : 40;
                    int offset = tcp ? TcpHeader.CHECKSUM_OFFSET : UdpHeader.CHECKSUM_OFFSET;
                    int protocol = tcp ? Ipv4Header.TCP : Ipv4Header.UDP;
                    long packet = offHeap(bytes);
                    int pseudo = Checksum.pseudo(packet, protocol, bytes.length - start);
                    Mem.put16Be(packet + start + offset, pseudo);

                    Checksum.complete(packet, bytes.length, start, offset);

                    byte[] done = Mem.toBytes(packet, bytes.length);
                    assertThat(Mem.u16Be(packet + start + offset)).isNotZero();
                    assertThat(SlowChecksum.sumL4(done, start, v4 ? 12 : 8, v4 ? 4 : 16, protocol))
                            .isEqualTo(0xffff);
                });
    }

    @Test
    void aComputedZeroIsStoredAsAllOnes() {
        byte[] bytes = hex("0000 0000 0000 0000 fffe"); // the field at 2 holds 0x0001
        bytes[3] = 1;
        long packet = offHeap(bytes);

        Checksum.complete(packet, bytes.length, 0, 2);

        assertThat(Mem.u16Be(packet + 2)).isEqualTo(0xffff);
    }

    @Test
    void updatesLikeTheExampleOfRfc1624() {
        assertThat(Checksum.update(0xdd2f, 0x5555, 0x3285)).isEqualTo(0x0000);
    }

    @Test
    void anUpdateEqualsANewSum() {
        Seeds.run(
                5000,
                random -> {
                    byte[] bytes = Bytes.random(20, random);
                    long address = offHeap(bytes);
                    int before = Checksum.of(address, 20);
                    int at = 2 * random.nextInt(10);
                    int oldWord = Mem.u16Be(address + at);
                    int newWord = random.nextInt(0x10000);

                    Mem.put16Be(address + at, newWord);

                    int updated = Checksum.update(before, oldWord, newWord);
                    assertThat(SlowChecksum.same(~updated & 0xffff, Checksum.sum(address, 20)))
                            .isTrue();
                });
    }

    @Test
    void addsSumsWithTheCarryAround() {
        assertThat(Checksum.add(0xffff, 0x0001)).isEqualTo(0x0001);
        assertThat(Checksum.add(0x1234, 0x4321)).isEqualTo(0x5555);
        assertThat(Checksum.add(0xffff, 0xffff)).isEqualTo(0xffff);
    }
}
