package io.peermesh.store;

import java.nio.file.Path;

/** The state on disk. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class Store implements AutoCloseable {
    private Store() {}

    /** Opens or creates the state in a data directory. */
    public static Store open(Path directory) {
        throw new UnsupportedOperationException(directory.toString());
    }

    @Override
    public void close() {}
}
