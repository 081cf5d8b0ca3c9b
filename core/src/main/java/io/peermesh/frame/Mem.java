package io.peermesh.frame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Raw access to off-heap memory by address, without allocation and without liveness checks: what
 * the packet path is built of. Addresses come from {@link #allocate}; with assertions enabled each
 * access is checked against the allocated regions, so that the tests catch every stray read.
 *
 * <p>Byte order is stated by each name: network fields are big-endian ({@code Be}), WireGuard's are
 * little-endian ({@code Le}), kernel structures are native ({@code Ne}). Unsigned values are
 * returned widened.
 *
 * <p>Thread-safe in itself; who may touch which region is the caller's rule.
 */
public final class Mem {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final ValueLayout.OfShort S_BE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt I_BE =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong L_BE =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt I_LE =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong L_LE =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort S_NE = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt I_NE = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong L_NE = ValueLayout.JAVA_LONG_UNALIGNED;

    /** Base address to size of every region handed out; filled only when assertions are on. */
    private static final ConcurrentSkipListMap<Long, Long> REGIONS = new ConcurrentSkipListMap<>();

    private Mem() {}

    /** Allocates zeroed memory for the life of the process, aligned to a cache line. */
    public static long allocate(long bytes) {
        return allocate(Arena.global(), bytes);
    }

    /**
     * Allocates zeroed memory that lives as long as {@code arena}; close an arena only when no
     * thread uses its addresses any more.
     */
    public static long allocate(Arena arena, long bytes) {
        long address = arena.allocate(Math.max(bytes, 1), 64).address();
        assert register(address, bytes);
        return address;
    }

    private static boolean register(long address, long bytes) {
        // The memory of a closed arena comes back: what overlaps the new region is gone.
        Map.Entry<Long, Long> before = REGIONS.lowerEntry(address);
        if (before != null && before.getKey() + before.getValue() > address) {
            REGIONS.remove(before.getKey());
        }
        REGIONS.subMap(address, address + Math.max(bytes, 1)).clear();
        REGIONS.put(address, bytes);
        return true;
    }

    private static boolean inBounds(long address, long bytes) {
        Map.Entry<Long, Long> region = REGIONS.floorEntry(address);
        return bytes >= 0
                && region != null
                && address + bytes <= region.getKey() + region.getValue();
    }

    /** One unsigned byte. */
    public static int u8(long address) {
        assert inBounds(address, 1);
        return ALL.get(ValueLayout.JAVA_BYTE, address) & 0xff;
    }

    /** Stores the low 8 bits. */
    public static void put8(long address, int value) {
        assert inBounds(address, 1);
        ALL.set(ValueLayout.JAVA_BYTE, address, (byte) value);
    }

    /** Unsigned 16 bits, big-endian. */
    public static int u16Be(long address) {
        assert inBounds(address, 2);
        return ALL.get(S_BE, address) & 0xffff;
    }

    /** Stores the low 16 bits, big-endian. */
    public static void put16Be(long address, int value) {
        assert inBounds(address, 2);
        ALL.set(S_BE, address, (short) value);
    }

    /** Unsigned 16 bits in the byte order of this machine. */
    public static int u16Ne(long address) {
        assert inBounds(address, 2);
        return ALL.get(S_NE, address) & 0xffff;
    }

    /** Stores the low 16 bits in the byte order of this machine. */
    public static void put16Ne(long address, int value) {
        assert inBounds(address, 2);
        ALL.set(S_NE, address, (short) value);
    }

    /** 32 bits, big-endian. */
    public static int i32Be(long address) {
        assert inBounds(address, 4);
        return ALL.get(I_BE, address);
    }

    /** Stores 32 bits, big-endian. */
    public static void put32Be(long address, int value) {
        assert inBounds(address, 4);
        ALL.set(I_BE, address, value);
    }

    /** 32 bits, little-endian. */
    public static int i32Le(long address) {
        assert inBounds(address, 4);
        return ALL.get(I_LE, address);
    }

    /** Stores 32 bits, little-endian. */
    public static void put32Le(long address, int value) {
        assert inBounds(address, 4);
        ALL.set(I_LE, address, value);
    }

    /** 32 bits in the byte order of this machine. */
    public static int i32Ne(long address) {
        assert inBounds(address, 4);
        return ALL.get(I_NE, address);
    }

    /** Stores 32 bits in the byte order of this machine. */
    public static void put32Ne(long address, int value) {
        assert inBounds(address, 4);
        ALL.set(I_NE, address, value);
    }

    /** 64 bits, big-endian. */
    public static long i64Be(long address) {
        assert inBounds(address, 8);
        return ALL.get(L_BE, address);
    }

    /** Stores 64 bits, big-endian. */
    public static void put64Be(long address, long value) {
        assert inBounds(address, 8);
        ALL.set(L_BE, address, value);
    }

    /** 64 bits, little-endian. */
    public static long i64Le(long address) {
        assert inBounds(address, 8);
        return ALL.get(L_LE, address);
    }

    /** Stores 64 bits, little-endian. */
    public static void put64Le(long address, long value) {
        assert inBounds(address, 8);
        ALL.set(L_LE, address, value);
    }

    /** 64 bits in the byte order of this machine. */
    public static long i64Ne(long address) {
        assert inBounds(address, 8);
        return ALL.get(L_NE, address);
    }

    /** Stores 64 bits in the byte order of this machine. */
    public static void put64Ne(long address, long value) {
        assert inBounds(address, 8);
        ALL.set(L_NE, address, value);
    }

    /** Copies between two addresses; the ranges may overlap. */
    public static void copy(long from, long to, long bytes) {
        assert inBounds(from, bytes) && inBounds(to, bytes);
        MemorySegment.copy(ALL, from, ALL, to, bytes);
    }

    /** Copies from the heap. */
    public static void copy(byte[] from, int offset, long to, int bytes) {
        assert inBounds(to, bytes);
        MemorySegment.copy(from, offset, ALL, ValueLayout.JAVA_BYTE, to, bytes);
    }

    /** Copies to the heap. */
    public static void copy(long from, byte[] to, int offset, int bytes) {
        assert inBounds(from, bytes);
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, from, to, offset, bytes);
    }

    /** A heap copy of {@code bytes} bytes; for the rare path only. */
    public static byte[] toBytes(long from, int bytes) {
        byte[] copy = new byte[bytes];
        copy(from, copy, 0, bytes);
        return copy;
    }

    /** Sets every byte to zero. */
    public static void zero(long address, long bytes) {
        assert inBounds(address, bytes);
        ALL.asSlice(address, bytes).fill((byte) 0);
    }
}
