package io.peermesh.forward;

import io.peermesh.frame.Mem;

/**
 * The {@code virtio_net_hdr} in front of each packet of a TUN (Linux, {@code
 * include/uapi/linux/virtio_net.h}; native byte order; drawn at {@link io.peermesh.port.Tun}).
 */
final class VirtioHeader {
    static final int BYTES = 10;

    /** The checksum field holds only the pseudo-header's sum. */
    static final int NEEDS_CSUM = 1;

    static final int GSO_NONE = 0;
    static final int GSO_TCPV4 = 1;
    static final int GSO_TCPV6 = 4;
    static final int GSO_UDP_L4 = 5;

    /** Added to a TCP type when the first segment says "congestion window reduced". */
    static final int GSO_ECN = 0x80;

    private VirtioHeader() {}

    static boolean needsChecksum(long header) {
        return (Mem.u8(header) & NEEDS_CSUM) != 0;
    }

    /** The type without its ECN bit. */
    static int gsoType(long header) {
        return Mem.u8(header + 1) & ~GSO_ECN;
    }

    static int gsoSize(long header) {
        return Mem.u16Ne(header + 4);
    }

    static int checksumStart(long header) {
        return Mem.u16Ne(header + 6);
    }

    static int checksumOffset(long header) {
        return Mem.u16Ne(header + 8);
    }

    /** For a packet that is what it is. */
    static void writePlain(long header) {
        Mem.put64Ne(header, 0);
        Mem.put16Ne(header + 8, 0);
    }

    /** For a packet whose checksum the kernel fills in. */
    static void writeUnfilled(long header, int checksumStart, int checksumOffset) {
        Mem.put32Ne(header, 0);
        Mem.put16Ne(header + 4, 0);
        Mem.put8(header, NEEDS_CSUM);
        Mem.put16Ne(header + 6, checksumStart);
        Mem.put16Ne(header + 8, checksumOffset);
    }

    /** Adds to {@link #writeUnfilled} that the kernel shall treat it as many packets. */
    static void addSegmentation(long header, int gsoType, int headerBytes, int gsoSize) {
        Mem.put8(header + 1, gsoType);
        Mem.put16Ne(header + 2, headerBytes);
        Mem.put16Ne(header + 4, gsoSize);
    }
}
