package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.Deployment;
import io.peermesh.demo.Machine;
import io.peermesh.demo.Rig;
import io.peermesh.demo.Waiting;
import io.peermesh.demo.WireguardClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A controller and Debian's wireguard-go understand each other. Each test has a client of its own.
 */
@ExtendWith(NeedsNamespaces.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class InteropIT {
    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final int KEEPALIVE_DATAGRAM_BYTES = 32;

    private Rig rig;
    private Deployment mesh;
    private String overlayOfController;

    @BeforeAll
    void start() {
        rig = Rig.open();
        mesh = Deployment.started(rig, Deployment.Options.usual(1));
        overlayOfController =
                mesh.controller(1)
                        .api()
                        .get("/api/config")
                        .response()
                        .path("overlay_ipaddress")
                        .asString();
    }

    @AfterAll
    void stop() {
        mesh.close();
        rig.close();
    }

    @Test
    void theClientInitiates() {
        var client = mesh.attach("starts", 0, 1);

        assertThat(Traffic.reachesWithin(USUAL, client.machine(), overlayOfController)).isTrue();
        assertThat(client.lastHandshake()).isPositive();
    }

    @Test
    void theControllerInitiatesToAClientThatHasForgottenIt() {
        String pack = mesh.clientpack(1, 1);
        var client = mesh.attach("forgets", pack, "wireguard-go");
        assertThat(Traffic.reachesWithin(USUAL, client.machine(), overlayOfController)).isTrue();
        client.kill();
        var again = WireguardClient.start(client.machine(), without("Endpoint", pack));

        // It knows no address of the controller, so only the controller can start.
        Machine controller = mesh.controller(1).machine();
        boolean reached =
                Traffic.reachesWithin(Duration.ofSeconds(40), controller, again.address());

        assertThat(reached).isTrue();
        assertThat(again.lastHandshake()).isPositive();
        assertThat(again.peerEndpoint()).isEqualTo(controller.ipv4() + ":51820");
    }

    @Test
    void aClientThatMovesToAnotherAddressAndPortIsFollowed() {
        var client = mesh.attach("roams", 2, 1);
        Machine machine = client.machine();
        assertThat(Traffic.reachesWithin(USUAL, machine, overlayOfController)).isTrue();

        machine.addAddress("198.51.100.240/24");
        machine.removeAddress(machine.ipv4() + "/24");
        machine.must("ip", "addr", "replace", "198.51.100.240/24", "dev", "eth0");
        // wireguard-go clings to its old source address until it has a new socket.
        machine.must("wg", "set", client.device(), "listen-port", "51999");

        // wireguard-go lets go of the address that it sent from when it starts its next handshake.
        assertThat(Traffic.reachesWithin(Duration.ofSeconds(40), machine, overlayOfController))
                .isTrue();
        boolean seen =
                Waiting.untilTrue(
                        USUAL,
                        () -> underlayAddress(client.address()).startsWith("198.51.100.240"));
        assertThat(seen).as(underlayAddress(client.address())).isTrue();
    }

    @Test
    void aWrongPresharedKeyIsRefused() {
        String pack = mesh.clientpack(3, 1);
        assertThat(pack).contains("PresharedKey");
        String other = rigKey("genpsk");
        var client = mesh.attach("wrongpsk", replaced("PresharedKey", other, pack), "wireguard-go");

        assertThat(Traffic.reaches(client.machine(), overlayOfController)).isFalse();
        assertThat(client.lastHandshake()).isZero();
    }

    @Test
    void aWrongPrivateKeyIsRefused() {
        String pack = replaced("PrivateKey", rigKey("genkey"), mesh.clientpack(4, 1));
        var client = mesh.attach("wrongkey", pack, "wireguard-go");

        assertThat(Traffic.reaches(client.machine(), overlayOfController)).isFalse();
        assertThat(client.lastHandshake()).isZero();
    }

    @Test
    void everyLengthOfPaddingIsCarried() {
        var client = mesh.attach("pads", 5, 1);
        assertThat(Traffic.reachesWithin(USUAL, client.machine(), overlayOfController)).isTrue();

        for (int bytes = 0; bytes <= 17; bytes++) {
            int lost = Traffic.lost(client.machine(), overlayOfController, 1, "-s", "" + bytes);
            assertThat(lost).as("payload of %d bytes", bytes).isZero();
        }
    }

    @Test
    void dataWithoutAnAnswerIsAcknowledgedByAnEmptyPacket() {
        var client =
                mesh.attach(
                        "listens",
                        without("PersistentKeepalive", mesh.clientpack(6, 1)),
                        "wireguard-go");
        Machine machine = client.machine();
        assertThat(Traffic.reachesWithin(USUAL, machine, overlayOfController)).isTrue();
        // Somebody who listens and never answers, not even with "port unreachable".
        String mute = "my $s=IO::Socket::INET->new(LocalPort=>9,Proto=>'udp');sleep 60";
        Machine controller = mesh.controller(1).machine();
        controller.start("mute", Map.of(), List.of("perl", "-MIO::Socket", "-e", mute));
        Waiting.untilTrue(USUAL, () -> controller.must("ss", "-Hlnu").contains(":9 "));
        long before = client.transfer()[0];

        machine.must("bash", "-c", "echo hello >/dev/udp/" + overlayOfController + "/9");
        boolean acknowledged =
                Waiting.untilTrue(
                        Duration.ofSeconds(20),
                        () -> client.transfer()[0] >= before + KEEPALIVE_DATAGRAM_BYTES);

        assertThat(acknowledged).isTrue();
    }

    @Test
    void packetsOfTheMtuPassAndLargerOnesPassInFragments() {
        var one = mesh.attach("large1", 7, 1);
        var two = mesh.attach("large2", 8, 1);
        assertThat(Traffic.reachesWithin(USUAL, one.machine(), two.address())).isTrue();
        int mtu = Integer.parseInt(field("MTU", mesh.clientpack(7, 1)));

        assertThat(Traffic.lost(one.machine(), two.address(), 3, "-M", "do", "-s", "" + (mtu - 28)))
                .isZero();
        assertThat(Traffic.lost(one.machine(), two.address(), 3, "-s", "4000")).isZero();
        assertThat(Traffic.lost(one.machine(), overlayOfController, 3, "-s", "8000")).isZero();
    }

    private String underlayAddress(String overlayAddress) {
        return mesh.controller(1)
                .api()
                .get("/api/status/clients")
                .response()
                .path(overlayAddress)
                .path("ipaddress")
                .asString("");
    }

    private String rigKey(String kind) {
        return mesh.controller(1).machine().must("wg", kind).strip();
    }

    private static String without(String key, String pack) {
        return pack.lines()
                .filter(line -> !line.startsWith(key))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String replaced(String key, String value, String pack) {
        return pack.lines()
                .map(line -> line.startsWith(key + " ") ? key + " = " + value : line)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String field(String key, String pack) {
        return pack.lines()
                .filter(line -> line.startsWith(key + " "))
                .map(line -> line.split("=", 2)[1].strip())
                .findFirst()
                .orElseThrow();
    }
}
