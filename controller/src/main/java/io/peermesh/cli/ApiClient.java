package io.peermesh.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The REST API as a command sees it: answers are values, everything else ends the command. */
final class ApiClient implements AutoCloseable {
    /** Names are snake_case, as the server writes them. */
    static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration RESTART_PATIENCE = Duration.ofSeconds(30);
    private static final Duration RESTART_POLL = Duration.ofMillis(250);

    private final URI base;
    private final Map<String, String> credentials;
    private final CertificateTrust trust;
    private final HttpClient client;

    /**
     * For one controller.
     *
     * @param credentials the headers that log in
     */
    ApiClient(URI base, Map<String, String> credentials, CertificateTrust trust) {
        this.base = base;
        this.credentials = Map.copyOf(credentials);
        this.trust = trust;
        this.client =
                HttpClient.newBuilder()
                        .sslContext(trust.context())
                        .connectTimeout(CONNECT_TIMEOUT)
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
    }

    JsonNode get(String path) {
        return response("GET", path, null);
    }

    JsonNode put(String path, Map<String, ?> parameters) {
        return response("PUT", path, parameters);
    }

    JsonNode post(String path, Map<String, ?> parameters) {
        return response("POST", path, parameters);
    }

    JsonNode delete(String path) {
        return response("DELETE", path, null);
    }

    /** Reads an answer as one of the API's records. */
    <T> T read(JsonNode response, Class<T> type) {
        try {
            return JSON.treeToValue(response, type);
        } catch (JacksonException e) {
            throw new CommandException(
                    ExitCode.FAILED, base + " answers in a form that this version does not know");
        }
    }

    /** A download. */
    byte[] download(String path) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody(), "application/json").body();
    }

    /** Sends text, such as a license. */
    JsonNode putText(String path, String text) {
        var body = HttpRequest.BodyPublishers.ofString(text);
        return unwrap(send("PUT", path, body, "text/plain").body());
    }

    /**
     * Waits until the part of the API that is compatible with VNS3 answers again: it drops
     * connections for some seconds after a license was accepted and after a keyset was fetched.
     */
    void awaitRestarted() {
        long end = System.nanoTime() + RESTART_PATIENCE.toNanos();
        while (true) {
            try {
                get("/api/config");
                return;
            } catch (CommandException e) {
                if (e.exitCode() != ExitCode.UNREACHABLE || System.nanoTime() >= end) {
                    throw e;
                }
            }
            LockSupport.parkNanos(RESTART_POLL.toNanos());
        }
    }

    private JsonNode response(String method, String path, @Nullable Map<String, ?> parameters) {
        HttpRequest.BodyPublisher body =
                parameters == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofByteArray(
                                JSON.writeValueAsBytes(parameters));
        return unwrap(send(method, path, body, "application/json").body());
    }

    private JsonNode unwrap(byte[] body) {
        try {
            JsonNode response = JSON.readTree(body).get("response");
            if (response != null) {
                return response;
            }
        } catch (JacksonException e) {
            // told below, together with JSON that is not ours
        }
        throw new CommandException(
                ExitCode.FAILED, base + " does not answer like a Peermesh controller");
    }

    private HttpResponse<byte[]> send(
            String method, String path, HttpRequest.BodyPublisher body, String type) {
        var request =
                HttpRequest.newBuilder(base.resolve(path))
                        .timeout(ANSWER_TIMEOUT)
                        .header("Content-Type", type)
                        .method(method, body);
        credentials.forEach(request::header);
        HttpResponse<byte[]> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.UNREACHABLE,
                    trust.refusal().orElseGet(() -> "no answer from " + base + ": " + reason(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.FAILED, "interrupted");
        }
        if (response.statusCode() / 100 != 2) {
            throw failure(response);
        }
        return response;
    }

    private static String reason(IOException e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at.getMessage() != null) {
                return at.getMessage();
            }
        }
        return e instanceof java.net.ConnectException ? "connection refused" : e.toString();
    }

    private CommandException failure(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String message = "HTTP status " + status;
        try {
            message =
                    JSON.readTree(new String(response.body(), StandardCharsets.UTF_8))
                            .at("/error/message")
                            .asString(message);
        } catch (JacksonException e) {
            message = base + " does not answer like a Peermesh controller: " + message;
        }
        return new CommandException(
                status == 401 || status == 429 ? ExitCode.UNAUTHORIZED : ExitCode.FAILED, message);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
