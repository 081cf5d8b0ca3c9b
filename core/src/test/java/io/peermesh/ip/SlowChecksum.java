package io.peermesh.ip;

/** The obviously right twin of {@link Checksum}: RFC 1071, one word at a time. */
final class SlowChecksum {
    private SlowChecksum() {}

    /** The sum of the bytes from {@code from}; an odd last byte is padded with zero. */
    static int sum(byte[] bytes, int from) {
        int sum = 0;
        for (int i = from; i < bytes.length; i += 2) {
            int low = i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0;
            sum += (bytes[i] & 0xff) << 8 | low;
            if (sum > 0xffff) {
                sum -= 0xffff;
            }
        }
        return sum;
    }

    /** The same after a pseudo-header, with addresses of 4 or 16 bytes. */
    static int sumL4(byte[] packet, int l4Start, int addressStart, int addressBytes, int protocol) {
        int l4Bytes = packet.length - l4Start;
        byte[] all = new byte[2 * addressBytes + 4 + packet.length - l4Start];
        System.arraycopy(packet, addressStart, all, 0, 2 * addressBytes);
        all[2 * addressBytes + 1] = (byte) protocol;
        all[2 * addressBytes + 2] = (byte) (l4Bytes >>> 8);
        all[2 * addressBytes + 3] = (byte) l4Bytes;
        System.arraycopy(packet, l4Start, all, 2 * addressBytes + 4, l4Bytes);
        return sum(all, 0);
    }

    /** Whether two sums are the same number: 0 and 0xffff are both zero. */
    static boolean same(int sum, int other) {
        return sum % 0xffff == other % 0xffff;
    }
}
