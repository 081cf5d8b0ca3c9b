package io.peermesh.http.server;

import io.peermesh.admin.Actor;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A request, read whole.
 *
 * @param path decoded
 * @param pathParameters what filled the route's {@code {parameters}}
 * @param query the decoded query, the last value of each name
 * @param contentType as sent; empty for none
 * @param host the Host header: how the caller names this controller
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
        String source,
        Actor actor) {
    /** Name of the actor of an open route. */
    public static final String NOBODY = "nobody";

    /** Copies the maps. */
    public Request {
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

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Query and body as parameters. */
    public Parameters parameters() {
        return Parameters.of(query, contentType, body);
    }
}
