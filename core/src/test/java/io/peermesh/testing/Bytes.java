package io.peermesh.testing;

import io.peermesh.frame.Mem;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Bytes of tests: from hex, at random, and off-heap in a region of exactly their length. */
public final class Bytes {
    private Bytes() {}

    /** From hex digits; white space is ignored. */
    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
    }

    /** Random bytes. */
    public static byte[] random(int count, SplittableRandom random) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A copy off-heap, so tight that an access beyond its end trips an assertion. */
    public static long offHeap(byte[] bytes) {
        long address = Mem.allocate(bytes.length);
        Mem.copy(bytes, 0, address, bytes.length);
        return address;
    }
}
