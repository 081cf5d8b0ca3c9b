package io.peermesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.http.TestApi;
import io.peermesh.node.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line against a real server: what it prints, what it writes, how it exits. */
class CliTest {
    @TempDir Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();
    private final List<ControllerOptions> started = new ArrayList<>();
    private Optional<String> answer = Optional.empty();
    private boolean terminal;
    private TestApi api;

    @BeforeEach
    void start() throws IOException {
        api = new TestApi(Files.createDirectory(directory.resolve("data")));
        Path password = directory.resolve("password");
        Files.writeString(password, TestApi.PASSWORD + "\n");
        environment.put("HOME", directory.toString());
        environment.put("PEERMESH_URL", "https://127.0.0.1:" + api.port());
        environment.put("PEERMESH_PASSWORD_FILE", password.toString());
        environment.put("PEERMESH_SECURITY_TOKEN", TestApi.TOKEN);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var shell =
                new Shell(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        environment,
                        terminal,
                        _ -> answer,
                        _ -> answer);
        return Cli.run(args, shell, new FakeLauncher(), List.of());
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(out.toString());
    }

    private final class FakeLauncher implements Launcher {
        @Override
        public int controller(ControllerOptions options) {
            started.add(options);
            return 0;
        }

        @Override
        public Result resetPassword(Path dataDirectory) {
            return new Result.Done("new password");
        }

        @Override
        public Result repinLicense(Path dataDirectory, String licenseText) {
            return new Result.Refused("no license is pinned");
        }
    }

    @Test
    void showsTheStatusOfAFreshController() {
        assertThat(run("status")).isZero();

        assertThat(out.toString())
                .contains("not licensed", "keyset missing")
                .containsPattern("client +wrong_mac1 +4")
                .containsPattern("handshakes +the queue was full +5");
    }

    @Test
    void goesAllTheWayFromALicenseToAClientpack() throws IOException {
        Path license = directory.resolve("license");
        Path pack = directory.resolve("pack.conf");
        assertThat(
                        run(
                                "license",
                                "create",
                                "--topology",
                                "lab",
                                "--controllers",
                                "2",
                                "--clients",
                                "3",
                                "--subnet",
                                "10.9.0.0/24",
                                "--out",
                                license.toString()))
                .isZero();
        api.letRestartsPass();
        assertThat(run("license", "upload", license.toString())).as(err.toString()).isZero();
        assertThat(run("keyset", "generate")).as(err.toString()).isZero();
        assertThat(run("peers", "self", "1")).as(err.toString()).isZero();
        assertThat(run("peers", "add", "2", "10.1.0.11", "--mtu", "1400")).isZero();
        assertThat(out.toString()).contains("10.1.0.11", "1400");

        assertThat(run("clientpack", "list", "--json")).isZero();
        String name = json().iterator().next().path("name").asString();
        assertThat(run("clientpack", "download", name, "--out", pack.toString())).isZero();

        assertThat(Files.readString(pack)).contains("[Interface]");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pack)))
                .isEqualTo("rw-------");
        assertThat(run("clientpack", "download", name, "--out", pack.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("--force");
        assertThat(run("clientpack", "download", name, "--out", "-", "--home", "2")).isZero();
        assertThat(out.toString()).contains("Endpoint = 10.1.0.11:51820");
        assertThat(run("clientpack", "download", name, "--out", "-", "--home", "9")).isEqualTo(1);
        assertThat(err.toString()).contains("home is invalid");
        assertThat(run("clientpack", "failover-script", name, "--interface", "wg3")).isZero();
        assertThat(out.toString()).startsWith("#!/bin/sh").contains("interface='wg3'");
    }

    @Test
    void showsALicenseFile() {
        String license = directory.resolve("license").toString();
        run(
                "license",
                "create",
                "--topology",
                "lab",
                "--controllers",
                "2",
                "--clients",
                "3",
                "--expires",
                "2030-12-31",
                "--out",
                license);

        assertThat(run("license", "show", license, "--json")).isZero();

        assertThat(json().path("topology_name").asString()).isEqualTo("lab");
        assertThat(json().path("expires").asString()).isEqualTo("2031-01-01T00:00:00Z");
        assertThat(json().path("overlay_subnet").asString()).isEqualTo("100.127.255.192/26");
    }

    @Test
    void neverOverwritesALicenseUnasked() {
        String license = directory.resolve("license").toString();
        String[] create = {
            "license",
            "create",
            "--topology",
            "lab",
            "--controllers",
            "2",
            "--clients",
            "3",
            "--out",
            license
        };
        run(create);

        assertThat(run(create)).isEqualTo(1);
    }

    @Test
    void refusesLicensesThatCannotBe() {
        for (String[] bad :
                new String[][] {
                    {"--controllers", "11"},
                    {"--controllers", "0"},
                    {"--subnet", "10.0.0.1/24"},
                    {"--expires", "tomorrow"}
                }) {
            var args =
                    new ArrayList<>(
                            List.of(
                                    "license",
                                    "create",
                                    "--topology",
                                    "lab",
                                    "--clients",
                                    "3",
                                    "--out",
                                    directory.resolve("bad").toString()));
            if (!bad[0].equals("--controllers")) {
                args.addAll(List.of("--controllers", "2"));
            }
            args.addAll(List.of(bad));

            assertThat(run(args.toArray(new String[0]))).as(bad[1]).isEqualTo(2);
        }
    }

    @Test
    void printsTheApisAnswerAsJson() {
        assertThat(run("status", "--json")).isZero();

        assertThat(json().at("/controller/licensed").asBoolean(true)).isFalse();
    }

    @Test
    void exits1WhenTheControllerRefuses() {
        assertThat(run("peers")).isEqualTo(1);

        assertThat(err.toString())
                .isEqualTo("peermesh: Must be licensed first." + System.lineSeparator());
    }

    @Test
    void exits2OnAWrongCommandLine() {
        assertThat(run("statsu")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
        assertThat(run("peers", "add", "2")).isEqualTo(2);
        assertThat(run("status", "--url", "ftp://x")).isEqualTo(2);
    }

    @Test
    void exits3WhenNobodyAnswers() {
        assertThat(run("status", "--url", "127.0.0.1:1")).isEqualTo(3);

        assertThat(err.toString()).contains("no answer from https://127.0.0.1:1/");
    }

    @Test
    void exits4OnAWrongOrMissingPassword() throws IOException {
        Files.writeString(directory.resolve("password"), "wrong-password");
        assertThat(run("status")).isEqualTo(4);

        environment.remove("PEERMESH_PASSWORD_FILE");
        assertThat(run("status")).isEqualTo(4);
        assertThat(err.toString()).contains("PEERMESH_PASSWORD_FILE");
    }

    @Test
    void asksAPersonForThePassword() {
        environment.remove("PEERMESH_PASSWORD_FILE");
        answer = Optional.of(TestApi.PASSWORD);

        assertThat(run("status")).isZero();
    }

    @Test
    void logsInWithATokenFromTheEnvironment() {
        String token =
                api.call("POST", "/api/access/token", "{}").response().path("token").asString();
        environment.remove("PEERMESH_PASSWORD_FILE");
        environment.put("PEERMESH_TOKEN", token);

        assertThat(run("status")).isZero();
    }

    @Test
    void remembersTheCertificateOfALocalControllerAndRefusesAnother() throws IOException {
        assertThat(run("status")).isZero();
        Path known = directory.resolve(".config/peermesh/known_controllers");
        assertThat(Files.readString(known)).startsWith("127.0.0.1:" + api.port() + " ");

        Files.writeString(known, "127.0.0.1:" + api.port() + " " + "0".repeat(64) + "\n");

        assertThat(run("status")).isEqualTo(3);
        assertThat(err.toString()).contains("another certificate", known.toString());
    }

    @Test
    void takesAGivenFingerprintForTheWholeTruth() {
        assertThat(run("status", "--fingerprint", "00:11")).isEqualTo(3);
        assertThat(run("status", "--fingerprint", "00:11", "--insecure")).isZero();
    }

    @Test
    void saysWhyAFetchFailed() {
        assertThat(run("keyset", "fetch", "127.0.0.1:1")).isEqualTo(1);

        assertThat(err.toString()).contains("127.0.0.1:1");
        assertThat(run("keyset", "show")).isEqualTo(1);
    }

    @Test
    void readsTheSecurityTokenFromAFile() throws IOException {
        api.licensed();
        environment.remove("PEERMESH_SECURITY_TOKEN");
        Path token = directory.resolve("token");
        Files.writeString(token, "another-long-token\n");

        assertThat(run("keyset", "generate")).isEqualTo(2);
        assertThat(run("keyset", "generate", "--token-file", token.toString())).isZero();
        assertThat(out.toString()).contains("keyset present");
    }

    @Test
    void drawsAClientpackInTheTerminal() {
        api.ready();

        assertThat(run("clientpack", "qr", "10.199.0.1")).isZero();

        assertThat(out.toString().lines()).allMatch(line -> line.matches("[ █▀▄]+"));
        assertThat(out.toString().lines().count()).isGreaterThan(20);
    }

    @Test
    void colorsOnlyForAPersonWhoDoesNotMind() {
        api.ready();
        assertThat(run("clientpack", "list")).isZero();
        assertThat(out.toString()).doesNotContain("\u001b");

        terminal = true;
        run("clientpack", "list");
        assertThat(out.toString()).contains("\u001b[32myes\u001b[0m");

        environment.put("NO_COLOR", "1");
        run("clientpack", "list");
        assertThat(out.toString()).doesNotContain("\u001b");
    }

    @Test
    void completesEveryCommand() {
        assertThat(run("completion")).isZero();

        assertThat(out.toString())
                .contains("complete -F", "clientpack", "download", "--password-file");
    }

    @Test
    void startsAControllerWithWhatItWasTold() {
        assertThat(
                        run(
                                "controller",
                                "--data",
                                "/d",
                                "--api",
                                "[::1]:9000",
                                "--underlay",
                                "10.0.0.1",
                                "--tun",
                                "none",
                                "--disable",
                                "no-gso"))
                .isZero();

        ControllerOptions options = started.getFirst();
        assertThat(options.api().getPort()).isEqualTo(9000);
        assertThat(options.api().getAddress().getHostAddress()).isEqualTo("0:0:0:0:0:0:0:1");
        assertThat(options.tunName()).isEmpty();
        assertThat(options.underlay().orElseThrow().toString()).isEqualTo("10.0.0.1");
        assertThat(options.disabledFeatures()).isEqualTo("no-gso");
    }

    @Test
    void refusesControllersThatCannotBe() {
        for (String[] bad :
                new String[][] {
                    {"--api", "host:8000"},
                    {"--api", "10.0.0.1:99999"},
                    {"--underlay", "10.0.0"},
                    {"--tun", "a name"},
                    {"--tun", "sixteencharacter"},
                    {"--client-port", "0"}
                }) {
            assertThat(run("controller", "--data", "/d", bad[0], bad[1])).as(bad[1]).isEqualTo(2);
            assertThat(err.toString()).as(bad[1]).contains(bad[0]);
        }
        assertThat(started).isEmpty();
    }

    @Test
    void changesPasswordsAndIssuersOnTheMachineItself() throws IOException {
        Path license = directory.resolve("license");
        Files.writeString(license, TestApi.license());

        assertThat(run("passwd", "reset", "--data", "/d")).isZero();
        assertThat(out.toString()).contains("new password");
        assertThat(run("license", "repin", "--data", "/d", license.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("no license is pinned");
    }

    @Test
    void readsNumbersLikeAPerson() {
        assertThat(Units.bytes(999)).isEqualTo("999 B");
        assertThat(Units.bytes(1500)).isEqualTo("1.5 KB");
        assertThat(Units.bytes(999_950)).isEqualTo("1.0 MB");
        assertThat(Units.bytes(Long.MAX_VALUE)).isEqualTo("9.2 EB");
        assertThat(Units.age(119)).isEqualTo("119 s");
        assertThat(Units.age(7200)).isEqualTo("2 h");
        assertThat(Units.millis(420)).isEqualTo("0.42 ms");
    }

    @Test
    void printsEventsOldestFirst() {
        api.ready();
        api.administration.onReport(new Report.LinkUp(2, 1_500_000, 0, 0));

        assertThat(run("events", "--kind", "controller_started,peer_up")).isZero();

        assertThat(out.toString().lines())
                .satisfiesExactly(
                        first -> assertThat(first).contains("controller_started"),
                        second ->
                                assertThat(second)
                                        .startsWith("2026-03-01T10:20:30Z  peer_up  The link to")
                                        .endsWith("rtt=1.50 ms"));
        assertThat(run("events", "--since", "yesterday")).isEqualTo(2);
        assertThat(run("events", "--limit", "1", "--json")).isZero();
        assertThat(json().at("/0/peer").asInt()).isEqualTo(2);
    }

    @Test
    void followsEventsAsTheyHappen() {
        api.ready();
        api.administration.onReport(new Report.LinkUp(2, 1_500_000, 0, 0));
        var later =
                Thread.startVirtualThread(() -> {
                    while (!out.toString().contains("peer_up")) {
                        Thread.onSpinWait();
                    }
                    api.administration.onReport(new Report.PeerRefused(2, "another keyset"));
                });

        int exit = run("events", "--follow", "--limit", "1", "--count", "2");

        assertThat(exit).isZero();
        assertThat(out.toString().lines()).hasSize(2);
        assertThat(out.toString()).contains("another keyset");
        assertThat(later.isVirtual()).isTrue();
    }

    @Test
    void drainsWaitsAndUndrains() {
        api.ready();
        assertThat(run("drain")).isEqualTo(1);
        assertThat(err.toString()).contains("No other controller can be reached");

        assertThat(run("drain", "--force", "--wait")).isZero();
        assertThat(out.toString()).contains("drained: this controller may be stopped");
        assertThat(run("status")).isZero();
        assertThat(out.toString()).contains("drained: this controller may be stopped");
        assertThat(run("undrain")).isZero();
        assertThat(out.toString()).contains("not draining");
    }

    @Test
    void showsFailuresAndSettings() {
        api.ready();

        assertThat(run("n-1")).isZero();
        assertThat(out.toString()).contains("No single failure");
        assertThat(run("controller-settings", "--weight", "7", "--probes", "slow")).isZero();
        assertThat(out.toString()).contains("weight 7", "1000 ms");
        assertThat(run("controller-settings", "--probes", "never")).isEqualTo(1);
    }

    @Test
    void refusesADrillWithoutALink() {
        api.ready();

        assertThat(run("drill")).isEqualTo(2);
        assertThat(run("drill", "--peer", "2")).isEqualTo(1);
        assertThat(err.toString()).contains("There is no link to controller 2 that is up");
    }
}
