package io.peermesh.http.server;

import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** The HTTPS listener. Started when constructed. */
public final class HttpServer implements AutoCloseable {
    private static final Duration SHUTDOWN_GRACE = Duration.ofMillis(200);
    private static final int MAX_REQUEST_LINE_BYTES = 8192;

    private final WebServer server;
    private final Deadlines deadlines;

    private HttpServer(WebServer server, Deadlines deadlines) {
        this.server = server;
        this.deadlines = deadlines;
    }

    /**
     * Binds and serves.
     *
     * @param address port 0 for any free one
     * @param tls asked for each connection
     * @throws ListenException when the address cannot be bound
     */
    public static HttpServer start(
            InetSocketAddress address,
            Supplier<SSLContext> tls,
            Limits limits,
            RouteTable routes,
            Gate gate,
            RestartWindow restartWindow,
            SecureRandom random) {
        var failureLog = new FailureLog(random);
        var deadlines = new Deadlines(limits.request());
        var gateway =
                new Gateway(routes, gate, restartWindow, failureLog, deadlines, limits.bodyBytes());
        WebServer server =
                WebServer.builder()
                        .shutdownHook(false)
                        .useNio(false) // ListenerTls guards the other kind
                        .address(address.getAddress())
                        .port(address.getPort())
                        .tls(
                                Tls.builder()
                                        .sslContext(
                                                new ListenerTls(
                                                        tls, limits.read(), deadlines::started))
                                        .build())
                        .maxPayloadSize(limits.bodyBytes())
                        .maxTcpConnections(limits.connections())
                        .maxConcurrentRequests(limits.concurrentRequests())
                        .idleConnectionTimeout(limits.read())
                        .idleConnectionPeriod(limits.read().dividedBy(4))
                        .shutdownGracePeriod(SHUTDOWN_GRACE)
                        .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                        .addProtocol(
                                Http1Config.builder()
                                        .maxPrologueLength(MAX_REQUEST_LINE_BYTES)
                                        .maxHeadersSize(limits.headerBytes())
                                        .addReceiveListener(deadlines)
                                        .build())
                        .directHandlers(envelopes(failureLog, deadlines))
                        .routing(routing -> routing.any(gateway))
                        .build();
        server.start();
        if (!server.isRunning()) {
            deadlines.close();
            throw new ListenException(address, bindProblem(address));
        }
        return new HttpServer(server, deadlines);
    }

    /** Helidon logs why it could not listen, and does not tell; so the attempt is repeated. */
    private static String bindProblem(InetSocketAddress address) {
        try (var socket = new ServerSocket()) {
            socket.bind(address);
            return "unknown cause; the log has it";
        } catch (BindException e) {
            return e.getMessage() + "; does another controller or service run there?";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The port, also when 0 was asked for. */
    public int port() {
        return server.port();
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        server.stop();
        deadlines.close();
    }

    /** What the server itself refuses gets the same envelope as everything else. */
    private static DirectHandlers envelopes(FailureLog failureLog, Deadlines deadlines) {
        DirectHandler handler =
                (request, type, status, headers, message) -> {
                    deadlines.finished();
                    var failure = failureOf(type, status, message);
                    byte[] entity =
                            failureLog.envelope(
                                    "malformed or refused request for '"
                                            + printable(request.path())
                                            + "'",
                                    failure);
                    return DirectHandler.TransportResponse.builder()
                            .status(Status.create(failure.status()))
                            .headers(headers)
                            .header(io.helidon.http.HeaderNames.CONTENT_TYPE, "application/json")
                            .keepAlive(false)
                            .entity(entity)
                            .build();
                };
        var handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, handler);
        }
        return handlers.build();
    }

    private static Answer.Failure failureOf(
            DirectHandler.EventType type, Status status, String message) {
        int code = type == DirectHandler.EventType.PAYLOAD_TOO_LARGE ? 413 : status.code();
        String name =
                switch (code) {
                    case 413 -> "PayloadTooLargeError";
                    case 404 -> "APINotFoundError";
                    case 503 -> "OverloadedError";
                    default -> code >= 500 ? "StandardError" : "APIBadRequestError";
                };
        String text =
                switch (code) {
                    case 413 -> "the request body is too long";
                    case 503 -> "too many requests at a time; try again";
                    case 500 -> "internal error";
                    default ->
                            message == null || message.isBlank()
                                    ? "malformed request (" + status.reasonPhrase() + ")"
                                    : message;
                };
        return (Answer.Failure) Answer.failure(code, name, text);
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** Local address and port could not be bound. */
    public static final class ListenException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private ListenException(InetSocketAddress address, String reason) {
            super("cannot listen on " + text(address) + ": " + reason);
        }

        private static String text(InetSocketAddress address) {
            InetAddress host = address.getAddress();
            String literal = host == null ? address.getHostString() : host.getHostAddress();
            return (literal.indexOf(':') >= 0 ? "[" + literal + "]" : literal)
                    + ":"
                    + address.getPort();
        }
    }
}
