package io.peermesh.http.server;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.peermesh.admin.Actor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One request's way: read it whole, drop it in the restart window, find the route, check the
 * credential, let the handler answer, send.
 */
final class Gateway implements Handler {
    private static final HeaderName API_TOKEN = HeaderNames.create("api-token");
    private static final String JSON = "application/json";
    private static final byte[] EMPTY = new byte[0];

    private final RouteTable routes;
    private final Gate gate;
    private final RestartWindow restartWindow;
    private final FailureLog failureLog;
    private final Deadlines deadlines;
    private final int bodyBytes;

    Gateway(
            RouteTable routes,
            Gate gate,
            RestartWindow restartWindow,
            FailureLog failureLog,
            Deadlines deadlines,
            int bodyBytes) {
        this.routes = routes;
        this.gate = gate;
        this.restartWindow = restartWindow;
        this.failureLog = failureLog;
        this.deadlines = deadlines;
        this.bodyBytes = bodyBytes;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        try {
            boolean dropped = restartWindow.drops(request.path().path());
            byte[] body = readBody(request);
            if (dropped) {
                // Read first: closing on unread bytes would send a reset instead of an orderly end.
                throw new CloseConnectionException("restart window");
            }
            send(request, response, answer(request, body));
        } finally {
            deadlines.finished();
        }
    }

    private byte[] readBody(ServerRequest request) {
        if (!request.content().hasEntity()) {
            return EMPTY;
        }
        try (InputStream in = request.content().inputStream()) {
            byte[] body = in.readNBytes(bodyBytes + 1);
            if (body.length > bodyBytes) {
                throw RequestException.builder()
                        .type(io.helidon.http.DirectHandler.EventType.PAYLOAD_TOO_LARGE)
                        .status(Status.REQUEST_ENTITY_TOO_LARGE_413)
                        .setKeepAlive(false)
                        .message("request body too long")
                        .build();
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer answer(ServerRequest request, byte[] body) {
        String method = request.prologue().method().text();
        String path = request.path().path();
        return switch (routes.match(method, path)) {
            case RouteTable.Match.Found(Route route, Map<String, String> parameters) ->
                    admit(request, route, parameters, body);
            case RouteTable.Match.OtherMethods(var methods) ->
                    new Answer.Failure(
                            405,
                            "MethodNotAllowedError",
                            method + " is not possible here, only " + String.join(", ", methods),
                            Map.of("Allow", String.join(", ", methods)));
            case RouteTable.Match.Unknown() ->
                    Answer.failure(404, "APINotFoundError", "there is no " + path);
        };
    }

    private Answer admit(
            ServerRequest request, Route route, Map<String, String> pathParameters, byte[] body) {
        String source = source(request);
        if (route.access() == Route.Access.OPEN) {
            var nobody = new Actor(Request.NOBODY, source);
            return run(route, plain(request, pathParameters, body, nobody));
        }
        var credentials =
                Credentials.of(
                        header(request, HeaderNames.AUTHORIZATION), header(request, API_TOKEN));
        return switch (gate.check(credentials, source)) {
            case Gate.Verdict.Admitted(Actor actor) ->
                    run(route, plain(request, pathParameters, body, actor));
            case Gate.Verdict.Refused() ->
                    new Answer.Failure(
                            401,
                            "UnauthorizedError",
                            "wrong or missing credential: send the user api with its password, or"
                                    + " an API token in the header api-token",
                            Map.of("WWW-Authenticate", "Basic realm=\"peermesh\""));
            case Gate.Verdict.Throttled(int seconds) ->
                    new Answer.Failure(
                            429,
                            "ThrottledError",
                            "too many wrong credentials from "
                                    + source
                                    + "; try again in "
                                    + seconds
                                    + " s",
                            Map.of("Retry-After", Integer.toString(seconds)));
        };
    }

    private Answer run(Route route, Request request) {
        try {
            return route.handler().answer(request);
        } catch (BadArgument bad) {
            return Answer.failure(
                    bad.status(),
                    bad.status() == 415 ? "UnsupportedMediaTypeError" : "APIArgumentError",
                    bad.explanation());
        } catch (RuntimeException fault) {
            return new Answer.Fault(fault);
        }
    }

    private Request plain(
            ServerRequest request, Map<String, String> pathParameters, byte[] body, Actor actor) {
        return new Request(
                request.prologue().method().text(),
                request.path().path(),
                pathParameters,
                query(request.query()),
                header(request, HeaderNames.CONTENT_TYPE).orElse(""),
                body,
                header(request, HeaderNames.HOST).orElse(""),
                keptHeaders(request),
                actor.source(),
                actor);
    }

    private static Map<String, String> keptHeaders(ServerRequest request) {
        var values = new LinkedHashMap<String, String>();
        for (String name : Request.KEPT_HEADERS) {
            header(request, HeaderNames.create(name)).ifPresent(value -> values.put(name, value));
        }
        return values;
    }

    private static Map<String, String> query(UriQuery query) {
        var values = new LinkedHashMap<String, String>();
        for (String name : query.names()) {
            values.put(name, query.all(name).getLast());
        }
        return values;
    }

    private static Optional<String> header(ServerRequest request, HeaderName name) {
        return request.headers().contains(name)
                ? Optional.of(request.headers().get(name).get())
                : Optional.empty();
    }

    /** The other end's address without port or zone. */
    private static String source(ServerRequest request) {
        String host =
                request.remotePeer().address() instanceof java.net.InetSocketAddress address
                                && address.getAddress() != null
                        ? address.getAddress().getHostAddress()
                        : request.remotePeer().host();
        int zone = host.indexOf('%');
        return zone < 0 ? host : host.substring(0, zone);
    }

    private void send(ServerRequest request, ServerResponse response, Answer answer) {
        response.status(Status.create(answer.status()));
        response.header("Cache-Control", "no-store");
        response.header("X-Content-Type-Options", "nosniff");
        switch (answer) {
            case Answer.Success(int _, Object content) ->
                    send(request, response, JSON, Envelope.success(content));
            case Answer.Failure failure -> {
                failure.headers().forEach(response::header);
                byte[] body = failureLog.envelope(requestLine(request), failure);
                send(request, response, JSON, body);
            }
            case Answer.Fault(RuntimeException cause) -> {
                byte[] body = failureLog.envelope(requestLine(request), cause);
                send(request, response, JSON, body);
            }
            case Answer.File(String type, String name, byte[] content) -> {
                response.header("Content-Disposition", "attachment; filename=" + name);
                send(request, response, type, content);
            }
            case Answer.Document(String type, byte[] content) ->
                    send(request, response, type, content);
            case Answer.Page(int _, String type, var headers, byte[] content) -> {
                headers.forEach(response::header);
                send(request, response, type, content);
            }
            case Answer.Stream stream -> send(response, stream);
        }
    }

    private static void send(ServerResponse response, Answer.Stream stream) {
        response.header("Content-Type", stream.contentType());
        stream.headers().forEach(response::header);
        try (OutputStream out = response.outputStream()) {
            stream.body().writeTo(out);
        } catch (IOException | UncheckedIOException gone) {
            throw new CloseConnectionException("the reader of a stream is gone", gone);
        }
    }

    private static void send(
            ServerRequest request, ServerResponse response, String type, byte[] body) {
        response.header("Content-Type", type);
        if (request.prologue().method().text().equals("HEAD")) {
            response.send();
        } else {
            response.send(body);
        }
    }

    private static String requestLine(ServerRequest request) {
        return request.prologue().method().text()
                + " "
                + request.prologue().uriPath().rawPath()
                + " from "
                + source(request);
    }
}
