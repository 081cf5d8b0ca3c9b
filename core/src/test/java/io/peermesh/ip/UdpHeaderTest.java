package io.peermesh.ip;

import static io.peermesh.testing.Bytes.hex;
import static io.peermesh.testing.Bytes.offHeap;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UdpHeaderTest {
    private static final byte[] DATAGRAM = hex("d431 0035 000c beef 01020304");

    @Test
    void readsEveryField() {
        long udp = offHeap(DATAGRAM);

        assertThat(UdpHeader.isValid(udp, DATAGRAM.length)).isTrue();
        assertThat(UdpHeader.sourcePort(udp)).isEqualTo(0xd431);
        assertThat(UdpHeader.destinationPort(udp)).isEqualTo(53);
        assertThat(UdpHeader.length(udp)).isEqualTo(12);
        assertThat(UdpHeader.checksum(udp)).isEqualTo(0xbeef);
    }

    @Test
    void refusesEveryTruncationAndALengthBelowTheHeader() {
        for (int bytes = 0; bytes < DATAGRAM.length; bytes++) {
            assertThat(UdpHeader.isValid(offHeap(Arrays.copyOf(DATAGRAM, bytes)), bytes)).isFalse();
        }
        byte[] small = DATAGRAM.clone();
        small[5] = 7;

        assertThat(UdpHeader.isValid(offHeap(small), small.length)).isFalse();
    }
}
