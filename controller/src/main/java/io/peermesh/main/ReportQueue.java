package io.peermesh.main;

import io.peermesh.node.Report;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the node's reports from the control loop, which never waits, to the administration, which
 * writes them to disk. A full queue loses the report: it is logged, and what a report of shared
 * state carried comes again with the next exchange between the controllers.
 */
final class ReportQueue implements Consumer<Report>, AutoCloseable {
    /** Reports that may wait for the disk. */
    static final int MAX_REPORTS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(ReportQueue.class);

    private final BlockingQueue<Report> waiting = new ArrayBlockingQueue<>(MAX_REPORTS);
    private final AtomicLong lost = new AtomicLong();
    private volatile boolean closed;
    private volatile Thread worker = Thread.currentThread();

    /** Hands everything, now and later, to {@code sink} on a thread of its own. */
    void start(Consumer<Report> sink) {
        worker = Thread.ofVirtual().name("peermesh-reports").start(() -> run(sink));
    }

    private void run(Consumer<Report> sink) {
        while (!closed) {
            try {
                deliver(sink, waiting.take());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void deliver(Consumer<Report> sink, Report report) {
        try {
            sink.accept(report);
        } catch (RuntimeException e) {
            LOG.error("could not record {}: {}", report, e.toString());
        }
    }

    /** Takes a report without waiting. */
    @Override
    public void accept(Report report) {
        if (!waiting.offer(report) && lost.incrementAndGet() % 1000 == 1) {
            LOG.error("{} reports of the mesh were lost: the disk is too slow", lost.get());
        }
    }

    /** Stops handing reports over. */
    @Override
    public void close() {
        closed = true;
        worker.interrupt();
    }
}
