package io.peermesh.sim;

import io.peermesh.frame.Mem;
import io.peermesh.port.ReceiveBatch;
import java.lang.foreign.Arena;

/** The off-heap memory of a world; everything in it runs in one thread and shares what it can. */
final class SimMemory implements AutoCloseable {
    private static final int SCRATCH_BYTES = 65536 + 64;

    private final Arena arena = Arena.ofConfined();
    private final ReceiveBatch batch = new ReceiveBatch(arena);
    private final long scratch = Mem.allocate(arena, SCRATCH_BYTES);

    /** For memory that lives as long as the world. */
    Arena arena() {
        return arena;
    }

    ReceiveBatch batch() {
        return batch;
    }

    long scratch() {
        return scratch;
    }

    @Override
    public void close() {
        arena.close();
    }
}
