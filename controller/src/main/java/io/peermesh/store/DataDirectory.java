package io.peermesh.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds a controller's state and keys: mode 0700, its files 0600, and a lock file
 * so that two controllers never share it.
 */
final class DataDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> PRIVATE_DIRECTORY =
            PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> PRIVATE_FILE =
            PosixFilePermissions.fromString("rw-------");

    private final Path directory;
    private final List<String> notices = new ArrayList<>();
    private @Nullable FileChannel lock; // absent for a guest

    private DataDirectory(Path directory) {
        this.directory = directory;
    }

    /** Makes or opens the folder and takes its lock. */
    static DataDirectory open(Path directory) {
        var opened = new DataDirectory(directory);
        try {
            opened.prepare();
            opened.lock = opened.takeLock();
            return opened;
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /** Opens a folder that exists, beside the controller that may be using it. */
    static DataDirectory openBeside(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new StoreException(
                    directory + " is not a data directory: there is no such folder");
        }
        return new DataDirectory(directory);
    }

    private void prepare() throws IOException {
        if (Files.notExists(directory)) {
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PRIVATE_DIRECTORY));
        }
        tighten(directory, PRIVATE_DIRECTORY);
        if (!Files.isWritable(directory)) {
            throw new IOException("not writable");
        }
    }

    /** Makes the file, or checks its mode; answers its path. */
    Path privateFile(String name) {
        Path file = directory.resolve(name);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PRIVATE_FILE));
        } catch (FileAlreadyExistsException e) {
            tightenExisting(file);
        } catch (IOException e) {
            throw unusable(file, e);
        }
        return file;
    }

    /** The path of a file that must exist. */
    Path existingFile(String name) {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new StoreException(directory + " holds no controller's state: no file " + name);
        }
        return file;
    }

    private void tightenExisting(Path file) {
        try {
            tighten(file, PRIVATE_FILE);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private void tighten(Path path, Set<PosixFilePermission> allowed) throws IOException {
        Set<PosixFilePermission> mode =
                Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        if (!allowed.containsAll(mode)) {
            Files.setPosixFilePermissions(path, allowed);
            notices.add(
                    path
                            + " was open to other users ("
                            + PosixFilePermissions.toString(mode)
                            + "); its mode is now "
                            + PosixFilePermissions.toString(allowed)
                            + ". It holds keys: consider who may have read it");
        }
    }

    private FileChannel takeLock() throws IOException {
        FileChannel channel = FileChannel.open(privateFile("lock"), StandardOpenOption.WRITE);
        FileLock taken = null;
        try {
            taken = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // held by this very process: reported below like any other holder
        }
        if (taken == null) {
            channel.close();
            throw new StoreException(
                    "the data directory "
                            + directory
                            + " is in use by another controller; stop that one, or give this one its own");
        }
        return channel;
    }

    /** What was found wrong and put right, for the operator. */
    List<String> notices() {
        return List.copyOf(notices);
    }

    Path path() {
        return directory;
    }

    @Override
    public void close() {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StoreException unusable(Path path, IOException e) {
        return new StoreException(
                "cannot use "
                        + path
                        + " for the controller's state: "
                        + e.getClass().getSimpleName()
                        + " ("
                        + e.getMessage()
                        + "); check that the folder exists, is writable and has space",
                e);
    }
}
