package io.peermesh.linux;

import io.peermesh.frame.Mem;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Waits until one of several descriptors can be read, another thread calls {@link #wake}, or time
 * is up: poll(2) with an eventfd(2) beside the descriptors.
 *
 * <p>Everything but {@link #wake} belongs to one thread. Whoever hands work over does so before
 * {@link #wake}; the loop looks for work after each {@link #poll}. Wake-ups between two polls cost
 * one system call together, and none is lost.
 *
 * <pre>
 *  pollfd   0    4        6
 *           | fd | events | revents |
 * </pre>
 */
public final class LinuxPoller implements AutoCloseable {
    /** The most descriptors that can be watched: sockets of ten controllers, and TUN queues. */
    public static final int CAPACITY = 256;

    private static final int POLLFD_BYTES = 8;
    private static final int POLLIN = 1;
    private static final int EFD_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Libc libc = new Libc();
    private final ThreadLocal<Libc> wakers = ThreadLocal.withInitial(Libc::new);
    private final AtomicBoolean wakePending = new AtomicBoolean();
    private final int eventfd;
    private final long pollfds;
    private final long eventCount;
    private int watched;
    private volatile boolean closed;

    /**
     * Watches nothing yet.
     *
     * @throws OsException when the process has no descriptor left
     */
    public LinuxPoller() {
        eventfd =
                OsException.check(
                        libc.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd", "of the loop");
        // For the life of the process: a late wake() must find its memory.
        pollfds = Mem.allocate(Arena.global(), (CAPACITY + 1L) * POLLFD_BYTES);
        eventCount = Mem.allocate(Arena.global(), 16);
        Mem.put64Ne(eventCount + 8, 1);
        put(0, eventfd);
    }

    private void put(int slot, int fd) {
        Mem.put32Ne(pollfds + (long) slot * POLLFD_BYTES, fd);
        Mem.put16Ne(pollfds + (long) slot * POLLFD_BYTES + 4, POLLIN);
        Mem.put16Ne(pollfds + (long) slot * POLLFD_BYTES + 6, 0);
    }

    /**
     * Adds a descriptor.
     *
     * @return its index for {@link #ready}
     */
    public int watch(int fd) {
        if (watched == CAPACITY) {
            throw new IllegalStateException("more than " + CAPACITY + " descriptors to watch");
        }
        put(1 + watched, fd);
        return watched++;
    }

    /** Forgets all descriptors. */
    public void clear() {
        watched = 0;
    }

    /**
     * Waits.
     *
     * @param timeoutNanos at most how long, rounded up to milliseconds; 0 only looks, negative
     *     waits for ever
     * @return how many descriptors can be read; 0 after a wake-up, a signal or the time
     */
    public int poll(long timeoutNanos) {
        for (int i = 0; i <= watched; i++) {
            Mem.put16Ne(pollfds + (long) i * POLLFD_BYTES + 6, 0);
        }
        int count = libc.poll(pollfds, 1L + watched, millis(timeoutNanos));
        if (count == -Errno.EINTR) {
            return 0;
        }
        OsException.check(count, "poll", "of the loop");
        if (revents(0) == 0) {
            return count;
        }
        // In this order: a waker that comes between the two finds the flag up, does not write, and
        // its work is seen because the loop looks for it after this method.
        long ignored = libc.read(eventfd, eventCount, 8);
        wakePending.set(false);
        return count - 1;
    }

    static int millis(long nanos) {
        if (nanos < 0) {
            return -1;
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(nanos, NANOS_PER_MILLI));
    }

    /**
     * Whether the last {@link #poll} found that descriptor {@code index} can be read, or has an
     * error that reading tells.
     */
    public boolean ready(int index) {
        return revents(1 + index) != 0;
    }

    private int revents(int slot) {
        return Mem.u16Ne(pollfds + (long) slot * POLLFD_BYTES + 6);
    }

    /** Ends the current or the next {@link #poll}. From any thread; cheap when repeated. */
    public void wake() {
        if (!closed && wakePending.compareAndSet(false, true)) {
            long ignored = wakers.get().write(eventfd, eventCount + 8, 8);
        }
    }

    /** Idempotent. Stop the threads that call {@link #wake} first. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            int ignored = libc.close(eventfd);
        }
    }
}
