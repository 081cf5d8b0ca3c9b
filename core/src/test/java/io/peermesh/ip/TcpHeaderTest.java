package io.peermesh.ip;

import static io.peermesh.testing.Bytes.hex;
import static io.peermesh.testing.Bytes.offHeap;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.frame.Mem;
import io.peermesh.testing.Bytes;
import io.peermesh.testing.Seeds;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TcpHeaderTest {
    /** A SYN with MSS 1460, SACK permitted, timestamps, NOP, window scale. */
    private static final byte[] SYN =
            hex(
                    "d431 1451 01020304 00000000 a002 ffff abcd 0000"
                            + "0204 05b4 0402 080a 11223344 00000000 01 030307");

    @Test
    void readsEveryField() {
        byte[] bytes = SYN.clone();
        bytes[8] = (byte) 0xff;
        long tcp = offHeap(bytes);

        assertThat(TcpHeader.isValid(tcp, bytes.length)).isTrue();
        assertThat(TcpHeader.sourcePort(tcp)).isEqualTo(0xd431);
        assertThat(TcpHeader.destinationPort(tcp)).isEqualTo(0x1451);
        assertThat(TcpHeader.sequence(tcp)).isEqualTo(0x01020304);
        assertThat(TcpHeader.acknowledgment(tcp)).isEqualTo(0xff000000);
        assertThat(TcpHeader.headerBytes(tcp)).isEqualTo(40);
        assertThat(TcpHeader.flags(tcp)).isEqualTo(TcpHeader.SYN);
        assertThat(TcpHeader.window(tcp)).isEqualTo(0xffff);
        assertThat(TcpHeader.checksum(tcp)).isEqualTo(0xabcd);
    }

    @Test
    void refusesEveryTruncation() {
        for (int bytes = 0; bytes < SYN.length; bytes++) {
            long cut = offHeap(Arrays.copyOf(SYN, bytes));
            assertThat(TcpHeader.isValid(cut, bytes)).isFalse();
            assertThat(TcpHeader.clampMss(cut, bytes, 500, false)).isFalse();
        }
    }

    @Test
    void refusesAHeaderShorterThanItself() {
        byte[] bytes = SYN.clone();
        bytes[12] = 0x40;

        assertThat(TcpHeader.isValid(offHeap(bytes), bytes.length)).isFalse();
    }

    @Test
    void lowersAnMssThatIsTooLargeAndKeepsTheChecksumRight() {
        long tcp = offHeap(SYN);
        finish(tcp, SYN.length);

        assertThat(TcpHeader.clampMss(tcp, SYN.length, 1380, false)).isTrue();

        assertThat(Mem.u16Be(tcp + 22)).isEqualTo(1380);
        assertThat(Checksum.sum(tcp, SYN.length)).isEqualTo(0xffff);
    }

    @Test
    void leavesAnMssThatFitsAlone() {
        long tcp = offHeap(SYN);

        assertThat(TcpHeader.clampMss(tcp, SYN.length, 1460, false)).isFalse();
        assertThat(Mem.toBytes(tcp, SYN.length)).isEqualTo(SYN);
    }

    @Test
    void leavesSegmentsWithoutSynAlone() {
        byte[] bytes = SYN.clone();
        bytes[13] = TcpHeader.ACK;
        long tcp = offHeap(bytes);

        assertThat(TcpHeader.clampMss(tcp, bytes.length, 500, false)).isFalse();
        assertThat(Mem.toBytes(tcp, bytes.length)).isEqualTo(bytes);
    }

    @Test
    void anUnfinishedChecksumIsNotTouched() {
        long tcp = offHeap(SYN);

        assertThat(TcpHeader.clampMss(tcp, SYN.length, 1380, true)).isTrue();

        assertThat(TcpHeader.checksum(tcp)).isEqualTo(0xabcd);
    }

    @Test
    void clampsAtAnOddOffset() {
        byte[] bytes = hex("d431 1451 01020304 00000000 7002 ffff 0000 0000 01 0204 05b4 000000");
        long tcp = offHeap(bytes);
        finish(tcp, bytes.length);

        assertThat(TcpHeader.clampMss(tcp, bytes.length, 1111, false)).isTrue();

        assertThat(Mem.u16Be(tcp + 23)).isEqualTo(1111);
        assertThat(Checksum.sum(tcp, bytes.length)).isEqualTo(0xffff);
    }

    @Test
    void stopsAtTheEndOfOptionsAndAtMalformedOnes() {
        assertThat(clampsWith("00000000 020405b4")).isFalse(); // behind the end
        assertThat(clampsWith("01010101 020405b4")).isTrue();
        assertThat(clampsWith("01010101 020305b4")).isFalse(); // MSS of the wrong length
        assertThat(clampsWith("08000000 020405b4")).isFalse(); // length 0 would loop
        assertThat(clampsWith("08010000 020405b4")).isFalse();
        assertThat(clampsWith("01010101 01020605")).isFalse(); // runs over the end
        assertThat(clampsWith("01010101 01010102")).isFalse(); // kind without length
    }

    private static boolean clampsWith(String options) {
        byte[] bytes = hex("d431 1451 01020304 00000000 7002 ffff 0000 0000" + options);
        return TcpHeader.clampMss(offHeap(bytes), bytes.length, 500, false);
    }

    @Test
    void randomOptionsAreReadWithinTheirBoundsAndTheChecksumStaysRight() {
        Seeds.run(
                5000,
                random -> {
                    byte[] bytes = Bytes.random(20 + random.nextInt(60), random);
                    bytes[13] |= TcpHeader.SYN;
                    for (int i = 20; i < bytes.length; i++) {
                        bytes[i] = (byte) random.nextInt(6);
                    }
                    long tcp = offHeap(bytes);
                    finish(tcp, bytes.length);

                    TcpHeader.clampMss(tcp, bytes.length, 100, false);

                    assertThat(SlowChecksum.same(Checksum.sum(tcp, bytes.length), 0xffff)).isTrue();
                });
    }

    private static void finish(long tcp, int bytes) {
        TcpHeader.checksum(tcp, 0);
        TcpHeader.checksum(tcp, Checksum.of(tcp, bytes));
    }
}
