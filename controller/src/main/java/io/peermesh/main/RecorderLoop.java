package io.peermesh.main;

import io.peermesh.admin.MeshRecorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the recorder look at the mesh, again and again, on a thread of its own. */
final class RecorderLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecorderLoop.class);

    private final MeshRecorder recorder;
    private final Thread thread;
    private volatile boolean closed;

    /** Starts. */
    RecorderLoop(MeshRecorder recorder) {
        this.recorder = recorder;
        this.thread = Thread.ofVirtual().name("peermesh-recorder").start(this::run);
    }

    private void run() {
        while (!closed) {
            try {
                recorder.look();
                Thread.sleep(MeshRecorder.PERIOD);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("recording the mesh failed: this is a bug; its history ends here", e);
                return;
            }
        }
    }

    /** Stops, and waits until nothing is written any more. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
