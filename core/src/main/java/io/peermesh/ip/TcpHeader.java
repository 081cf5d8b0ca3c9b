package io.peermesh.ip;

import io.peermesh.frame.Mem;

/**
 * The TCP header (RFC 9293) at an address. Call only on what {@link #isValid} accepted. Allocates
 * nothing.
 *
 * <pre>
 *  0       1       2       3       4       5       6       7
 *  |  source port  |   dest. port  |         sequence number      |    0
 *  |     acknowledgment number     | off,0 | flags |    window     |    8
 *  |    checksum   | urgent pointer|  options (off * 4 - 20 bytes) ...  16
 * </pre>
 */
public final class TcpHeader {
    /** Length without options. */
    public static final int MIN_BYTES = 20;

    /** Where the checksum stands. */
    public static final int CHECKSUM_OFFSET = 16;

    /** No more data from the sender. */
    public static final int FIN = 0x01;

    /** Synchronize sequence numbers. */
    public static final int SYN = 0x02;

    /** Reset the connection. */
    public static final int RST = 0x04;

    /** Push. */
    public static final int PSH = 0x08;

    /** The acknowledgment number is meant. */
    public static final int ACK = 0x10;

    /** The urgent pointer is meant. */
    public static final int URG = 0x20;

    /** ECN echo (RFC 3168). */
    public static final int ECE = 0x40;

    /** Congestion window reduced (RFC 3168). */
    public static final int CWR = 0x80;

    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGMENT = 8;
    private static final int DATA_OFFSET = 12;
    private static final int FLAGS = 13;
    private static final int WINDOW = 14;

    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_MSS = 2;
    private static final int OPTION_MSS_BYTES = 4;

    private TcpHeader() {}

    /** Whether a whole header with its options lies within {@code bytes}. */
    public static boolean isValid(long tcp, int bytes) {
        if (bytes < MIN_BYTES) {
            return false;
        }
        int header = headerBytes(tcp);
        return header >= MIN_BYTES && header <= bytes;
    }

    /** Source port. */
    public static int sourcePort(long tcp) {
        return Mem.u16Be(tcp);
    }

    /** Destination port. */
    public static int destinationPort(long tcp) {
        return Mem.u16Be(tcp + 2);
    }

    /** Sequence number, unsigned 32 bits. */
    public static int sequence(long tcp) {
        return Mem.i32Be(tcp + SEQUENCE);
    }

    /** Sets the sequence number; the checksum is the caller's. */
    public static void sequence(long tcp, int value) {
        Mem.put32Be(tcp + SEQUENCE, value);
    }

    /** Acknowledgment number, unsigned 32 bits. */
    public static int acknowledgment(long tcp) {
        return Mem.i32Be(tcp + ACKNOWLEDGMENT);
    }

    /** Length of the header with options, bytes. */
    public static int headerBytes(long tcp) {
        return (Mem.u8(tcp + DATA_OFFSET) >>> 4) * 4;
    }

    /** The eight flags. */
    public static int flags(long tcp) {
        return Mem.u8(tcp + FLAGS);
    }

    /** Sets the eight flags; the checksum is the caller's. */
    public static void flags(long tcp, int flags) {
        Mem.put8(tcp + FLAGS, flags);
    }

    /** The window as it stands, not scaled. */
    public static int window(long tcp) {
        return Mem.u16Be(tcp + WINDOW);
    }

    /** The checksum as it stands. */
    public static int checksum(long tcp) {
        return Mem.u16Be(tcp + CHECKSUM_OFFSET);
    }

    /** Sets the checksum, or the pseudo-header's sum where the rest is left to others. */
    public static void checksum(long tcp, int value) {
        Mem.put16Be(tcp + CHECKSUM_OFFSET, value);
    }

    /**
     * Lowers the maximum segment size that a SYN announces, so that segments fit through a tunnel
     * (RFC 879, RFC 4459 §3.2). Everything but a SYN with a larger MSS stays as it is.
     *
     * @param bytes length of the TCP header and data
     * @param maxMss the largest segment that may be announced
     * @param unfinished whether the checksum field holds only the pseudo-header's sum, which the
     *     option does not enter
     * @return whether anything was changed
     */
    public static boolean clampMss(long tcp, int bytes, int maxMss, boolean unfinished) {
        if (!isValid(tcp, bytes) || (flags(tcp) & SYN) == 0) {
            return false;
        }
        long option = findMss(tcp);
        if (option == 0 || Mem.u16Be(option + 2) <= maxMss) {
            return false;
        }
        int before = Mem.u16Be(option + 2);
        Mem.put16Be(option + 2, maxMss);
        if (!unfinished) {
            // An option may begin at an odd offset: then its bytes belong to two words, and
            // exchanging the bytes of both values gives the same difference (RFC 1071 §2.B).
            boolean odd = ((option - tcp) & 1) != 0;
            int from = odd ? swap(before) : before;
            int to = odd ? swap(maxMss) : maxMss;
            checksum(tcp, Checksum.update(checksum(tcp), from, to));
        }
        return true;
    }

    /** The address of the MSS option; 0 when there is none or the options are malformed. */
    private static long findMss(long tcp) {
        long end = tcp + headerBytes(tcp);
        long at = tcp + MIN_BYTES;
        while (at < end) {
            int kind = Mem.u8(at);
            if (kind == OPTION_END) {
                return 0;
            }
            if (kind == OPTION_NOP) {
                at++;
                continue;
            }
            if (end - at < 2) {
                return 0;
            }
            int length = Mem.u8(at + 1);
            if (length < 2 || length > end - at) {
                return 0;
            }
            if (kind == OPTION_MSS) {
                return length == OPTION_MSS_BYTES ? at : 0;
            }
            at += length;
        }
        return 0;
    }

    private static int swap(int word) {
        return (word & 0xff) << 8 | word >>> 8;
    }
}
