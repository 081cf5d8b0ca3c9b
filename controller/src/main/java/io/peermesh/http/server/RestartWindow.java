package io.peermesh.http.server;

import io.peermesh.admin.RestartSignal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seconds in which API clients of VNS3 must not get an answer, because they wait for a restart
 * that Peermesh does not need. Each request that arrives in the window is read and its connection
 * closed; a 503 would not do, the clients do not take it for a restart. Requests that arrived
 * before, such as the one that opened the window, are answered. Safe from any thread.
 */
public final class RestartWindow implements RestartSignal {
    /**
     * The clients probe every 1 or 2 s and must see it, some twice; 3 s suffice when the window
     * starts with the answer, 5 s leave room for a slow machine.
     */
    public static final Duration LENGTH = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(RestartWindow.class);

    private final LongSupplier nanoTime;
    private final AtomicLong openUntilNanos;

    /** A closed window that reads this monotonic clock. */
    public RestartWindow(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.openUntilNanos = new AtomicLong(nanoTime.getAsLong());
    }

    @Override
    public void restarting(String cause) {
        long until = nanoTime.getAsLong() + LENGTH.toNanos();
        openUntilNanos.accumulateAndGet(until, (old, next) -> next - old > 0 ? next : old);
        LOG.info("VNS3 API: connections are dropped for {} s ({})", LENGTH.toSeconds(), cause);
    }

    /** Whether a request for this path that arrives now gets no answer. */
    boolean drops(String path) {
        return isRestartable(path) && nanoTime.getAsLong() - openUntilNanos.get() < 0;
    }

    /** The VNS3-compatible part of the API; everything else goes on. */
    private static boolean isRestartable(String path) {
        return path.startsWith("/api/") && !path.startsWith("/api/mesh/");
    }
}
