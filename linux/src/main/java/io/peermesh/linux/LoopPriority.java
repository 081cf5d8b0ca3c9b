package io.peermesh.linux;

import io.peermesh.linux.Switches.Switch;

/**
 * Lets the threads that carry packets and watch links run before others of the machine: on a busy
 * one a probe that is answered late looks like a dead link. Linux gives each thread a nice value of
 * its own (setpriority(2), section "C library/kernel differences").
 */
public final class LoopPriority {
    /** The nice value of the loops; a service manager's own is 0. */
    public static final int NICE = -10;

    private static final int PRIO_PROCESS = 0;
    private static final int CALLING_THREAD = 0;

    private LoopPriority() {}

    /**
     * Starts a platform thread with a high priority, where that is allowed and not switched off.
     */
    public static Thread start(String name, Switches switches, Runnable loop) {
        return Thread.ofPlatform()
                .name(name)
                .start(() -> {
                    if (switches.allows(Switch.PRIORITY)) {
                        raise();
                    }
                    loop.run();
                });
    }

    /** Raises the calling thread's priority; without the right to it goes on as it is. */
    static void raise() {
        var libc = new Libc();
        if (libc.getpriority(PRIO_PROCESS, CALLING_THREAD) > NICE) {
            set(libc, NICE);
        }
    }

    /** Whether {@link #raise} would do something; the calling thread stays as it is. */
    static boolean isAllowed() {
        var libc = new Libc();
        int before = libc.getpriority(PRIO_PROCESS, CALLING_THREAD);
        if (before <= NICE) {
            return true;
        }
        boolean allowed = set(libc, NICE);
        if (allowed) {
            set(libc, before); // nobody needs a right to be nicer
        }
        return allowed;
    }

    /** The calling thread's nice value. */
    static int nice() {
        return new Libc().getpriority(PRIO_PROCESS, CALLING_THREAD);
    }

    private static boolean set(Libc libc, int nice) {
        return libc.setpriority(PRIO_PROCESS, CALLING_THREAD, nice) == 0;
    }
}
