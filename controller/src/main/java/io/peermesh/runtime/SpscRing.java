package io.peermesh.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue between exactly one producing and one consuming thread: no locks, no allocation
 * per element. (Lamport's ring with cached indices, as in the FastForward and LMAX writings.)
 */
public final class SpscRing<T> {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    private final Object[] slots;
    private final int mask;
    private long head; // consumer only
    private long tail; // producer only

    /** A ring of {@code capacity} elements, a power of two. */
    public SpscRing(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two: " + capacity);
        }
        slots = new Object[capacity];
        mask = capacity - 1;
    }

    /** Adds an element; false when the ring is full. Producer only. */
    public boolean offer(T element) {
        int slot = (int) tail & mask;
        if (SLOT.getAcquire(slots, slot) != null) {
            return false;
        }
        SLOT.setRelease(slots, slot, element);
        tail++;
        return true;
    }

    /** Takes the oldest element; null when the ring is empty. Consumer only. */
    @SuppressWarnings("unchecked") // only T is ever stored
    public @Nullable T poll() {
        int slot = (int) head & mask;
        Object element = SLOT.getAcquire(slots, slot);
        if (element == null) {
            return null;
        }
        SLOT.setRelease(slots, slot, null);
        head++;
        return (T) element;
    }

    /** Whether nothing waits. Consumer only. */
    public boolean isEmpty() {
        return SLOT.getAcquire(slots, (int) head & mask) == null;
    }
}
