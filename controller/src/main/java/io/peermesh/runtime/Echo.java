package io.peermesh.runtime;

import io.peermesh.linux.LinuxEcho;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks one address for echoes (ping). One thread's. */
interface Echo extends AutoCloseable {
    /** Asks. */
    void send(int sequence);

    /**
     * Waits for an answer, at most for so long.
     *
     * @return its sequence number, 0..65535; -1 when none came in time
     */
    int receive(int timeoutMillis);

    @Override
    void close();

    /** For a drill that cannot measure: nobody is asked, and time goes by. */
    static Echo none() {
        return new Echo() {
            @Override
            public void send(int sequence) {}

            @Override
            public int receive(int timeoutMillis) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
                return -1;
            }

            @Override
            public void close() {}
        };
    }

    /** The kernel's. */
    static Echo of(LinuxEcho kernel) {
        return new Echo() {
            @Override
            public void send(int sequence) {
                kernel.send(sequence);
            }

            @Override
            public int receive(int timeoutMillis) {
                return kernel.receive(timeoutMillis);
            }

            @Override
            public void close() {
                kernel.close();
            }
        };
    }
}
