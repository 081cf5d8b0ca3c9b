package io.peermesh.http.server;

import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cuts connections whose request takes too long, whatever holds it up: a client that sends a byte
 * now and then, one that does not read its answer, a handler that hangs. Each connection is a
 * virtual thread, and interrupting one that is blocked in its socket closes the socket.
 */
final class Deadlines implements Http1ConnectionListener, AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final long limitNanos;
    private final Map<Thread, Long> startNanos = new ConcurrentHashMap<>();
    private final Thread watch;

    Deadlines(Duration limit) {
        this.limitNanos = limit.toNanos();
        this.watch = Thread.ofVirtual().name("peermesh-http-deadlines").start(this::watch);
    }

    /** A connection was accepted on the current thread: handshake and first request begin. */
    void started() {
        startNanos.put(Thread.currentThread(), System.nanoTime());
    }

    /** A request line was read. */
    @Override
    public void prologue(ConnectionContext connection, HttpPrologue prologue) {
        started();
    }

    /** The request of the current thread is answered. */
    void finished() {
        startNanos.remove(Thread.currentThread());
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                long now = System.nanoTime();
                startNanos.forEach((thread, start) -> {
                    if (!thread.isAlive()) {
                        startNanos.remove(thread);
                    } else if (now - start > limitNanos) {
                        thread.interrupt();
                    }
                });
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
