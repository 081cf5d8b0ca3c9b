package io.peermesh.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;

/** Puts fragments that are in order together again. */
final class Reassembly {
    private Reassembly() {}

    static byte[] of(List<byte[]> fragments) {
        byte[] whole = Arrays.copyOf(fragments.getFirst(), 20);
        for (int i = 0; i < fragments.size(); i++) {
            byte[] piece = fragments.get(i);
            int field = Packets.u16(piece, 6);
            assertThat(Packets.sum(Arrays.copyOf(piece, 20), 0)).isEqualTo(0xffff);
            assertThat((field & 0x1fff) * 8).isEqualTo(whole.length - 20);
            assertThat((field & 0x2000) != 0).isEqualTo(i < fragments.size() - 1);
            int at = whole.length;
            whole = Arrays.copyOf(whole, at + piece.length - 20);
            System.arraycopy(piece, 20, whole, at, piece.length - 20);
        }
        Packets.put16(whole, 2, whole.length);
        Packets.put16(whole, 6, 0);
        Packets.fixHeader(whole);
        return whole;
    }
}
