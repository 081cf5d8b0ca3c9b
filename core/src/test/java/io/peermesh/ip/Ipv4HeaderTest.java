package io.peermesh.ip;

import static io.peermesh.testing.Bytes.hex;
import static io.peermesh.testing.Bytes.offHeap;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.frame.Mem;
import io.peermesh.testing.Bytes;
import io.peermesh.testing.Seeds;
import org.junit.jupiter.api.Test;

class Ipv4HeaderTest {
    private static final byte[] UDP =
            hex("4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7" + "00".repeat(95));

    @Test
    void readsEveryField() {
        byte[] bytes =
                hex(
                        "4a10 0028 cafe b00f 0711 0000 0a000001 c0000201 0102030405060708 "
                                + "00".repeat(12));
        long packet = offHeap(bytes);

        assertThat(Ipv4Header.isValid(packet, bytes.length)).isTrue();
        assertThat(Ipv4Header.version(packet)).isEqualTo(4);
        assertThat(Ipv4Header.headerBytes(packet)).isEqualTo(40);
        assertThat(Ipv4Header.totalLength(packet)).isEqualTo(40);
        assertThat(Ipv4Header.identification(packet)).isEqualTo(0xcafe);
        assertThat(Ipv4Header.fragmentField(packet)).isEqualTo(0xb00f);
        assertThat(Ipv4Header.fragmentOffsetBytes(packet)).isEqualTo(0x100f * 8);
        assertThat(Ipv4Header.dontFragment(packet)).isFalse();
        assertThat(Ipv4Header.isFragment(packet)).isTrue();
        assertThat(Ipv4Header.ttl(packet)).isEqualTo(7);
        assertThat(Ipv4Header.protocol(packet)).isEqualTo(17);
        assertThat(Ipv4Header.source(packet)).isEqualTo(0x0a000001);
        assertThat(Ipv4Header.destination(packet)).isEqualTo(0xc0000201);
    }

    @Test
    void knowsARightHeaderChecksum() {
        long packet = offHeap(UDP);
        assertThat(Ipv4Header.checksumIsRight(packet)).isTrue();

        Mem.put8(packet + 8, 63);

        assertThat(Ipv4Header.checksumIsRight(packet)).isFalse();
    }

    @Test
    void sumsItsHeader() {
        long packet = offHeap(UDP);
        Mem.put16Be(packet + 10, 0xffff);

        Ipv4Header.sum(packet);

        assertThat(Ipv4Header.checksum(packet)).isEqualTo(0xb861);
    }

    @Test
    void takesPaddingAfterThePacket() {
        byte[] padded = java.util.Arrays.copyOf(UDP, 128);

        assertThat(Ipv4Header.isValid(offHeap(padded), 128)).isTrue();
    }

    @Test
    void refusesEveryTruncation() {
        for (int bytes = 0; bytes < UDP.length; bytes++) {
            byte[] cut = java.util.Arrays.copyOf(UDP, bytes);
            assertThat(Ipv4Header.isValid(offHeap(cut), bytes)).as("%d bytes", bytes).isFalse();
        }
        assertThat(Ipv4Header.isValid(offHeap(UDP), UDP.length)).isTrue();
    }

    @Test
    void refusesWrongVersionsAndLengths() {
        assertThat(validWith(0, 0x55)).isFalse(); // version 5
        assertThat(validWith(0, 0x65)).isFalse(); // version 6
        assertThat(validWith(0, 0x44)).isFalse(); // header of 16 bytes
        assertThat(validWith(3, 19)).isFalse(); // total length below the header's
        assertThat(validWith(3, 20)).isTrue();
        assertThat(validWith(3, 0x74)).isFalse(); // one byte more than there is
    }

    private static boolean validWith(int offset, int value) {
        byte[] bytes = UDP.clone();
        bytes[offset] = (byte) value;
        return Ipv4Header.isValid(offHeap(bytes), bytes.length);
    }

    @Test
    void randomBytesAreReadWithinTheirBounds() {
        Seeds.run(
                5000,
                random -> {
                    byte[] bytes = Bytes.random(random.nextInt(64), random);
                    if (bytes.length > 0) {
                        bytes[0] = (byte) (0x40 | (bytes[0] & 15));
                    }
                    long packet = offHeap(bytes);
                    if (Ipv4Header.isValid(packet, bytes.length)) {
                        assertThat(Ipv4Header.headerBytes(packet))
                                .isLessThanOrEqualTo(bytes.length);
                        Ipv4Header.checksumIsRight(packet);
                    }
                });
    }

    @Test
    void takesAHopOffAndKeepsTheChecksumRight() {
        Seeds.run(
                500,
                random -> {
                    byte[] bytes = Packets.udpV4(random, 20, false);
                    bytes[8] = (byte) (1 + random.nextInt(255));
                    long packet = offHeap(bytes);
                    Ipv4Header.sum(packet);
                    for (int ttl = Ipv4Header.ttl(packet); ttl > 0; ttl--) {
                        Ipv4Header.decrementTtl(packet);
                        assertThat(Ipv4Header.ttl(packet)).isEqualTo(ttl - 1);
                        assertThat(Ipv4Header.checksumIsRight(packet)).isTrue();
                        assertThat(Ipv4Header.protocol(packet)).isEqualTo(17);
                    }
                });
    }

    @Test
    void knowsAddressesOfMoreThanOneHost() {
        assertThat(Ipv4Header.isMulticastOrBroadcast(0xe0000001)).isTrue();
        assertThat(Ipv4Header.isMulticastOrBroadcast(0xffffffff)).isTrue();
        assertThat(Ipv4Header.isMulticastOrBroadcast(0xdfffffff)).isFalse();
        assertThat(Ipv4Header.isMulticastOrBroadcast(0x0a0000ff)).isFalse();
    }
}
