package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.Child;
import io.peermesh.demo.Launcher;
import io.peermesh.demo.Machine;
import io.peermesh.demo.Rig;
import io.peermesh.demo.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An agent that lacks a right or a device, or finds taken what it needs, ends with 1 and leaves
 * nothing behind; one that reaches nobody says so while it goes on. There is no mesh here.
 */
@ExtendWith(NeedsNamespaces.class)
@SuppressWarnings("NullAway.Init") // set before each test
class AgentFaultsIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private static final int ENDED_BY_SIGTERM = 143;

    /** Hides the TUN driver from a command. */
    private static final List<String> WITHOUT_DRIVER =
            List.of(
                    "unshare",
                    "-m",
                    "sh",
                    "-c",
                    "mount -t tmpfs none /dev/net && exec \"$0\" \"$@\"");

    private Rig rig;
    private Machine machine;
    private Machine silent;

    @BeforeEach
    void open() {
        rig = Rig.open();
        machine = rig.machine("client");
        silent = rig.machine("silent");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void withoutTheRightToMakeADeviceItSaysSo() throws IOException {
        assertThat(refused("setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-all"))
                .contains("making the interface pmc0 needs root or CAP_NET_ADMIN");
    }

    @Test
    void withoutATunDriverItSaysSo() throws IOException {
        assertThat(refused(WITHOUT_DRIVER.toArray(String[]::new)))
                .contains("this machine has no TUN driver: run modprobe tun");
    }

    @Test
    void aNameThatIsTakenIsLetBe() throws IOException {
        machine.must("ip", "link", "add", "pmc0", "type", "veth", "peer", "name", "other");

        String log = agent(List.of()).log(1);

        assertThat(log).contains("the interface pmc0 exists already: choose another --name");
        assertThat(machine.must("ip", "link")).contains("pmc0@other");
    }

    @Test
    void anAddressOrAnOverlayThatIsTakenIsNamedWithItsInterface() throws IOException {
        machine.must("ip", "addr", "add", "10.199.0.1/32", "dev", "eth0");
        assertThat(refused()).contains("eth0 has this address already", "the clientpack is in use");
        machine.must("ip", "addr", "del", "10.199.0.1/32", "dev", "eth0");

        machine.must("ip", "route", "add", "10.199.0.0/24", "dev", "eth0");
        assertThat(refused()).contains("eth0 has this route already", "this is the overlay subnet");
        assertThat(machine.must("ip", "route")).contains("10.199.0.0/24 dev eth0");
    }

    @Test
    void whatIsWrongOutsideIsToldWhileItRuns() throws IOException {
        machine.start("holder", Map.of(), List.of("perl", "-MIO::Socket", "-e", HOLD_PORT));
        boolean held =
                Waiting.untilTrue(LIMIT, () -> machine.must("ss", "-Hlun").contains(":51820"));
        var agent = agent(List.of());
        boolean told =
                Waiting.untilTrue(
                        LIMIT, () -> agent.child.log().contains("no controller has answered"));

        agent.child.signal("TERM");
        String log = agent.log(ENDED_BY_SIGTERM);

        assertThat(held).isTrue();
        assertThat(told).as(log).isTrue();
        assertThat(log)
                .containsPattern("problem: bind .*:51820: .*perl.*; another port is used")
                .contains("controller 1 at UDP " + silent.ipv4() + ":51820 has not answered")
                .contains("controller 2 at UDP no-such.example:51820 has a name that does not")
                .contains("The network says that one of them cannot be reached (ICMP).");
        assertThat(machine.run(LIMIT, "ip", "link", "show", "pmc0").ok()).isFalse();
    }

    private static final String HOLD_PORT =
            "my $s=IO::Socket::INET->new(LocalPort=>51820,Proto=>'udp') or die;sleep 100;";

    /** What it says when it ends with 1 and has left nothing behind. */
    private String refused(String... before) throws IOException {
        String log = agent(List.of(before)).log(1);
        assertThat(machine.run(LIMIT, "ip", "link", "show", "pmc0").ok()).isFalse();
        return log;
    }

    private Agent agent(List<String> before) throws IOException {
        var command = new ArrayList<>(before);
        command.addAll(List.of(Launcher.path().toString(), "client", "up", pack().toString()));
        Path run = rig.folder().resolve("run");
        command.addAll(List.of("--run-directory", run.toString()));
        return new Agent(machine.start("agent", Launcher.ENVIRONMENT, command), run);
    }

    private record Agent(Child child, Path run) {
        /** What it has written by its end, which leaves no socket behind. */
        String log(int exitCode) {
            assertThat(child.awaitExit(LIMIT)).as(child.log()).isEqualTo(exitCode);
            assertThat(run.resolve("client-pmc0.sock")).doesNotExist();
            return child.log();
        }
    }

    private Path pack() throws IOException {
        String text =
                """
                # Peermesh-Controller = 1 10.199.0.253 %1$s:51820
                # Peermesh-Controller = 2 10.199.0.252 no-such.example:51820
                # Peermesh-Virtual = 10.199.0.254
                [Interface]
                PrivateKey = %2$s
                Address = 10.199.0.1/32
                ListenPort = 51820
                [Peer]
                PublicKey = %3$s
                PresharedKey = %2$s
                Endpoint = %1$s:51820
                AllowedIPs = 10.199.0.0/24
                """
                        .formatted(silent.ipv4(), key(1), key(9));
        Path file = rig.folder().resolve("pack.conf");
        Files.writeString(file, text, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static String key(int seed) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) seed;
        return Base64.getEncoder().encodeToString(bytes);
    }
}
