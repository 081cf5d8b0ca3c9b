package io.peermesh.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;

/**
 * A Unix-domain socket on which an agent answers its owner: one line of text in, one line of JSON
 * out. Mode 0600, so that only root (or who runs the agent) can ask. Connections stay open until
 * their other end or the agent closes them: who asked for the end sees it come.
 *
 * <p>One virtual thread accepts, and one serves each connection.
 */
final class ControlSocket implements AutoCloseable {
    /** Connections at once; a further one is closed at once. */
    static final int MAX_CONNECTIONS = 8;

    /** Longest question. */
    static final int MAX_QUESTION_CHARACTERS = 100;

    private final Path path;
    private final ServerSocketChannel server;
    private final UnaryOperator<String> answer;
    private final Semaphore free = new Semaphore(MAX_CONNECTIONS);
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

    private ControlSocket(Path path, ServerSocketChannel server, UnaryOperator<String> answer) {
        this.path = path;
        this.server = server;
        this.answer = answer;
    }

    /** Where the agent of this interface listens. */
    static Path path(Path directory, String name) {
        return directory.resolve("client-" + name + ".sock");
    }

    /**
     * Listens. A socket that a killed agent left behind is replaced.
     *
     * @param answer makes one line of a question, on any thread
     * @throws AgentException when another agent listens there, or the place is not writable
     */
    static ControlSocket open(Path path, UnaryOperator<String> answer) {
        try {
            Files.createDirectories(
                    path.getParent(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            if (Files.exists(path) && isAnswered(path)) {
                throw new AgentException(
                        "an agent of this name runs already: stop it with peermesh client down, or"
                                + " choose another --name");
            }
            Files.deleteIfExists(path);
            var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            var socket = new ControlSocket(path, server, answer);
            Thread.ofVirtual().name("peermesh-agent-accept").start(socket::accept);
            return socket;
        } catch (IOException e) {
            throw new AgentException("cannot listen on " + path + ": " + reason(e));
        }
    }

    /** In words: what the exceptions of files say of themselves is a path. */
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "permission denied; run it with sudo";
            case FileAlreadyExistsException taken ->
                    taken.getFile() + " is no folder; remove it, or give another --run-directory";
            case CharacterCodingException _ -> "it holds no text";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    private static boolean isAnswered(Path path) {
        try (var probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                if (free.tryAcquire()) {
                    connections.add(connection);
                    Thread.ofVirtual().name("peermesh-agent-serve").start(() -> serve(connection));
                } else {
                    connection.close();
                }
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            var reader = reader(connection);
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.length() > MAX_QUESTION_CHARACTERS) {
                    return;
                }
                write(connection, answer.apply(line.strip()));
            }
        } catch (IOException e) {
            // The other end has gone, and so has who would want to know.
        } finally {
            connections.remove(connection);
            free.release();
        }
    }

    /**
     * Asks an agent.
     *
     * @param untilClosed whether to wait until the agent is gone
     * @return its answer, one line of JSON
     * @throws IOException when nobody listens there
     */
    static String ask(Path path, String question, boolean untilClosed) throws IOException {
        try (var connection = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            write(connection, question);
            var reader = reader(connection);
            String line = reader.readLine();
            if (line == null) {
                throw new IOException("it has closed the connection");
            }
            while (untilClosed && reader.readLine() != null) {}
            return line;
        }
    }

    private static BufferedReader reader(SocketChannel connection) {
        return new BufferedReader(
                Channels.newReader(connection, StandardCharsets.UTF_8.newDecoder(), 256));
    }

    private static void write(SocketChannel connection, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            connection.write(bytes);
        }
    }

    /** Closes all connections and removes the socket. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
            server.close();
            for (SocketChannel connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new AgentException("cannot remove " + path + ": " + e.getMessage());
        }
    }
}
