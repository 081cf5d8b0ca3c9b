package io.peermesh.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * A controller's REST API as a script uses it: JSON over HTTPS with the API password, any
 * certificate accepted, as it is a fresh self-signed one. Safe from any thread.
 */
public final class RestApi {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client;
    private final URI base;
    private final String authorization;

    /** The API behind a port of the loopback address. */
    public RestApi(int localPort, String password) {
        this.base = URI.create("https://127.0.0.1:" + localPort);
        byte[] credentials = ("api:" + password).getBytes(StandardCharsets.UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(credentials);
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(LIMIT)
                        .sslContext(trusting())
                        .build();
    }

    /**
     * What the API answered.
     *
     * @param text the body as it came
     */
    public record Answer(int status, String text) {
        /** Whether the status is one of success. */
        public boolean ok() {
            return status / 100 == 2;
        }

        /** The {@code response} of the envelope; a missing node when there is none. */
        public JsonNode response() {
            return json().path("response");
        }

        /** The message of an error; empty when it is none. */
        public String error() {
            return json().path("error").path("message").asString("");
        }

        private JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (JacksonException e) {
                return MissingNode.getInstance();
            }
        }
    }

    /** Asks, at {@code path} below the root, such as {@code /api/config}. */
    public Answer get(String path) {
        return must("GET", path, "application/json", "");
    }

    /** Puts a JSON object. */
    public Answer put(String path, Map<String, ?> body) {
        return must("PUT", path, "application/json", JSON.writeValueAsString(body));
    }

    /** Puts a text, as licenses are uploaded. */
    public Answer putText(String path, String body) {
        return must("PUT", path, "text/plain", body);
    }

    /** Posts a JSON object. */
    public Answer post(String path, Map<String, ?> body) {
        return must("POST", path, "application/json", JSON.writeValueAsString(body));
    }

    /** Deletes. */
    public Answer delete(String path) {
        return must("DELETE", path, "application/json", "");
    }

    /** As {@link #get}, but empty when the controller does not answer, as while it restarts. */
    public Optional<Answer> tryGet(String path) {
        try {
            return Optional.of(send("GET", path, "application/json", ""));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** As {@link #put}, but empty when the controller does not answer. */
    public Optional<Answer> tryPut(String path, Map<String, ?> body) {
        try {
            return Optional.of(
                    send("PUT", path, "application/json", JSON.writeValueAsString(body)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Answer must(String method, String path, String contentType, String body) {
        try {
            return send(method, path, contentType, body);
        } catch (IOException e) {
            throw new RigException(method + " " + path + " has no answer", e);
        }
    }

    private Answer send(String method, String path, String contentType, String body)
            throws IOException {
        var publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve(path))
                        .timeout(LIMIT)
                        .header("Authorization", authorization)
                        .header("Content-Type", contentType)
                        .method(method, publisher)
                        .build();
        try {
            var response = client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RigException(method + " " + path + " was interrupted", e);
        }
    }

    private static SSLContext trusting() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new RigException("Setting up TLS", e);
        }
    }
}
