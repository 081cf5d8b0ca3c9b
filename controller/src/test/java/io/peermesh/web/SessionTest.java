package io.peermesh.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.Actor;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Role;
import io.peermesh.http.TestApi;
import io.peermesh.web.session.Session;
import io.peermesh.web.session.Sessions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log-in, sessions, and who may send a form. */
class SessionTest {
    private static final String ADMIN = "admin";
    private static final String OTHER_PASSWORD = "another password";

    private TestApi api;
    private TestBrowser browser;

    @BeforeEach
    void start(@TempDir Path directory) {
        api = new TestApi(directory);
        browser = new TestBrowser(api);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void whoIsNotLoggedInIsLedToTheLogInPageAndBack() {
        var refused = browser.get("/password");
        browser.get(refused.location());

        var entered =
                browser.post(
                        "/login",
                        Map.of("user", ADMIN, "password", TestApi.PASSWORD, "next", "/password"));

        assertThat(refused.status()).isEqualTo(303);
        assertThat(refused.location()).isEqualTo("/login?next=%2Fpassword");
        assertThat(entered.location()).isEqualTo("/password");
    }

    @Test
    void noLinkLeadsFromTheLogInPageToAnotherSite() {
        browser.get("/login");

        var entered =
                browser.post(
                        "/login",
                        Map.of(
                                "user",
                                ADMIN,
                                "password",
                                TestApi.PASSWORD,
                                "next",
                                "//elsewhere.example"));

        assertThat(entered.location()).isEqualTo("/");
    }

    @Test
    void aWrongPasswordIsRefusedWithoutSayingWhatWasWrong() {
        browser.get("/login");

        var wrongPassword = browser.post("/login", Map.of("user", ADMIN, "password", "no"));
        var wrongUser =
                browser.post("/login", Map.of("user", "root", "password", TestApi.PASSWORD));

        assertThat(wrongPassword.status()).isEqualTo(403);
        assertThat(wrongPassword.html()).contains("User or password is wrong.");
        assertThat(wrongUser.html()).contains("User or password is wrong.");
        assertThat(browser.sessionCookie()).isEmpty();
    }

    @Test
    void manyWrongPasswordsAreSlowedDown() {
        browser.get("/login");
        int attempts = 0;
        var answer = browser.post("/login", Map.of("user", ADMIN, "password", "no"));
        while (answer.status() != 429 && attempts < 50) {
            attempts++;
            answer = browser.post("/login", Map.of("user", ADMIN, "password", "no"));
        }

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.html()).contains("Try again in");
    }

    @Test
    void theCookieIsForThisHostOnlyAndHiddenFromScripts() {
        browser.get("/login");

        var answer = browser.post("/login", Map.of("user", ADMIN, "password", TestApi.PASSWORD));

        assertThat(answer.header("Set-Cookie"))
                .startsWith("__Host-peermesh-" + api.port() + "=")
                .endsWith("; Path=/; Secure; HttpOnly; SameSite=Strict");
        assertThat(browser.sessionCookie().orElseThrow()).hasSize(43);
    }

    @Test
    void everyPageForbidsForeignAndInlineContent() {
        var page = browser.loggedIn(ADMIN, TestApi.PASSWORD).get("/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.html()).doesNotContain("style=", "onclick", "<script>");
    }

    @Test
    void aSessionEndsWithoutUse() {
        browser.loggedIn(ADMIN, TestApi.PASSWORD);

        api.advanceSeconds(Sessions.IDLE.toSeconds() - 1);
        int before = browser.get("/").status();
        api.advanceSeconds(Sessions.IDLE.toSeconds());
        int after = browser.get("/").status();

        assertThat(before).isEqualTo(200);
        assertThat(after).isEqualTo(303);
    }

    @Test
    void sessionsAreAsLongAsTheOperatorIsTold() {
        assertThat(Sessions.IDLE).isEqualTo(Duration.ofMinutes(30));
        assertThat(Sessions.LONGEST).isEqualTo(Duration.ofHours(12));
    }

    @Test
    void aSessionEndsInUseToo() {
        browser.loggedIn(ADMIN, TestApi.PASSWORD);
        long steps = Sessions.LONGEST.dividedBy(Sessions.IDLE) * 2;

        int uses = 0;
        while (browser.get("/").status() == 200 && uses <= steps) {
            uses++;
            api.advanceSeconds(Sessions.IDLE.toSeconds() / 2);
        }

        assertThat(uses).isEqualTo((int) steps);
    }

    @Test
    void lookingAtASessionDoesNotKeepItAlive() {
        var sessions = new Sessions(this::clock, new SecureRandom());
        String cookie = sessions.open(ADMIN, "stamp", "127.0.0.1");

        nowSeconds += Sessions.IDLE.toSeconds() - 1;
        Optional<Session> found = sessions.find(cookie);
        nowSeconds += 1;

        assertThat(found).isPresent();
        assertThat(sessions.find(cookie)).isEmpty();
    }

    private long nowSeconds = 1_000_000;

    private java.time.Instant clock() {
        return java.time.Instant.ofEpochSecond(nowSeconds);
    }

    @Test
    void theSessionUsedLeastLatelyMakesRoom() {
        var sessions = new Sessions(this::clock, new SecureRandom());
        String first = sessions.open(ADMIN, "stamp", "127.0.0.1");
        nowSeconds++;
        String second = sessions.open(ADMIN, "stamp", "127.0.0.1");
        nowSeconds++;
        sessions.use(first);
        for (int i = 2; i <= Sessions.MAX_PER_USER; i++) {
            nowSeconds++;
            sessions.open(ADMIN, "stamp", "127.0.0.1");
        }

        assertThat(sessions.find(second)).isEmpty();
        assertThat(sessions.find(first)).isPresent();
        assertThat(sessions.of(ADMIN)).hasSize(Sessions.MAX_PER_USER);
    }

    @Test
    void afterLogOutTheCookieIsWorthNothing() {
        browser.loggedIn(ADMIN, TestApi.PASSWORD).get("/");
        var thief = new TestBrowser(api).loggedIn(ADMIN, TestApi.PASSWORD);

        browser.post("/logout", Map.of());

        assertThat(browser.get("/").status()).isEqualTo(303);
        assertThat(thief.get("/").status()).isEqualTo(200);
    }

    @Test
    void logOutEverywhereEndsTheOtherSessionsToo() {
        browser.loggedIn(ADMIN, TestApi.PASSWORD).get("/");
        var other = new TestBrowser(api).loggedIn(ADMIN, TestApi.PASSWORD);

        browser.post("/logout/everywhere", Map.of());

        assertThat(other.get("/").status()).isEqualTo(303);
    }

    @Test
    void aChangedPasswordEndsAllSessionsButThisOne() {
        browser.loggedIn(ADMIN, TestApi.PASSWORD).get("/password");
        var other = new TestBrowser(api).loggedIn(ADMIN, TestApi.PASSWORD);

        var changed = browser.post("/password", passwords(TestApi.PASSWORD, OTHER_PASSWORD));

        assertThat(changed.location()).isEqualTo("/");
        assertThat(browser.get("/").html()).contains("Your password is changed.");
        assertThat(other.get("/").status()).isEqualTo(303);
        new TestBrowser(api).loggedIn(ADMIN, OTHER_PASSWORD);
    }

    private static Map<String, String> passwords(String present, String fresh) {
        return Map.of("password", present, "new_password", fresh, "repeated_password", fresh);
    }

    @Test
    void aPasswordThatTheApiChangesEndsTheSessionsOfTheUi() {
        browser.loggedIn(ADMIN, TestApi.PASSWORD);

        TestApi.expect(api.call("PUT", "/api/admin_ui", "{\"admin_password\": \"by the API 1\"}"));

        assertThat(browser.get("/").status()).isEqualTo(303);
    }

    @Test
    void aGeneratedPasswordMustBeChangedFirst() {
        Outcome<String> added = api.administration.users().add(Actor.LOCAL, "olga", Role.OPERATOR);
        String generated = ((Outcome.Done<String>) added).value();
        browser.loggedIn("olga", generated);

        var before = browser.get("/");
        var page = browser.get("/password");
        browser.post("/password", passwords(generated, OTHER_PASSWORD));

        assertThat(before.location()).isEqualTo("/password");
        assertThat(page.html()).contains("Choose one of your own");
        assertThat(browser.get("/").status()).isEqualTo(200);
    }

    @Test
    void aFormWithoutItsTokenIsRefused() {
        browser.loggedIn(ADMIN, TestApi.PASSWORD).get("/");

        var without = browser.postExactly("/logout", Map.of(), Map.of());
        var foreign = browser.postExactly("/logout", Map.of("form_token", "x"), Map.of());

        assertThat(without.status()).isEqualTo(403);
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(browser.get("/").status()).isEqualTo(200);
    }

    @Test
    void aFormFromAnotherSiteIsRefusedEvenWithTheToken() {
        browser.loggedIn(ADMIN, TestApi.PASSWORD).get("/");
        Map<String, String> form = Map.of("form_token", browser.formToken());

        var byOrigin =
                browser.postExactly("/logout", form, Map.of("Origin", "https://evil.example"));
        var bySite = browser.postExactly("/logout", form, Map.of("Sec-Fetch-Site", "same-site"));

        assertThat(byOrigin.status()).isEqualTo(403);
        assertThat(bySite.status()).isEqualTo(403);
        assertThat(browser.get("/").status()).isEqualTo(200);
    }

    @Test
    void theLogInFormNeedsItsCookie() {
        var answer =
                browser.postExactly(
                        "/login",
                        Map.of("user", ADMIN, "password", TestApi.PASSWORD, "form_token", "x"),
                        Map.of());

        assertThat(answer.status()).isEqualTo(403);
        assertThat(browser.sessionCookie()).isEmpty();
    }

    @Test
    void namesFullOfMarkupStayText() {
        TestApi.expect(
                api.call(
                        "PUT",
                        "/api/config",
                        "{\"controller_name\": \"<img src=x onerror=alert(1)>\"}"));

        var page = browser.loggedIn(ADMIN, TestApi.PASSWORD).get("/");

        assertThat(page.html())
                .contains("&lt;img src=x onerror=alert(1)&gt;")
                .doesNotContain("<img src=x");
    }
}
