package io.peermesh.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.Role;
import io.peermesh.http.TestApi;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page Join a mesh, without a browser. */
class JoinPageTest {
    private static final String PATH = "/setup/join";

    @TempDir Path directory;
    private TestApi first;
    private TestApi further;
    private TestBrowser browser;

    @BeforeEach
    void start() {
        first = new TestApi(directory.resolve("first"));
        further = new TestApi(directory.resolve("further"));
        browser = new TestBrowser(further).loggedIn("admin", TestApi.PASSWORD);
    }

    @AfterEach
    void stop() {
        first.close();
        further.close();
    }

    private TestBrowser.Page join(String source, String token, String address) {
        browser.get(PATH);
        return browser.post(PATH, Map.of("source", source, "token", token, "address", address));
    }

    @Test
    void theSetUpOffersIt() {
        assertThat(browser.get("/setup").html()).contains("href=\"/setup/join\"", "Join a mesh");
        assertThat(browser.get(PATH).html())
                .contains("Address of any controller of the mesh", "Security token");
    }

    @Test
    void joinsAndShowsThePeers() {
        first.withKeyset();

        var answer = join("127.0.0.1:" + first.port(), TestApi.TOKEN, "b.example.net");
        further.awaitJoin();
        String page = browser.get(PATH).html();

        assertThat(answer.location()).isEqualTo(PATH);
        assertThat(page)
                .contains("Joined: this is controller 2, 10.199.0.", "as reachable at b.example")
                .contains("Controller 1", "127.0.0.1", "Go to Runtime Status")
                .contains("data-live=\"/live/joined\"")
                .doesNotContain(
                        "Fetch Keyset",
                        "<form method=\"post\" action=\"/setup/join\"",
                        TestApi.TOKEN);
        assertThat(browser.get("/setup").location()).isEqualTo("/");
    }

    @Test
    void saysWhyItFailedAndKeepsWhatWasTyped() {
        first.withKeyset();

        join("127.0.0.1:" + first.port(), "a wrong token, surely", "");
        further.awaitJoin();
        String wrong = browser.get(PATH).html();
        join("127.0.0.1:" + first.port(), TestApi.TOKEN, "");
        further.awaitJoin();
        String seen = browser.get(PATH).html();
        var malformed = join("<b>", TestApi.TOKEN, "b.example.net");

        assertThat(wrong)
                .contains("The last attempt to join failed. Nothing was stored here.")
                .contains("refused the security token")
                .doesNotContain("surely", "data-live");
        assertThat(seen)
                .contains("it was seen from 127.0.0.1", "<details class=\"more-fields\" open>");
        assertThat(malformed.status()).isEqualTo(422);
        assertThat(malformed.html())
                .contains("Source is invalid", "value=\"&lt;b>\"", "value=\"b.example.net\"")
                .doesNotContain(TestApi.TOKEN);
    }

    @Test
    void showsHowFarItIsAndReloadsWhenItIsOver() throws IOException {
        try (BufferedReader stream = joinAtOneThatNeverAnswersThenGoes()) {
            assertThat(stream.lines().anyMatch(line -> line.contains("data-reload=\"yes\"")))
                    .isTrue();
        }

        assertThat(browser.get(PATH).html()).contains("The last attempt to join failed");
    }

    private BufferedReader joinAtOneThatNeverAnswersThenGoes() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            join("127.0.0.1:" + silent.getLocalPort(), TestApi.TOKEN, "");
            assertThat(browser.get(PATH).html())
                    .contains("Joining at 127.0.0.1", "under way", "data-live=\"/live/join\"")
                    .contains("Take a controller id", "later");
            return new BufferedReader(browser.stream("/live/join"));
        }
    }

    @Test
    void aMemberIsToldSo() {
        further.ready();

        assertThat(browser.get(PATH).html())
                .contains("This controller belongs to a topology", "/overlay/peering");
    }

    @Test
    void onlyAnAdministratorMayJoin() {
        TestBrowser operator = TestBrowser.of(further, Role.OPERATOR);

        assertThat(operator.get(PATH).html())
                .contains("Somebody with the role admin has to join a mesh.")
                .doesNotContain("name=\"source\"");
        assertThat(operator.post(PATH, Map.of("source", "10.0.0.9", "token", "x")).status())
                .isEqualTo(403);
    }
}
