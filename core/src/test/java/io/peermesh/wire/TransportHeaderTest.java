package io.peermesh.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.frame.Mem;
import org.junit.jupiter.api.Test;

class TransportHeaderTest {
    private final long at = Mem.allocate(TransportHeader.BYTES);

    @Test
    void putsFieldsWhereTheDiagramSays() {
        int visited = TransportHeader.visitedBit(1) | TransportHeader.visitedBit(10);
        TransportHeader.write(
                at, TransportHeader.FLAG_CHECKSUM_UNFILLED, visited, 0x11223344, 0x0102);

        assertThat(Mem.toBytes(at, TransportHeader.BYTES))
                .containsExactly(4, 1, 1, 2, 0x44, 0x33, 0x22, 0x11, 2, 1, 0, 0, 0, 0, 0, 0);
        assertThat(TransportHeader.flags(at)).isEqualTo(1);
        assertThat(TransportHeader.visited(at)).isEqualTo(visited);
        assertThat(TransportHeader.receiver(at)).isEqualTo(0x11223344);
        assertThat(TransportHeader.counter(at)).isEqualTo(0x0102);
    }

    @Test
    void onlyAnEmptyHeaderIsPlain() {
        TransportHeader.write(at, 0, 0, 1, 0);
        assertThat(TransportHeader.isPlain(at)).isTrue();

        TransportHeader.write(at, TransportHeader.FLAG_CHECKSUM_UNFILLED, 0, 1, 0);
        assertThat(TransportHeader.isPlain(at)).as("flag").isFalse();

        TransportHeader.write(at, 0, TransportHeader.visitedBit(3), 1, 0);
        assertThat(TransportHeader.isPlain(at)).as("visited").isFalse();
    }

    @Test
    void refusesUnknownBitsOtherTypesAndTruncations() {
        TransportHeader.write(at, 0, 0, 1, 0);
        for (int length = 0; length < TransportHeader.MIN_MESSAGE_BYTES; length++) {
            assertThat(TransportHeader.isValid(at, length)).isFalse();
        }
        for (int bit = 0; bit < 32; bit++) {
            TransportHeader.write(at, 0, 0, 1, 0);
            Mem.put32Le(at, Mem.i32Le(at) ^ 1 << bit);
            boolean known = bit == 8 || (bit >= 16 && bit < 26);
            assertThat(TransportHeader.isValid(at, 32)).as("bit %d", bit).isEqualTo(known);
        }
    }
}
