package io.peermesh.http.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A TLS connection that sends what the test says, byte for byte. */
public final class RawConnection implements AutoCloseable {
    private static final int GIVE_UP_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    /** Connects to a port of this machine. */
    public RawConnection(int port, SSLContext trust) throws IOException {
        socket = trust.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(GIVE_UP_MILLIS);
        in = socket.getInputStream();
    }

    /** An answer. */
    public record Reply(int status, String head, byte[] body) {
        /** The body as text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The value of a header. */
        public Optional<String> header(String name) {
            return head.lines()
                    .filter(line ->
                            line.toLowerCase(Locale.ROOT)
                                    .startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        }
    }

    /** Sends text as it is. */
    public RawConnection send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return this;
    }

    /** Reads one answer; empty when the connection ends before any byte of it. */
    public Optional<Reply> read() throws IOException {
        Optional<Reply> head = head();
        if (head.isEmpty()) {
            return head;
        }
        int length = head.get().header("Content-Length").map(Integer::parseInt).orElse(0);
        return Optional.of(
                new Reply(head.get().status(), head.get().head(), in.readNBytes(length)));
    }

    /** Reads an answer that has no body. */
    public Reply readHead() throws IOException {
        return head().orElseThrow();
    }

    private Optional<Reply> head() throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return Optional.empty();
            }
            head.write(next);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        return Optional.of(new Reply(Integer.parseInt(text.substring(9, 12)), text, new byte[0]));
    }

    /** Sends a request and reads its answer. */
    public Optional<Reply> exchange(String request) throws IOException {
        return send(request).read();
    }

    /** Waits for the end of the connection. */
    public boolean ended() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
