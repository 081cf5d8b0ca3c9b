package io.peermesh.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.frame.Mem;
import org.junit.jupiter.api.Test;

class TransportHeaderTest {
    private final long at = Mem.allocate(TransportHeader.BYTES);

    @Test
    void putsFieldsWhereTheDiagramSays() {
        TransportHeader.write(at, TransportHeader.FLAG_CHECKSUM_UNFILLED, 0x11223344, 0x0102);

        assertThat(Mem.toBytes(at, TransportHeader.BYTES))
                .containsExactly(4, 1, 0, 0, 0x44, 0x33, 0x22, 0x11, 2, 1, 0, 0, 0, 0, 0, 0);
        assertThat(TransportHeader.flags(at)).isEqualTo(1);
        assertThat(TransportHeader.receiver(at)).isEqualTo(0x11223344);
        assertThat(TransportHeader.counter(at)).isEqualTo(0x0102);
    }

    @Test
    void acceptsFlagsOnlyWhereTheyAreAllowed() {
        TransportHeader.write(at, TransportHeader.FLAG_CHECKSUM_UNFILLED, 1, 0);

        assertThat(TransportHeader.isValid(at, 32, TransportHeader.LINK_FLAGS)).isTrue();
        assertThat(TransportHeader.isValid(at, 32, 0)).isFalse();
    }

    @Test
    void refusesUnknownBitsOtherTypesAndTruncations() {
        TransportHeader.write(at, 0, 1, 0);
        for (int length = 0; length < TransportHeader.MIN_MESSAGE_BYTES; length++) {
            assertThat(TransportHeader.isValid(at, length, 0)).isFalse();
        }
        for (int bit = 0; bit < 32; bit++) {
            TransportHeader.write(at, 0, 1, 0);
            Mem.put32Le(at, Mem.i32Le(at) ^ 1 << bit);
            boolean known = bit == 8;
            assertThat(TransportHeader.isValid(at, 32, TransportHeader.LINK_FLAGS))
                    .as("bit %d", bit)
                    .isEqualTo(known);
        }
    }
}
