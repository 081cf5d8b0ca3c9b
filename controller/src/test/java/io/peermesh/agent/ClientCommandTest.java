package io.peermesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.cli.Cli;
import io.peermesh.cli.ControllerOptions;
import io.peermesh.cli.Launcher;
import io.peermesh.cli.Shell;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of the agent, as far as it goes without a TUN device. */
class ClientCommandTest {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int UNREACHABLE = 3;

    private static final String STATUS =
            """
            {"name":"pmc0","pid":1,"overlay_address":"10.199.0.1","state":"connected",\
            "controller":2,"cause":"silent","used_seconds":65,"silent_millis":712,"switches":1,"put_off":0,\
            "probes_sent":100,"probes_answered":97,"controllers":[{"id":2,\
            "endpoint":"vpn2.example:51820","address":"192.0.2.2:51820","state":"in use",\
            "rtt_micros":12345,"answered_millis":100,"sent_bytes":1000,"received_bytes":2000}],\
            "problems":["something"]}\
            """;

    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var shell =
                new Shell(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        Map.of(),
                        false,
                        _ -> Optional.empty(),
                        _ -> Optional.empty());
        return Cli.run(args, shell, new NoController(), List.of(new ClientCommand(shell)));
    }

    private static final class NoController implements Launcher {
        @Override
        public int controller(ControllerOptions options) {
            throw new AssertionError();
        }

        @Override
        public Result resetPassword(Path dataDirectory) {
            throw new AssertionError();
        }

        @Override
        public Result repinLicense(Path dataDirectory, String licenseText) {
            throw new AssertionError();
        }
    }

    private Path pack(String text, String mode) throws IOException {
        Path file = folder.resolve("pack.conf");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    @Test
    void saysWhatIsWrongWithAPack() throws IOException {
        Path broken = pack("[Interface]\nPrivateKey = x\n", "rw-------");

        assertThat(run("client", "up", "/nowhere/pack.conf")).isEqualTo(FAILED);
        assertThat(err.toString()).contains("/nowhere/pack.conf", "there is no such file");
        assertThat(run("client", "up", broken.toString())).isEqualTo(FAILED);
        assertThat(err.toString()).contains("pack.conf: this is no clientpack");
    }

    @Test
    void saysWhyAPackCannotBeRead() throws IOException {
        Path binary = folder.resolve("binary.conf");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThat(run("client", "up", binary.toString())).isEqualTo(FAILED);
        assertThat(err.toString()).contains(binary + " as a clientpack: it holds no text");
        assertThat(run("client", "up", folder.toString())).isEqualTo(FAILED);
        assertThat(err.toString()).contains(folder + " as a clientpack: Is a directory");
        assertThat(ControlSocket.reason(new AccessDeniedException("x")))
                .isEqualTo("permission denied; run it with sudo");
    }

    @Test
    void saysThatAFileIsInTheWayOfItsFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        String said = "";
        try (var _ = ControlSocket.open(ControlSocket.path(file, "pmc0"), question -> question)) {
            said = "was opened";
        } catch (AgentException e) {
            said = String.valueOf(e.getMessage());
        }

        assertThat(said).contains(file + " is no folder; remove it");
    }

    @Test
    void warnsOfAPackThatOthersCanRead() throws IOException {
        Path open = pack("nothing", "rw-r--r--");

        int exitCode = run("client", "up", open.toString());

        assertThat(exitCode).isEqualTo(FAILED);
        assertThat(err.toString()).contains("others on this machine can read", "chmod 600");
    }

    @Test
    void refusesNamesAndIntervalsThatCannotBe() throws IOException {
        Path pack = pack(PackReaderTest.PACK, "rw-------");

        assertThat(run("client", "up", pack.toString(), "--name", "a/b")).isEqualTo(USAGE);
        assertThat(run("client", "up", pack.toString(), "--name", "x".repeat(16))).isEqualTo(USAGE);
        assertThat(run("client", "up", pack.toString(), "--probe-interval", "1")).isEqualTo(USAGE);
        assertThat(run("client", "use", "11")).isEqualTo(USAGE);
    }

    @Test
    void saysThatNoAgentRuns() {
        int exitCode = run("client", "--run-directory", folder.toString(), "status");

        assertThat(exitCode).isEqualTo(UNREACHABLE);
        assertThat(err.toString()).contains("no agent answers", "client up");
    }

    @Test
    void asksTheAgentOverItsSocket() {
        Path path = ControlSocket.path(folder, "pmc0");
        try (var _ =
                ControlSocket.open(
                        path,
                        question ->
                                question.equals("status")
                                        ? STATUS
                                        : "{\"error\":\"controller 3 does not stand by\"}")) {
            int status = run("client", "--run-directory", folder.toString(), "status");
            String said = out.toString();
            int json = run("client", "status", "--json", "--run-directory", folder.toString());
            String saidJson = out.toString();
            int use = run("client", "use", "3", "--run-directory", folder.toString());

            assertThat(status).isZero();
            assertThat(said)
                    .contains("pmc0 10.199.0.1, connected to controller 2 for 65 s")
                    .contains("the one before was silent for 712 ms")
                    .contains("97 of 100 probes", "12.35 ms", "in use", "problem: something");
            assertThat(json).isZero();
            assertThat(saidJson).contains("\"rtt_micros\" : 12345");
            assertThat(use).isEqualTo(FAILED);
            assertThat(err.toString()).contains("controller 3 does not stand by");
        }
    }

    @Test
    void theSocketIsForItsOwnerAndForOneAgentOnly() throws IOException {
        Path path = ControlSocket.path(folder.resolve("run"), "pmc0");
        try (var _ = ControlSocket.open(path, question -> question)) {
            var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
            var directory =
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("run")));
            String second = "";
            try (var _ = ControlSocket.open(path, question -> question)) {
                second = "was opened";
            } catch (AgentException e) {
                second = String.valueOf(e.getMessage());
            }

            assertThat(mode).isEqualTo("rw-------");
            assertThat(directory).isEqualTo("rwx------");
            assertThat(second).contains("runs already");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void replacesTheSocketOfAnAgentThatWasKilled() throws IOException {
        Path path = ControlSocket.path(folder, "pmc0");
        Files.writeString(path, "left behind");

        try (var _ = ControlSocket.open(path, question -> "\"" + question + "\"")) {
            assertThat(ControlSocket.ask(path, "hello", false)).isEqualTo("\"hello\"");
        }
    }

    @Test
    void writesTheScriptForStockWireGuard() throws IOException {
        Path pack = pack(PackReaderTest.PACK, "rw-------");

        int exitCode =
                run(
                        "client",
                        "failover-script",
                        pack.toString(),
                        "--interface",
                        "wg7",
                        "--out",
                        folder.resolve("out").toString());

        assertThat(exitCode).isZero();
        assertThat(folder.resolve("out/peermesh-failover-wg7.sh")).isExecutable();
        assertThat(out.toString()).contains("systemctl enable --now peermesh-failover-wg7.timer");
    }
}
