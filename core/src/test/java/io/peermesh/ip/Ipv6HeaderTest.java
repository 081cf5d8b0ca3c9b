package io.peermesh.ip;

import static io.peermesh.testing.Bytes.hex;
import static io.peermesh.testing.Bytes.offHeap;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.testing.Bytes;
import io.peermesh.testing.Seeds;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Ipv6HeaderTest {
    private static final IpAddress A = IpAddress.literal("2001:db8::a");
    private static final IpAddress B = IpAddress.literal("2001:db8:1::b");

    @Test
    void readsEveryField() {
        byte[] bytes = Packets.v6(17, A, B, new byte[11]);
        long packet = offHeap(bytes);

        assertThat(Ipv6Header.isValid(packet, bytes.length)).isTrue();
        assertThat(Ipv6Header.totalLength(packet)).isEqualTo(51);
        assertThat(Ipv6Header.nextHeader(packet)).isEqualTo(17);
        assertThat(Ipv6Header.hopLimit(packet)).isEqualTo(64);
        assertThat(new IpAddress(Ipv6Header.sourceHi(packet), Ipv6Header.sourceLo(packet)))
                .isEqualTo(A);
        assertThat(
                        new IpAddress(
                                Ipv6Header.destinationHi(packet), Ipv6Header.destinationLo(packet)))
                .isEqualTo(B);
    }

    @Test
    void refusesEveryTruncation() {
        byte[] whole = Packets.v6(17, A, B, new byte[11]);
        for (int bytes = 0; bytes < whole.length; bytes++) {
            assertThat(Ipv6Header.isValid(offHeap(Arrays.copyOf(whole, bytes)), bytes)).isFalse();
        }
        assertThat(Ipv6Header.isValid(offHeap(Arrays.copyOf(whole, 64)), 64)).isTrue();
    }

    @Test
    void refusesOtherVersions() {
        byte[] bytes = Packets.v6(17, A, B, new byte[0]);
        bytes[0] = 0x40;

        assertThat(Ipv6Header.isValid(offHeap(bytes), bytes.length)).isFalse();
    }

    @Test
    void takesAHopOff() {
        long packet = offHeap(Packets.v6(17, A, B, new byte[0]));

        Ipv6Header.decrementHopLimit(packet);

        assertThat(Ipv6Header.hopLimit(packet)).isEqualTo(63);
    }

    @Test
    void findsTheUpperLayerBehindExtensionHeaders() {
        String hopByHop = "3c00 000000000000"; // next: destination options, 8 bytes
        String options = "2c01 0000000000000000000000000000"; // next: fragment, 16 bytes
        String firstFragment = "3300 0001 00000007"; // next: authentication, offset 0, more
        String authentication = "0601 0000 00000000 00000000"; // next: TCP, 12 bytes
        byte[] payload = hex(hopByHop + options + firstFragment + authentication + "00".repeat(20));

        int upper = Ipv6Header.upperLayer(offHeap(Packets.v6(0, A, B, payload)));

        assertThat(upper).isEqualTo(6 << 16 | (40 + 8 + 16 + 8 + 12));
    }

    @Test
    void aLaterFragmentHasNoUpperLayer() {
        byte[] payload = hex("1100 0009 00000007" + "00".repeat(16)); // offset 8

        assertThat(Ipv6Header.upperLayer(offHeap(Packets.v6(44, A, B, payload)))).isEqualTo(-1);
    }

    @Test
    void tooManyExtensionHeadersHideTheUpperLayer() {
        byte[] seven = hex("3c00 000000000000".repeat(7) + "1100 000000000000" + "00".repeat(8));
        byte[] eight = hex("3c00 000000000000".repeat(8) + "1100 000000000000" + "00".repeat(8));

        assertThat(Ipv6Header.upperLayer(offHeap(Packets.v6(60, A, B, seven))))
                .isEqualTo(17 << 16 | (40 + 64));
        assertThat(Ipv6Header.upperLayer(offHeap(Packets.v6(60, A, B, eight)))).isEqualTo(-1);
    }

    @Test
    void randomBytesAreReadWithinTheirBounds() {
        int[] extensions = {0, 43, 44, 51, 60};
        Seeds.run(
                5000,
                random -> {
                    byte[] payload = Bytes.random(random.nextInt(80), random);
                    for (int i = 0; i < payload.length; i += 8) {
                        payload[i] = (byte) extensions[random.nextInt(5)];
                        payload[Math.min(i + 1, payload.length - 1)] &= 3;
                    }
                    byte[] bytes = Packets.v6(extensions[random.nextInt(5)], A, B, payload);

                    int upper = Ipv6Header.upperLayer(offHeap(bytes));

                    assertThat(upper == -1 || (upper & 0xffff) <= bytes.length).isTrue();
                });
    }
}
