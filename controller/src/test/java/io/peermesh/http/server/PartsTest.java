package io.peermesh.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's parts by themselves: route table, parameters, credentials, certificate. */
class PartsTest {
    private static final Route.Handler ANY = _ -> Answer.ok("x");

    private static Parameters json(String body) {
        return Parameters.of(Map.of(), "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void prefersALiteralSegmentToAParameter() {
        var routes = new RouteTable().add("GET", "/a/{x}", ANY).add("GET", "/a/b", ANY);

        assertThat(routes.match("GET", "/a/b"))
                .isInstanceOfSatisfying(
                        RouteTable.Match.Found.class,
                        found -> assertThat(found.parameters()).isEmpty());
        assertThat(routes.match("GET", "/a/c/"))
                .isInstanceOfSatisfying(
                        RouteTable.Match.Found.class,
                        found -> assertThat(found.parameters()).isEqualTo(Map.of("x", "c")));
    }

    @Test
    void triesAParameterWhereTheLiteralLeadsNowhere() {
        var routes = new RouteTable().add("GET", "/a/b/c", ANY).add("GET", "/a/{x}/d", ANY);

        assertThat(routes.match("GET", "/a/b/d")).isInstanceOf(RouteTable.Match.Found.class);
    }

    @Test
    void takesAnyRestOnlyWhereNothingElseFits() {
        var routes = new RouteTable().add("*", "/a/**", ANY).add("GET", "/a/b", ANY);

        assertThat(routes.match("PUT", "/a")).isInstanceOf(RouteTable.Match.Found.class);
        assertThat(routes.match("PUT", "/a/x/y")).isInstanceOf(RouteTable.Match.Found.class);
        assertThat(routes.match("PUT", "/a/b")).isInstanceOf(RouteTable.Match.OtherMethods.class);
        assertThat(routes.match("GET", "/b")).isInstanceOf(RouteTable.Match.Unknown.class);
    }

    @Test
    void refusesTwoRoutesForTheSame() {
        var routes = new RouteTable().add("GET", "/a", ANY);

        assertThatThrownBy(() -> routes.add("GET", "/a/", ANY))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readsFlagsInEveryFormThatClientsSend() {
        for (String yes : List.of("true", "\"True\"", "\"on\"", "1", "\"1\"", "\"yes\"")) {
            assertThat(json("{\"a\":" + yes + "}").flag("a")).as(yes).contains(true);
        }
        for (String no : List.of("false", "\"False\"", "\"off\"", "0")) {
            assertThat(json("{\"a\":" + no + "}").flag("a")).as(no).contains(false);
        }
        assertThat(json("{\"a\":null}").flag("a")).isEmpty();
        assertThatThrownBy(() -> json("{\"a\":\"maybe\"}").flag("a"))
                .hasMessage("a must be true or false");
    }

    @Test
    void readsNumbersAndRefusesOthers() {
        assertThat(json("{\"a\":\" 3 \"}").number("a")).contains(3);
        assertThat(json("{\"a\":\"\"}").number("a")).isEmpty();
        for (String bad : List.of("1.5", "\"x\"", "[1]", "99999999999")) {
            assertThatThrownBy(() -> json("{\"a\":" + bad + "}").number("a"))
                    .as(bad)
                    .isInstanceOf(BadArgument.class);
        }
    }

    @Test
    void readsListsFromTextAndArray() {
        assertThat(json("{\"a\":\"1, 2\\n3\"}").list("a")).containsExactly("1", "2", "3");
        assertThat(json("{\"a\":[1,\"2\"]}").list("a")).containsExactly("1", "2");
    }

    @Test
    void letsTheBodyWinOverTheQueryAndReadsForms() {
        byte[] form = "b=2%203&c".getBytes(StandardCharsets.UTF_8);

        Parameters parameters =
                Parameters.of(
                        Map.of("a", "1", "b", "1"), "application/x-www-form-urlencoded", form);

        assertThat(parameters.text("a")).contains("1");
        assertThat(parameters.text("b")).contains("2 3");
    }

    @Test
    void refusesEveryMalformedBodyWithAReason() {
        long seed = Long.getLong("seed", 1);
        var random = new Random(seed);
        String good = "{\"name\":\"x\",\"id\":[1,{\"a\":null}]}";
        for (int length = 1; length < good.length(); length++) {
            String cut = good.substring(0, length);
            assertThatThrownBy(() -> json(cut)).as(cut).isInstanceOf(BadArgument.class);
        }
        for (int i = 0; i < 1000; i++) {
            byte[] junk = new byte[random.nextInt(1, 40)];
            random.nextBytes(junk);
            junk[0] = '{';
            junk[junk.length - 1] = '!'; // never a whole object, not even {}
            assertThatThrownBy(() -> Parameters.of(Map.of(), "", junk))
                    .as("seed %d, number %d", seed, i)
                    .isInstanceOf(BadArgument.class);
        }
    }

    @Test
    void refusesJsonThatIsNestedTooDeeply() {
        assertThatThrownBy(() -> json("{\"a\":" + "[".repeat(100_000)))
                .isInstanceOf(BadArgument.class);
    }

    @Test
    void keepsSecretsOutOfTheTextOfCredentials() {
        var credentials = Credentials.of(Optional.of("Basic YXBpOnNlY3JldA=="), Optional.of("t0k"));

        assertThat(credentials.basic().orElseThrow().user()).isEqualTo("api");
        assertThat(credentials.toString()).doesNotContain("secret", "t0k");
    }

    @Test
    void makesACertificateOnceAndKeepsTheKeyPrivate(@TempDir Path directory) throws IOException {
        TlsIdentity first = open(directory);
        TlsIdentity second = open(directory);

        assertThat(second.view()).isEqualTo(first.view());
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(
                                        directory.resolve(TlsIdentity.KEY_FILE))))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files.count()).isEqualTo(2);
        }
    }

    @Test
    void saysWhatToDoWithABrokenCertificate(@TempDir Path directory) throws IOException {
        open(directory);
        Files.writeString(directory.resolve(TlsIdentity.CERTIFICATE_FILE), "junk");

        assertThatThrownBy(() -> open(directory))
                .hasMessageContaining("remove " + TlsIdentity.KEY_FILE);
    }

    private static TlsIdentity open(Path directory) {
        return TlsIdentity.open(
                directory, List.of("10.0.0.1", "localhost"), Instant.now(), new SecureRandom());
    }
}
