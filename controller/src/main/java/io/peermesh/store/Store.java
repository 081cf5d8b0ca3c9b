package io.peermesh.store;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The state on disk. One writer at a time; readers do not wait for it. Safe from any thread. Faults
 * of disk and database are {@link StoreException}s.
 */
public final class Store implements AutoCloseable {
    private static final String FILE = "peermesh.db";

    private final DataDirectory directory;
    private final Db writer;
    private final Db reader;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();

    private Store(DataDirectory directory, Db writer, Db reader) {
        this.directory = directory;
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * Opens or creates the state in a data directory, which only one controller may use at a time.
     */
    public static Store open(Path directory) {
        DataDirectory data = DataDirectory.open(directory);
        try {
            Path file = data.privateFile(FILE);
            Db writer = Db.open(file);
            try {
                Migrations.apply(writer, file);
                return new Store(data, writer, Db.open(file));
            } catch (RuntimeException e) {
                writer.close();
                throw e;
            }
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** Opens existing state from a local shell, while the controller may be running. */
    public static Store openBeside(Path directory) {
        DataDirectory data = DataDirectory.openBeside(directory);
        Path file = data.existingFile(FILE);
        Db writer = Db.open(file);
        try {
            Migrations.requireNewest(writer, file);
            return new Store(data, writer, Db.open(file));
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /** What was found wrong with the data directory and put right, for the operator. */
    public List<String> notices() {
        return directory.notices();
    }

    /** The data directory. */
    public Path directory() {
        return directory.path();
    }

    /** A private file (mode 0600) in the data directory, made empty if it is not there. */
    public Path privateFile(String name) {
        return directory.privateFile(name);
    }

    /** Reads a consistent state. */
    public <T> T read(Function<Transaction, T> work) {
        reading.lock();
        try {
            reader.beginReading();
            T result = work.apply(new Transaction(reader));
            reader.commit();
            return result;
        } catch (RuntimeException e) {
            reader.rollback();
            throw e;
        } finally {
            reading.unlock();
        }
    }

    /** Changes the state: wholly when this returns, not at all when it throws. */
    public void write(Consumer<Transaction> work) {
        write(
                transaction -> {
                    work.accept(transaction);
                    return true;
                },
                _ -> true,
                _ -> {});
    }

    /**
     * Changes the state if the work's result is worth keeping.
     *
     * @param keep whether to commit; what is not kept leaves no trace
     * @param committed told after a commit, before the next change can begin; short and without I/O
     */
    public <T> T write(Function<Transaction, T> work, Predicate<T> keep, Consumer<T> committed) {
        if (writing.isHeldByCurrentThread()) {
            throw new IllegalStateException("a change within a change");
        }
        writing.lock();
        try {
            writer.beginWriting();
            T result = work.apply(new Transaction(writer));
            if (!keep.test(result)) {
                writer.rollback();
                return result;
            }
            writer.commit();
            committed.accept(result);
            return result;
        } catch (RuntimeException e) {
            writer.rollback(); // finds nothing to do when it was the listener that failed
            throw e;
        } finally {
            writing.unlock();
        }
    }

    /** Waits for the work in progress, then closes the files. */
    @Override
    public void close() {
        writing.lock();
        reading.lock();
        try {
            reader.close();
            writer.close();
            directory.close();
        } finally {
            reading.unlock();
            writing.unlock();
        }
    }
}
