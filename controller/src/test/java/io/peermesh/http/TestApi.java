package io.peermesh.http;

import io.peermesh.admin.Administration;
import io.peermesh.admin.Machine;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Settings;
import io.peermesh.http.server.HttpServer;
import io.peermesh.http.server.InstalledCertificate;
import io.peermesh.http.server.Limits;
import io.peermesh.http.server.RawConnection;
import io.peermesh.http.server.RestartWindow;
import io.peermesh.http.server.TestTls;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.keyset.ScryptCost;
import io.peermesh.license.LicenseClaims;
import io.peermesh.license.LicenseIssuer;
import io.peermesh.store.Store;
import io.peermesh.web.WebUi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole API over a real administration and a fake mesh, on a free port. */
public final class TestApi implements AutoCloseable {
    /** The API user's password. */
    public static final String PASSWORD = "first-password";

    /** The security token. */
    public static final String TOKEN = "correct horse battery";

    /** What clock and license agree on. */
    public static final Instant START = Instant.parse("2026-03-01T10:20:30Z");

    private static final LicenseIssuer ISSUER = LicenseIssuer.ephemeral(new SecureRandom());
    private static final ScryptCost CHEAP = new ScryptCost(2, 1, 1);
    private static final JsonMapper JSON = JsonMapper.shared();

    /** The data plane. */
    public final FakeMesh mesh = new FakeMesh();

    /** The clock of the restart window. */
    public final AtomicLong windowNanos = new AtomicLong();

    private final AtomicLong nanosPerReading = new AtomicLong();

    /** The use cases. */
    public final Administration administration;

    private final Path directory;
    private final Store store;
    private final HttpsFetchTransport transport = new HttpsFetchTransport();
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final HttpClient client;
    private volatile Instant now = START;

    /** Starts with its state in this directory. */
    public TestApi(Path directory) {
        this.directory = directory;
        var random = new SecureRandom();
        var window = new RestartWindow(() -> windowNanos.addAndGet(nanosPerReading.get()));
        store = Store.open(directory);
        administration =
                new Administration(
                        store,
                        mesh,
                        () -> now,
                        random,
                        new Settings(
                                "127.0.0.1",
                                "",
                                "",
                                "127.0.0.1:51820",
                                "controller",
                                false,
                                CHEAP,
                                CHEAP),
                        window,
                        transport,
                        background,
                        _ -> {});
        done(administration.credentials().prepareFirstStart(Optional.of(PASSWORD)));
        administration.start();
        var identity = new InstalledCertificate(directory, List.of("localhost"), START, random);
        var machine = new Machine(directory);
        server =
                RestApi.start(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                        identity,
                        Limits.USUAL,
                        administration,
                        mesh,
                        window,
                        machine,
                        () -> now,
                        random,
                        List.of(
                                new WebUi(
                                        administration,
                                        mesh,
                                        machine,
                                        identity,
                                        () -> now,
                                        random)));
        client = HttpClient.newBuilder().sslContext(TestTls.trustingAll()).build();
    }

    /** An answer of the API. */
    public record Reply(int status, Optional<String> contentType, String name, byte[] bytes) {
        /** The body. */
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** What is under {@code response}. */
        public JsonNode response() {
            return JSON.readTree(text()).path("response");
        }

        /** The message of a failure. */
        public String message() {
            return JSON.readTree(text()).at("/error/message").asString("");
        }
    }

    /** The port. */
    public int port() {
        return server.port();
    }

    /** Where the state is. */
    public Path directory() {
        return directory;
    }

    /** Moves the clock. */
    public void advanceSeconds(long seconds) {
        now = now.plusSeconds(seconds);
    }

    /** A raw connection. */
    public RawConnection connect() throws IOException {
        return new RawConnection(port(), TestTls.trustingAll());
    }

    /** The header value of the API user. */
    public static String basic(String password) {
        byte[] text = ("api:" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(text);
    }

    /** Without a body, as the API user. */
    public Reply get(String path) {
        return send("GET", path, "", "application/json", "Authorization", basic(PASSWORD));
    }

    /** With a JSON body, as the API user. */
    public Reply call(String method, String path, String body) {
        return send(method, path, body, "application/json", "Authorization", basic(PASSWORD));
    }

    /** With one header more. */
    public Reply send(
            String method, String path, String body, String type, String header, String value) {
        var request =
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port() + path))
                        .header("Content-Type", type)
                        .header(header, value)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            HttpResponse<byte[]> response =
                    client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type"),
                    response.headers().firstValue("Content-Disposition").orElse(""),
                    response.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A license file for 4 controllers and 5 clients in 10.199.0.0/24. */
    public static String license() {
        return license(4, 5);
    }

    /** A license file of the same issuer and topology. */
    public static String license(int controllers, int clients) {
        return ISSUER.issue(
                new LicenseClaims(
                        new UUID(7, 7),
                        "lab",
                        controllers,
                        clients,
                        Prefix.literal("10.199.0.0/24"),
                        START.minusSeconds(60),
                        Optional.empty()));
    }

    /** Uploads a license and accepts the defaults; the restart window is over. */
    public TestApi licensed() {
        expect(
                send(
                        "PUT",
                        "/api/license",
                        license(),
                        "text/plain",
                        "Authorization",
                        basic(PASSWORD)));
        expect(call("PUT", "/api/license/parameters", "{\"default\": true}"));
        endRestart();
        return this;
    }

    /** Licensed, with a keyset. */
    public TestApi withKeyset() {
        licensed();
        expect(call("PUT", "/api/keyset", "{\"token\": \"" + TOKEN + "\"}"));
        awaitKeyset();
        return this;
    }

    /** With a keyset, as controller 1. */
    public TestApi ready() {
        withKeyset();
        expect(call("PUT", "/api/peering/self", "{\"id\": 1, \"force\": true}"));
        return this;
    }

    /** Waits until no attempt is in progress; the restart window is over then. */
    public JsonNode awaitKeyset() {
        long end = System.nanoTime() + 20_000_000_000L;
        while (System.nanoTime() < end) {
            JsonNode keyset = get("/api/mesh/v1/status").response().path("keyset");
            if (!keyset.path("in_progress").asBoolean(true)) {
                endRestart();
                return keyset;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the keyset is still in progress");
    }

    /** Waits until no join is under way. */
    public JsonNode awaitJoin() {
        long end = System.nanoTime() + 60_000_000_000L;
        while (System.nanoTime() < end) {
            JsonNode join = get("/api/mesh/v1/join").response();
            if (!join.path("state").asString("running").equals("running")) {
                return join;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the join is still in progress");
    }

    /** From now on a restart passes by itself, while requests come. */
    public void letRestartsPass() {
        nanosPerReading.set(RestartWindow.LENGTH.toNanos() / 3);
    }

    /** The restart window is over. */
    public void endRestart() {
        windowNanos.addAndGet(RestartWindow.LENGTH.toNanos());
    }

    /** Fails unless it succeeded. */
    public static Reply expect(Reply reply) {
        if (reply.status() / 100 != 2) {
            throw new AssertionError(reply.status() + " " + reply.text());
        }
        return reply;
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.Refused<T>(var problem) -> throw new AssertionError(problem.message());
        };
    }

    /** The overlay address of a client, for a fake status. */
    public static IpAddress overlay(String address) {
        return IpAddress.literal(address);
    }

    @Override
    public void close() {
        server.close();
        background.close();
        transport.close();
        store.close();
    }
}
