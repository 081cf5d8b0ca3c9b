package io.peermesh.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.admin.Actor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server without any real resource: transport, envelope, limits, restart window. */
class HttpServerTest {
    private static final SSLContext TRUST = TestTls.trustingAll();
    private static final Limits SMALL =
            new Limits(4096, 4096, 16, 8, Duration.ofMillis(700), Duration.ofMillis(1200));
    private static final String CHUNKED =
            "PUT /api/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String END = " HTTP/1.1\r\nHost: x\r\n\r\n";

    @TempDir static Path directory;
    private final AtomicLong nanoTime = new AtomicLong();
    private final RestartWindow window = new RestartWindow(nanoTime::get);
    private final CountDownLatch never = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() {
        server = serve(0);
    }

    private HttpServer serve(int port) {
        Actor actor = new Actor("api", "127.0.0.1");
        var routes =
                new RouteTable()
                        .add("GET", "/api/config", _ -> Answer.ok(Map.of("licensed", true)))
                        .add("PUT", "/api/echo", request -> Answer.ok(request.text()))
                        .add("POST", "/api/echo", request -> Answer.ok(request.text()))
                        .add("GET", "/api/error-key", _ -> Answer.ok(Map.of("error", "x")))
                        .add("GET", "/api/fault", _ -> failing())
                        .add("GET", "/api/hangs", _ -> hanging())
                        .add("GET", "/api/mesh/v1/status", _ -> Answer.ok("mesh"))
                        .add("GET", "/metrics", _ -> Answer.ok("metrics"))
                        .add("GET", "/api/param", request -> parameter(request))
                        .add("PUT", "/api/restart", _ -> restarting());
        Gate gate =
                (credentials, _) ->
                        credentials
                                .basic()
                                .map(basic -> basic.user().equals("throttled"))
                                .map(throttled ->
                                        throttled
                                                ? new Gate.Verdict.Throttled(7)
                                                : new Gate.Verdict.Refused())
                                .orElse(new Gate.Verdict.Admitted(actor));
        return HttpServer.start(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                new InstalledCertificate(
                                directory, List.of("localhost"), Instant.EPOCH, new SecureRandom())
                        ::sslContext,
                SMALL,
                routes,
                gate,
                window,
                new SecureRandom());
    }

    private static Answer failing() {
        throw new IllegalStateException("a secret detail");
    }

    private Answer hanging() {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Answer.ok("late");
    }

    private static Answer parameter(Request request) {
        return Answer.ok(request.parameters().text("name").orElse("-"));
    }

    private Answer restarting() {
        window.restarting("test");
        return Answer.ok("accepted");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawConnection connect() throws IOException {
        return new RawConnection(server.port(), TRUST);
    }

    private RawConnection.Reply ask(String request) throws IOException {
        try (var connection = connect()) {
            return connection.exchange(request).orElseThrow();
        }
    }

    /** A request with a body. */
    private static String request(String method, String path, String type, String body) {
        return String.join(
                "\r\n",
                method + " " + path + " HTTP/1.1",
                "Host: x",
                "Content-Type: " + type,
                "Content-Length: " + body.length(),
                "",
                body);
    }

    private static String authorized(String user) {
        byte[] credential = (user + ":x").getBytes(StandardCharsets.UTF_8);
        return "GET /api/config HTTP/1.1\r\nHost: x\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString(credential)
                + "\r\n\r\n";
    }

    @Test
    void wrapsASuccessInTheEnvelope() throws IOException {
        var reply = ask("GET /api/config" + END);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{\"response\":{\"licensed\":true}}");
        assertThat(reply.header("Content-Type")).contains("application/json");
    }

    @Test
    void servesManyRequestsOnOneConnection() throws IOException {
        try (var connection = connect()) {
            for (int i = 0; i < 20; i++) {
                assertThat(connection.exchange("GET /api/config" + END).orElseThrow().status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void servesATrailingSlashWithoutARedirect() throws IOException {
        assertThat(ask("GET /api/config/" + END).status()).isEqualTo(200);
    }

    @Test
    void neverLetsTheErrorPatternOfTheClientMatchASuccess() throws IOException {
        var reply = ask("GET /api/error-key" + END);

        assertThat(reply.text()).doesNotContainPattern("\\{\"error\".*\\}");
        assertThat(Envelope.JSON.readTree(reply.text()).at("/response/error").asString())
                .isEqualTo("x");
    }

    @Test
    void answersAnUnknownPathInJson() throws IOException {
        var reply = ask("GET /api/nothing" + END);

        assertThat(reply.status()).isEqualTo(404);
        assertIsErrorEnvelope(reply, "APINotFoundError");
    }

    @Test
    void answersAWrongMethodInJsonAndNamesTheRightOnes() throws IOException {
        var reply = ask("PATCH /api/config" + END);

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).contains("GET");
        assertIsErrorEnvelope(reply, "MethodNotAllowedError");
    }

    @Test
    void answersAWrongCredentialInJson() throws IOException {
        var reply = ask(authorized("api"));

        assertThat(reply.status()).isEqualTo(401);
        assertIsErrorEnvelope(reply, "UnauthorizedError");
    }

    @Test
    void saysHowLongAThrottledCallerHasToWait() throws IOException {
        var reply = ask(authorized("throttled"));

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.header("Retry-After")).contains("7");
    }

    @Test
    void answersAFaultWithoutItsDetails() throws IOException {
        var reply = ask("GET /api/fault" + END);

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.text()).doesNotContain("secret");
        assertIsErrorEnvelope(reply, "StandardError");
    }

    @Test
    void answersABodyOfUnknownTypeWith415() throws IOException {
        var reply = ask(request("GET", "/api/param", "text/xml", "<a/>"));

        assertThat(reply.status()).isEqualTo(415);
        assertIsErrorEnvelope(reply, "UnsupportedMediaTypeError");
    }

    @Test
    void answersMalformedJsonWith400() throws IOException {
        var reply = ask(request("GET", "/api/param", "application/json", "{\"a\":"));

        assertThat(reply.status()).isEqualTo(400);
        assertIsErrorEnvelope(reply, "APIArgumentError");
    }

    @Test
    void readsParametersFromTheBodyOfAGet() throws IOException {
        String form = "application/x-www-form-urlencoded"; // what curl -d says

        var reply = ask(request("GET", "/api/param", form, "{\"name\":\"a b\"}"));

        assertThat(reply.text()).isEqualTo("{\"response\":\"a b\"}");
    }

    @Test
    void readsParametersFromTheQuery() throws IOException {
        assertThat(ask("GET /api/param?name=a%20b&other=1" + END).text())
                .isEqualTo("{\"response\":\"a b\"}");
    }

    @Test
    void takesAnEmptyBodyWithAJsonType() throws IOException {
        var reply = ask(request("POST", "/api/echo", "application/json", ""));

        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void takesAChunkedBody() throws IOException {
        var reply = ask(CHUNKED + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");

        assertThat(reply.text()).isEqualTo("{\"response\":\"abcde\"}");
    }

    @Test
    void refusesABodyOverTheLimit() throws IOException {
        var reply = ask(request("PUT", "/api/echo", "text/plain", "x".repeat(4097)));

        assertThat(reply.status()).isEqualTo(413);
        assertIsErrorEnvelope(reply, "PayloadTooLargeError");
    }

    @Test
    void refusesAChunkedBodyOverTheLimit() throws IOException {
        var reply = ask(CHUNKED + ("400\r\n" + "x".repeat(0x400) + "\r\n").repeat(5));

        assertThat(reply.status()).isEqualTo(413);
        assertIsErrorEnvelope(reply, "PayloadTooLargeError");
    }

    @Test
    void refusesHeadersOverTheLimitInJson() throws IOException {
        var reply = ask("GET /api/config HTTP/1.1\r\nHost: x\r\nA: " + "x".repeat(5000) + END);

        assertThat(reply.status()).isBetween(400, 431);
        assertIsErrorEnvelope(reply, "APIBadRequestError");
    }

    @Test
    void answersMalformedHttpInJson() throws IOException {
        for (String bad :
                List.of(
                        "GET /api/config HTTP/1.1\r\nno colon here\r\n\r\n",
                        "GET /api/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                        "GET /api/config HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n")) {
            var reply = ask(bad);

            assertThat(reply.status()).as(bad).isEqualTo(400);
            assertIsErrorEnvelope(reply, "APIBadRequestError");
        }
    }

    @Test
    void closesAConnectionThatDoesNotSpeakHttp() throws IOException {
        try (var connection = connect()) {
            assertThat(connection.exchange("GET /api/config\r\n\r\n")).isEmpty();
        }
    }

    @Test
    void closesAConnectionThatStaysSilent() throws IOException {
        try (var connection = connect()) {
            assertThat(connection.ended()).isTrue();
        }
    }

    @Test
    void cutsARequestThatDripsInSlowly() throws IOException {
        try (var connection = connect()) {
            connection.send("GET /api/config HTTP/1.1\r\n");

            assertThat(connection.ended()).isTrue();
        }
    }

    @Test
    void cutsAHandlerThatHangs() throws IOException {
        try (var connection = connect()) {
            connection.send("GET /api/hangs" + END);

            assertThat(connection.read()).isEmpty();
        }
    }

    @Test
    void closesAConnectionThatNeverStartsTls() throws IOException {
        try (var plain = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            plain.setSoTimeout(20_000);

            assertThat(plain.getInputStream().read()).isNegative();
        }
    }

    @Test
    void speaksTls12And13AndNothingOlder() throws IOException {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (var socket =
                    (SSLSocket) TRUST.getSocketFactory().createSocket("127.0.0.1", server.port())) {
                socket.setEnabledProtocols(new String[] {version});
                socket.startHandshake();

                assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            }
        }
    }

    @Test
    void answersTheRequestThatStartsARestartWindow() throws IOException {
        assertThat(ask(request("PUT", "/api/restart", "application/json", "{}")).status())
                .isEqualTo(200);
    }

    @Test
    void dropsRequestsInTheRestartWindowOnOldAndNewConnections() throws IOException {
        try (var old = connect();
                var fresh = connect()) {
            old.exchange(request("PUT", "/api/restart", "application/json", "{}"));

            assertThat(old.exchange("GET /api/config" + END)).isEmpty();
            assertThat(fresh.exchange(request("PUT", "/api/echo", "text/plain", "body"))).isEmpty();
        }
    }

    @Test
    void dropsUnknownPathsInTheRestartWindowToo() throws IOException {
        window.restarting("test");

        try (var connection = connect()) {
            assertThat(connection.exchange("GET /api/nothing" + END)).isEmpty();
        }
    }

    @Test
    void keepsOwnApiAndMetricsUpInTheRestartWindow() throws IOException {
        window.restarting("test");

        assertThat(ask("GET /api/mesh/v1/status" + END).status()).isEqualTo(200);
        assertThat(ask("GET /metrics" + END).status()).isEqualTo(200);
    }

    @Test
    void answersAgainAfterTheRestartWindow() throws IOException {
        window.restarting("test");

        nanoTime.addAndGet(RestartWindow.LENGTH.toNanos());

        assertThat(ask("GET /api/config" + END).status()).isEqualTo(200);
    }

    @Test
    void saysWhichAddressIsInUse() {
        assertThatThrownBy(() -> serve(server.port()).close())
                .isInstanceOf(HttpServer.ListenException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port())
                .hasMessageContaining("in use");
    }

    private static void assertIsErrorEnvelope(RawConnection.Reply reply, String name) {
        assertThat(reply.header("Content-Type")).contains("application/json");
        var error = Envelope.JSON.readTree(reply.text()).path("error");
        assertThat(error.path("name").asString()).isEqualTo(name);
        assertThat(error.path("log").asString()).matches("[0-9a-f]{10}");
        assertThat(error.path("message").asString()).isNotBlank();
    }
}
