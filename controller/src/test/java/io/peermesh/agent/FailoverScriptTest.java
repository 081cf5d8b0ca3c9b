package io.peermesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The generated script, run by sh with a wg and a ping that are shell scripts of the test. */
class FailoverScriptTest {
    private static final String WG =
            """
            #!/bin/sh
            cd "$(dirname "$0")"
            echo "wg $*" >>calls
            case "$*" in
            "show wg0 peers") cat peers ;;
            "showconf wg0") cat conf ;;
            "set wg0 peer "*) : ;;
            "addconf wg0 /dev/stdin") cat >added; sed -n 's/^Endpoint = //p' added >endpoint ;;
            *) exit 1 ;;
            esac
            """;
    private static final String PING =
            """
            #!/bin/sh
            cd "$(dirname "$0")"
            [ "$(cat endpoint)" = "$(cat alive)" ]
            """;

    @TempDir Path folder;
    private Path script;

    @BeforeEach
    void write() throws IOException {
        Pack pack = PackReaderTest.pack(PackReaderTest.PACK);
        List<Path> files = ClientCommand.write(pack.failoverScript("wg0"), folder);
        script = files.getFirst();
        program("wg", WG);
        program("ping", PING);
        put("peers", PackReaderTest.GATEWAY + "\n");
        put(
                "conf",
                """
                [Interface]
                PrivateKey = %s

                [Peer]
                PublicKey = another=
                Endpoint = 203.0.113.1:1

                [Peer]
                PublicKey = %s
                PresharedKey = %s
                AllowedIPs = 10.199.0.0/24
                Endpoint = 192.0.2.2:51820
                PersistentKeepalive = 25
                """
                        .formatted(
                                PackReaderTest.PRIVATE_KEY,
                                PackReaderTest.GATEWAY,
                                PackReaderTest.PRESHARED_KEY));
        put("endpoint", "vpn2.example:51820");
        put("calls", "");
    }

    private void put(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private void program(String name, String text) throws IOException {
        put(name, text);
        Files.setPosixFilePermissions(
                folder.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name)).strip();
    }

    private int run() throws IOException, InterruptedException {
        var builder = new ProcessBuilder("sh", script.toString()).redirectErrorStream(true);
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        builder.environment().put("PEERMESH_STATE_DIR", folder.toString());
        builder.redirectOutput(folder.resolve("said").toFile());
        return builder.start().waitFor();
    }

    @Test
    void leavesAControllerThatAnswersAlone() throws Exception {
        put("alive", "vpn2.example:51820");

        int exitCode = run();

        assertThat(exitCode).isZero();
        assertThat(read("calls")).doesNotContain("set", "addconf");
    }

    @Test
    void goesOnToTheNextThatAnswersAndKeepsThePeersSettings() throws Exception {
        put("alive", "[2001:db8::3]:51821");

        int exitCode = run();

        assertThat(exitCode).isZero();
        assertThat(read("said"))
                .contains("192.0.2.1:51820 does not answer", "now at [2001:db8::3]:51821");
        assertThat(read("calls")).contains("set wg0 peer " + PackReaderTest.GATEWAY + " remove");
        assertThat(read("added"))
                .isEqualTo(
                        """
                        [Peer]
                        PublicKey = %s
                        PresharedKey = %s
                        AllowedIPs = 10.199.0.0/24
                        PersistentKeepalive = 25
                        Endpoint = [2001:db8::3]:51821\
                        """
                                .formatted(PackReaderTest.GATEWAY, PackReaderTest.PRESHARED_KEY));
        assertThat(read("peermesh-failover-wg0")).isEqualTo("2");
    }

    @Test
    void goesOnFromWhereItWas() throws Exception {
        put("peermesh-failover-wg0", "2\n");
        put("endpoint", "[2001:db8::3]:51821");
        put("alive", "vpn2.example:51820");

        int exitCode = run();

        assertThat(exitCode).isZero();
        assertThat(read("said")).isEqualTo("wg0: now at vpn2.example:51820");
    }

    @Test
    void saysWhenNobodyAnswersAndTriesEachOnce() throws Exception {
        put("alive", "none");

        int exitCode = run();

        assertThat(exitCode).isEqualTo(1);
        assertThat(read("said").lines()).hasSize(3).allMatch(each -> each.endsWith("not answer"));
    }

    @Test
    void refusesAnInterfaceOfAnotherTopology() throws Exception {
        put("peers", "another=\n");
        put("alive", "none");

        int exitCode = run();

        assertThat(exitCode).isEqualTo(2);
        assertThat(read("calls")).doesNotContain("set", "addconf");
    }

    @Test
    void holdsNoSecretAndTheShellReadsIt() throws Exception {
        String all = "";
        for (String ending : List.of(".sh", ".service", ".timer")) {
            all += Files.readString(folder.resolve("peermesh-failover-wg0" + ending));
        }
        int syntax = new ProcessBuilder("sh", "-n", script.toString()).start().waitFor();

        assertThat(all).doesNotContain(PackReaderTest.PRIVATE_KEY, PackReaderTest.PRESHARED_KEY);
        assertThat(all).doesNotContain("@");
        assertThat(all).contains("ExecStart=/usr/local/sbin/peermesh-failover-wg0.sh");
        assertThat(syntax).isZero();
        assertThat(all.getBytes(StandardCharsets.US_ASCII)).hasSize(all.length());
    }
}
