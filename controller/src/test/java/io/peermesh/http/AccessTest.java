package io.peermesh.http;

import static io.peermesh.http.TestApi.PASSWORD;
import static io.peermesh.http.TestApi.basic;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in. */
class AccessTest {
    @TempDir Path directory;
    private TestApi api;

    @BeforeEach
    void start() {
        api = new TestApi(directory);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private int with(String header, String value) {
        return api.send("GET", "/api/config", "", "application/json", header, value).status();
    }

    private String token() {
        return api.call("POST", "/api/access/token", "{}").response().path("token").asString();
    }

    private static String basicOf(String text) {
        return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void letsThePasswordIn() {
        assertThat(with("Authorization", basic(PASSWORD))).isEqualTo(200);
    }

    @Test
    void letsATokenIn() {
        assertThat(with("Api-Token", token())).isEqualTo(200);
    }

    @Test
    void letsAGoodTokenInBesideAWrongPassword() {
        String token = token();

        try (var connection = api.connect()) {
            var reply =
                    connection.exchange(
                            String.join(
                                    "\r\n",
                                    "GET /api/config HTTP/1.1",
                                    "Host: x",
                                    "Authorization: " + basic("wrong"),
                                    "api-token: " + token,
                                    "",
                                    ""));

            assertThat(reply.orElseThrow().status()).isEqualTo(200);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesEveryBrokenCredential() {
        for (String value :
                List.of(
                        "Basic",
                        "Basic !!!",
                        "Bearer x",
                        basicOf("api"),
                        basicOf("admin:" + PASSWORD),
                        basicOf("API:" + PASSWORD),
                        basicOf("api:" + PASSWORD + " "),
                        basicOf("x".repeat(5000)))) {
            api.advanceSeconds(3600); // a new try, not a throttled one

            assertThat(with("Authorization", value)).as(value).isEqualTo(401);
        }
    }

    @Test
    void refusesUnknownAndExpiredTokens() {
        String token = token();
        api.advanceSeconds(3601);

        assertThat(with("api-token", token)).isEqualTo(401);
        assertThat(with("api-token", "x")).isEqualTo(401);
    }

    @Test
    void throttlesGuessesAndSaysSo() {
        int status = 401;
        for (int i = 0; i < 100 && status == 401; i++) {
            status = with("Authorization", basic("guess-" + i));
        }

        assertThat(status).isEqualTo(429);
    }

    @Test
    void asksForACredentialOnEveryPathButThoseOfControllersAmongThemselves() {
        for (String path :
                List.of(
                        "/api/config",
                        "/api/clientpack?name=10_199_0_1&fileformat=conf",
                        "/api/mesh/v1/status",
                        "/api/mesh/v1/events",
                        "/api/mesh/v1/join",
                        "/api/mesh/v1/clientpacks/10_199_0_1/qr",
                        "/metrics",
                        "/api/firewall/rules")) {
            var reply = api.send("GET", path, "", "application/json", "X-Nothing", "x");

            assertThat(reply.status()).as(path).isEqualTo(401);
            assertThat(reply.contentType()).as(path).contains("application/json");
        }
        for (String path : List.of("/api/mesh/v1/keyset-exchange", "/api/mesh/v1/join-exchange")) {
            var reply = api.send("POST", path, "junk", "application/json", "X-Nothing", "x");

            assertThat(reply.status()).as(path).isEqualTo(200);
            assertThat(reply.text()).as(path).contains("bad-message");
        }
    }
}
