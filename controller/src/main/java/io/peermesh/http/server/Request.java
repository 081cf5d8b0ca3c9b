package io.peermesh.http.server;

import io.peermesh.admin.Actor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request, read whole.
 *
 * @param path decoded
 * @param pathParameters what filled the route's {@code {parameters}}
 * @param query the decoded query, the last value of each name
 * @param contentType as sent; empty for none
 * @param host the Host header: how the caller names this controller
 * @param headers those of {@link #KEPT_HEADERS} that were sent, by their lower-case names
 * @param source address of the other end
 * @param actor who asks; {@link #NOBODY} on open routes
 */
public record Request(
        String method,
        String path,
        Map<String, String> pathParameters,
        Map<String, String> query,
        String contentType,
        byte[] body,
        String host,
        Map<String, String> headers,
        String source,
        Actor actor) {
    /** Name of the actor of an open route. */
    public static final String NOBODY = "nobody";

    /** Headers that handlers may look at, besides content type and host. */
    public static final List<String> KEPT_HEADERS =
            List.of("accept-encoding", "cookie", "hx-request", "origin", "sec-fetch-site");

    /** Copies the maps. */
    public Request {
        headers = Map.copyOf(headers);
        pathParameters = Map.copyOf(pathParameters);
        query = Map.copyOf(query);
    }

    /** A parameter of the path; asking for one that the route does not have is a bug. */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalStateException("no {" + name + "} in " + path);
        }
        return value;
    }

    /** A header of {@link #KEPT_HEADERS}. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Query and body as parameters. */
    public Parameters parameters() {
        return Parameters.of(query, contentType, body);
    }
}
