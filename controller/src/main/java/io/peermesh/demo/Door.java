package io.peermesh.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/**
 * A TCP port on the loopback address of the real machine that leads into a {@link Machine}. Each
 * connection is carried by a process inside, which ends with it. Safe from any thread.
 */
public final class Door implements AutoCloseable {
    // Descriptor 4 keeps the input: bash gives commands in the background an empty one.
    private static final String CARRY =
            "exec 3<>/dev/tcp/\"$0\"/\"$1\" 4<&0 || exit 1; cat <&4 >&3 & cat <&3; kill $!";

    private final ServerSocket listener;
    private final Machine machine;
    private final int port;

    private Door(ServerSocket listener, Machine machine, int port) {
        this.listener = listener;
        this.machine = machine;
        this.port = port;
    }

    static Door open(ServerSocket listener, Machine machine, int port) {
        var door = new Door(listener, machine, port);
        Thread.ofVirtual().name("door-" + machine.name()).start(door::acceptAll);
        return door;
    }

    /** The port on the loopback address. */
    public int localPort() {
        return listener.getLocalPort();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new RigException("Closing port " + localPort(), e);
        }
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().name("door-" + machine.name()).start(() -> carry(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void carry(Socket socket) {
        var command = List.of("bash", "-c", CARRY, machine.ipv4(), Integer.toString(port));
        try (socket) {
            Process process = machine.startPiped(command);
            try {
                Thread.ofVirtual().start(() -> inward(socket, process));
                copy(process.getInputStream(), socket.getOutputStream());
            } finally {
                Commands.killTree(process.toHandle());
            }
        } catch (IOException e) {
            return; // one side is gone, and the other sees it by the end of its connection
        }
    }

    private static void inward(Socket socket, Process process) {
        try {
            copy(socket.getInputStream(), process.getOutputStream());
        } catch (IOException e) {
            // As in carry: the end of the process tells the other side.
        }
        Commands.killTree(process.toHandle());
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[16384];
        int length = from.read(buffer);
        while (length > 0) {
            to.write(buffer, 0, length);
            to.flush();
            length = from.read(buffer);
        }
    }
}
