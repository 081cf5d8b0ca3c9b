package io.peermesh.http.server;

import java.time.Duration;

/**
 * What one client, or all of them, may cost the server.
 *
 * @param bodyBytes longest request body; more is answered with 413
 * @param headerBytes all header lines of a request together
 * @param connections open at a time; more wait in the listener's backlog
 * @param concurrentRequests handled at a time; more are answered with 503
 * @param read silence after which a connection is closed, in a request or between two
 * @param request from the request line to the end of the answer; then the connection is cut
 */
public record Limits(
        int bodyBytes,
        int headerBytes,
        int connections,
        int concurrentRequests,
        Duration read,
        Duration request) {
    /** For a controller in use. */
    public static final Limits USUAL =
            new Limits(1 << 20, 16 << 10, 512, 128, Duration.ofSeconds(30), Duration.ofSeconds(60));
}
