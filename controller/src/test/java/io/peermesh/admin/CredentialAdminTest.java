package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialAdminTest {
    private static final String SOURCE = "198.51.100.7";
    private static final Login REFUSED = new Login.Refused();

    @TempDir Path directory;
    private TestController controller;
    private CredentialAdmin credentials;
    private TokenAdmin tokens;

    @BeforeEach
    void start() {
        controller = new TestController(directory);
        credentials = controller.admin.credentials();
        tokens = controller.admin.tokens();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void generatesOnePasswordForBothUsersAndShowsItOnce() {
        String password = done(credentials.prepareFirstStart(Optional.empty())).orElseThrow();

        assertThat(password).hasSize(20);
        assertThat(credentials.loginApi("api", password, SOURCE))
                .isEqualTo(new Login.Granted(new Actor("api", SOURCE)));
        assertThat(credentials.loginUi("admin", password, SOURCE))
                .isInstanceOf(Login.Granted.class);
        assertThat(done(credentials.prepareFirstStart(Optional.empty()))).isEmpty();
    }

    @Test
    void takesAPresetPassword() {
        assertThat(done(credentials.prepareFirstStart(Optional.of("preset-password")))).isEmpty();

        assertThat(credentials.loginApi("api", "preset-password", SOURCE))
                .isInstanceOf(Login.Granted.class);
        assertThat(done(credentials.prepareFirstStart(Optional.of("other-password")))).isEmpty();
        assertThat(credentials.loginApi("api", "other-password", SOURCE)).isEqualTo(REFUSED);
    }

    @Test
    void refusesAPresetPasswordThatIsTooShort() {
        assertThat(refused(credentials.prepareFirstStart(Optional.of("short"))).message())
                .startsWith("password is invalid: it must have 8 to 256 characters");
    }

    @Test
    void nobodyLogsInBeforeThereIsAPassword() {
        assertThat(credentials.loginApi("api", "", SOURCE)).isEqualTo(REFUSED);
        assertThat(credentials.loginUi("admin", "", SOURCE)).isEqualTo(REFUSED);
    }

    @Test
    void refusesWrongUsersAndWrongPasswords() {
        preset();

        assertThat(credentials.loginApi("api", "preset-passworD", SOURCE)).isEqualTo(REFUSED);
        assertThat(credentials.loginApi("admin", "preset-password", SOURCE)).isEqualTo(REFUSED);
        assertThat(credentials.loginUi("api", "preset-password", SOURCE)).isEqualTo(REFUSED);
        assertThat(credentials.loginApi("api", "x".repeat(100_000), SOURCE)).isEqualTo(REFUSED);
    }

    @Test
    void aNewApiPasswordIsValidAtOnceAndLeavesTheUiAlone() {
        preset();
        credentials.loginApi("api", "preset-password", SOURCE);

        done(credentials.changeApiPassword(ACTOR, "another-password"));

        assertThat(credentials.loginApi("api", "preset-password", SOURCE)).isEqualTo(REFUSED);
        assertThat(credentials.loginApi("api", "another-password", SOURCE))
                .isInstanceOf(Login.Granted.class);
        assertThat(credentials.loginUi("admin", "preset-password", SOURCE))
                .isInstanceOf(Login.Granted.class);
        assertThat(controller.events()).contains("password_changed");
    }

    @Test
    void aNewUiUserLeavesTheApiAlone() {
        preset();

        UiAccess access =
                done(
                        credentials.changeUi(
                                ACTOR,
                                Optional.empty(),
                                Optional.of("operator"),
                                Optional.of("another-password")));

        assertThat(access).isEqualTo(new UiAccess(true, "operator"));
        assertThat(credentials.loginUi("operator", "another-password", SOURCE))
                .isInstanceOf(Login.Granted.class);
        assertThat(credentials.loginUi("admin", "another-password", SOURCE)).isEqualTo(REFUSED);
        assertThat(credentials.loginApi("api", "preset-password", SOURCE))
                .isInstanceOf(Login.Granted.class);
    }

    @Test
    void nobodyLogsInToAUiThatIsOff() {
        preset();

        done(credentials.changeUi(ACTOR, Optional.of(false), Optional.empty(), Optional.empty()));

        assertThat(credentials.uiAccess().enabled()).isFalse();
        assertThat(credentials.loginUi("admin", "preset-password", SOURCE)).isEqualTo(REFUSED);
    }

    @Test
    void refusesBadUiUsers() {
        preset();
        for (String name : new String[] {"", " ", "a:b", "a\"b", "a\nb", "x".repeat(65)}) {
            assertThat(
                            refused(
                                            credentials.changeUi(
                                                    ACTOR,
                                                    Optional.empty(),
                                                    Optional.of(name),
                                                    Optional.empty()))
                                    .message())
                    .startsWith("admin_username is invalid");
        }
    }

    @Test
    void aLocalShellResetsThePasswordOfARunningController() {
        preset();
        credentials.loginApi("api", "preset-password", SOURCE);
        String fresh;
        try (Store beside = Store.openBeside(directory)) {
            fresh = TestController.shell(beside).credentials().resetLocally();
        }

        assertThat(credentials.loginApi("api", "preset-password", SOURCE)).isEqualTo(REFUSED);
        assertThat(credentials.loginApi("api", fresh, SOURCE)).isInstanceOf(Login.Granted.class);
        assertThat(credentials.loginUi("admin", fresh, SOURCE)).isInstanceOf(Login.Granted.class);
    }

    @Test
    void slowsDownAnAddressThatKeepsFailing() {
        preset();
        for (int i = 0; i < LoginThrottle.FREE_FAILURES + 1; i++) {
            assertThat(credentials.loginApi("api", "wrong-password", SOURCE)).isEqualTo(REFUSED);
        }

        assertThat(credentials.loginApi("api", "preset-password", SOURCE))
                .isEqualTo(new Login.Throttled(1));
        assertThat(credentials.loginApi("api", "preset-password", "203.0.113.1"))
                .isInstanceOf(Login.Granted.class);
        controller.now = controller.now.plusSeconds(1);
        assertThat(credentials.loginApi("api", "preset-password", SOURCE))
                .isInstanceOf(Login.Granted.class);
        assertThat(controller.events()).containsOnlyOnce("login_throttled");
    }

    @Test
    void makesThemWaitLongerEachTimeUpToAMinute() {
        var throttle = new LoginThrottle();
        var waits = new ArrayList<Integer>();
        for (int i = 0; i < 14; i++) {
            throttle.onFailure("s", controller.now);
            waits.add(throttle.waitSeconds("s", controller.now));
        }

        assertThat(waits).containsExactly(0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60);
        assertThat(throttle.waitSeconds("s", controller.now.plusMillis(59_001))).isEqualTo(1);
        assertThat(throttle.waitSeconds("s", controller.now.plusSeconds(60))).isZero();
    }

    @Test
    void forgivesAfterTenMinutesAndAfterASuccess() {
        var throttle = new LoginThrottle();
        for (int i = 0; i < 10; i++) {
            throttle.onFailure("a", controller.now);
            throttle.onFailure("b", controller.now);
        }

        throttle.onSuccess("a");
        throttle.onFailure("a", controller.now);
        throttle.onFailure(
                "b", controller.now.plusSeconds(LoginThrottle.FORGIVEN_AFTER_SECONDS + 1));

        assertThat(throttle.waitSeconds("a", controller.now)).isZero();
        assertThat(
                        throttle.waitSeconds(
                                "b",
                                controller.now.plusSeconds(
                                        LoginThrottle.FORGIVEN_AFTER_SECONDS + 1)))
                .isZero();
    }

    @Test
    void countsTheFailuresOfOneIpv6NetworkTogether() {
        var throttle = new LoginThrottle();
        for (int i = 0; i < 6; i++) {
            throttle.onFailure("2001:db8::" + i, controller.now);
        }

        assertThat(throttle.waitSeconds("2001:db8::ffff", controller.now)).isEqualTo(1);
        assertThat(throttle.waitSeconds("2001:db8:0:1::1", controller.now)).isZero();
    }

    @Test
    void theTableOfFailuresIsBounded() {
        var throttle = new LoginThrottle();
        for (int i = 0; i < LoginThrottle.MAX_SOURCES + 500; i++) {
            throttle.onFailure("source " + i, controller.now);
        }

        assertThat(throttle.size()).isEqualTo(LoginThrottle.MAX_SOURCES);
    }

    @Test
    void aTokenIsShownOnceAndLogsIn() {
        TokenView created = done(tokens.create(ACTOR, "ci", OptionalLong.empty(), false));
        String token = created.token().orElseThrow();

        assertThat(token).matches("[0-9a-f]{64}");
        assertThat(created.expiresAt()).isEqualTo(controller.now.plusSeconds(3600));
        assertThat(created.createdSource()).isEqualTo(SOURCE);
        assertThat(tokens.login(token, SOURCE))
                .isEqualTo(new Login.Granted(new Actor("token:ci", SOURCE)));
        assertThat(tokens.list())
                .singleElement()
                .satisfies(each -> assertThat(each.token()).isEmpty());
        assertThat(done(tokens.find(created.id())).lastUsedAt()).contains(controller.now);
        assertThat(done(tokens.find(created.id())).lastUsedSource()).contains(SOURCE);
        assertThat("" + created).doesNotContain(token);
    }

    @Test
    void refusesTokensThatAreNone() {
        done(tokens.create(ACTOR, "ci", OptionalLong.empty(), false));

        for (String token : new String[] {"", "x", "0".repeat(64), "0".repeat(100_000)}) {
            assertThat(tokens.login(token, SOURCE)).isEqualTo(REFUSED);
        }
    }

    @Test
    void aTokenExpiresUnlessItIsUsedAndRefreshes() {
        String fixed = token(60, false);
        String sliding = token(60, true);
        controller.now = controller.now.plusSeconds(40);
        assertThat(tokens.login(fixed, SOURCE)).isInstanceOf(Login.Granted.class);
        assertThat(tokens.login(sliding, SOURCE)).isInstanceOf(Login.Granted.class);

        controller.now = controller.now.plusSeconds(40);

        assertThat(tokens.login(fixed, SOURCE)).isEqualTo(REFUSED);
        assertThat(tokens.login(sliding, SOURCE)).isInstanceOf(Login.Granted.class);
        controller.now = controller.now.plusSeconds(60);
        assertThat(tokens.login(sliding, SOURCE)).isEqualTo(REFUSED);
        assertThat(done(tokens.find(2)).expired()).isTrue();
    }

    @Test
    void anExpiredOrDeletedTokenIsUselessAtOnce() {
        String one = token(60, true);
        String two = token(60, true);

        assertThat(done(tokens.expire(ACTOR, 1)).expired()).isTrue();
        assertThat(done(tokens.remove(ACTOR, 2))).isEqualTo("Token deleted");

        assertThat(tokens.login(one, SOURCE)).isEqualTo(REFUSED);
        assertThat(tokens.login(two, SOURCE)).isEqualTo(REFUSED);
        assertThat(refused(tokens.find(2)))
                .isEqualTo(
                        new Problem(Problem.Kind.NOT_FOUND, "Requested api token does not exist"));
        assertThat(refused(tokens.remove(ACTOR, 2)).kind()).isEqualTo(Problem.Kind.NOT_FOUND);
        assertThat(refused(tokens.expire(ACTOR, 2)).kind()).isEqualTo(Problem.Kind.NOT_FOUND);
    }

    @Test
    void refusesLifetimesOutOfRange() {
        for (long seconds : new long[] {59, 31_536_001, 0, -1}) {
            assertThat(
                            refused(tokens.create(ACTOR, "ci", OptionalLong.of(seconds), false))
                                    .message())
                    .isEqualTo("expires is invalid: it must be 60 to 31536000 seconds");
        }
    }

    @Test
    void noSecretIsStoredInClear() throws Exception {
        preset();
        String token = token(60, true);
        controller.keyset();
        controller.close();

        var text = new StringBuilder();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }

        assertThat(text.toString()).doesNotContain("preset-password", token, TestController.TOKEN);
        controller.store = Store.open(directory);
    }

    private String token(long seconds, boolean refreshes) {
        return done(tokens.create(ACTOR, "t", OptionalLong.of(seconds), refreshes))
                .token()
                .orElseThrow();
    }

    private void preset() {
        done(credentials.prepareFirstStart(Optional.of("preset-password")));
    }
}
