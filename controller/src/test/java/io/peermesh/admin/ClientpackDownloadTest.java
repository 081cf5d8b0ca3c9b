package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.agent.PackCheck;
import io.peermesh.crypto.Secret;
import io.peermesh.crypto.TopologyKeys;
import io.peermesh.crypto.X25519;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Topology;
import io.peermesh.wire.Payload;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a downloaded clientpack contains, and when it is outdated. */
class ClientpackDownloadTest {
    @TempDir Path directory;
    private TestController controller;
    private ClientpackAdmin packs;

    @BeforeEach
    void start() {
        controller = new TestController(directory);
        controller.ready();
        packs = controller.admin.clientpacks();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void writesAConfigurationForWireGuard() {
        done(controller.admin.peering().putPeer(ACTOR, 2, "10.1.0.11", OptionalInt.empty()));
        done(
                controller
                        .admin
                        .routes()
                        .add(ACTOR, new NewRoute("10.2.0.0/24", "", "", "", "", "", true, 0)));
        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(),
                                List.of(),
                                List.of(
                                        Statuses.route("10.3.0.0/24", 2),
                                        Statuses.route("10.2.0.0/24", 1)),
                                List.of(Statuses.controller(3, "", "10.1.0.12:51821"))));

        PackFile file = done(packs.download(ACTOR, "10_199_0_2"));

        var keys = new TopologyKeys(controller.mesh.plan().keyset());
        int address = IpAddress.literal("10.199.0.2").v4Bits();
        assertThat(file.fileName()).isEqualTo("10_199_0_2.conf");
        assertThat(file.text().lines().filter(each -> !each.startsWith("#")))
                .containsExactly(
                        "[Interface]",
                        "PrivateKey = " + base64(keys.clientKey(address, 1)),
                        "Address = 10.199.0.2/32",
                        "ListenPort = 51820",
                        "MTU = 1420",
                        "",
                        "[Peer]",
                        "PublicKey = " + X25519.publicKey(keys.gatewayKey()),
                        "PresharedKey = " + base64(keys.clientPresharedKey(address, 1)),
                        "Endpoint = 10.1.0.10:51820",
                        "AllowedIPs = 10.199.0.0/24, 10.2.0.0/24, 10.3.0.0/24",
                        "PersistentKeepalive = 25");
        assertThat(file.text())
                .contains(
                        "# Home: controller 1 at 10.1.0.10:51820",
                        "# Also:  controller 2 at 10.1.0.11:51820",
                        "# Also:  controller 3 at 10.1.0.12:51821",
                        "must admit UDP to its port 51820");
        assertThat(PackCheck.controllers(file.text()))
                .containsExactly(
                        "1 10.199.0.253 10.1.0.10:51820",
                        "2 10.199.0.252 10.1.0.11:51820",
                        "3 10.199.0.251 10.1.0.12:51821");
        assertThat(PackCheck.virtualAddress(file.text())).isEqualTo("10.199.0.254");
        assertThat("" + file).doesNotContain(base64(keys.clientKey(address, 1)));
        assertThat(done(packs.find("10.199.0.2")).confSha1())
                .isEqualTo(PackRenderer.sha1(file.text()));
    }

    @Test
    void wantsTheOwnIdBeforeADownload() {
        try (var fresh = new TestController(directory.resolve("fresh"))) {
            fresh.keyset();

            assertThat(refused(fresh.admin.clientpacks().download(ACTOR, "10.199.0.1")).message())
                    .startsWith("This controller's own id is not set yet");
            assertThat(done(fresh.admin.clientpacks().find("10.199.0.1")).confSha1()).isEmpty();
        }
    }

    @Test
    void aDownloadIsOutdatedOnceItLacksASubnet() {
        done(packs.download(ACTOR, "10.199.0.1"));
        assertThat(done(packs.find("10.199.0.1")).outdated()).isFalse();

        done(
                controller
                        .admin
                        .routes()
                        .add(ACTOR, new NewRoute("10.2.0.0/24", "", "", "", "", "", true, 0)));

        assertThat(done(packs.find("10.199.0.1")).outdated()).isTrue();
        assertThat(done(packs.find("10.199.0.2")).outdated()).isFalse(); // never downloaded
    }

    private void told(NodeStatus.Controller... controllers) {
        controller.mesh.status =
                Optional.of(Statuses.of(List.of(), List.of(), List.of(), List.of(controllers)));
    }

    private boolean isOutdated() {
        return done(packs.find("10.199.0.1")).outdated();
    }

    @Test
    void anotherControllersEndpointOutdatesADownload() {
        told(Statuses.controller(3, "", "10.1.0.12:51821"));
        done(packs.download(ACTOR, "10.199.0.1"));
        boolean before = isOutdated();

        told(Statuses.controller(3, "", "vpn3.example:51821"));

        assertThat(before).isFalse();
        assertThat(isOutdated()).isTrue();
        done(packs.download(ACTOR, "10.199.0.1"));
        assertThat(isOutdated()).isFalse();
    }

    @Test
    void aNewControllerOutdatesADownload() {
        told(Statuses.controller(3, "", "10.1.0.12:51821"));
        done(packs.download(ACTOR, "10.199.0.1"));

        told(
                Statuses.controller(2, "", "10.1.0.11:51820"),
                Statuses.controller(3, "", "10.1.0.12:51821"));

        assertThat(isOutdated()).isTrue();
    }

    @Test
    void aControllerThatIsNotHeardOfForNowOutdatesNothing() {
        done(controller.admin.peering().putPeer(ACTOR, 3, "10.1.0.12", OptionalInt.empty()));
        told(
                Statuses.controller(2, "", "10.1.0.11:51899"),
                Statuses.controller(3, "", "10.1.0.12:51899"));
        done(packs.download(ACTOR, "10.199.0.1", Optional.of(3)));
        done(packs.download(ACTOR, "10.199.0.2", Optional.of(2)));

        controller.mesh.status = Optional.empty();

        assertThat(isOutdated()).isFalse();
        assertThat(done(packs.find("10.199.0.2")).outdated()).isFalse();
        told(Statuses.controller(3, "", "10.1.0.12:51820"));
        assertThat(isOutdated()).isTrue();
    }

    @Test
    void anotherNameOfTheTopologyOutdatesNothing() {
        done(packs.download(ACTOR, "10.199.0.1"));

        done(
                controller
                        .admin
                        .config()
                        .change(
                                ACTOR,
                                new ConfigChange(
                                        Optional.of("renamed"),
                                        Optional.empty(),
                                        Optional.empty())));

        assertThat(isOutdated()).isFalse();
    }

    @Test
    void theMtuIsWhatFitsThroughTheSmallestLink() {
        done(controller.admin.peering().putPeer(ACTOR, 2, "10.1.0.11", OptionalInt.of(1400)));
        assertThat(controller.mesh.plan().clients().getFirst().innerMtuBytes()).isEqualTo(1340);
        assertThat(line(done(packs.download(ACTOR, "10.199.0.1")).text(), "MTU"))
                .isEqualTo("MTU = 1340");

        done(controller.admin.peering().putPeer(ACTOR, 3, "2001:db8::3", OptionalInt.of(1400)));
        assertThat(controller.mesh.plan().clients().getFirst().innerMtuBytes()).isEqualTo(1320);
    }

    @Test
    void packsAreSpreadOverTheControllersThatTakeClients() {
        done(controller.admin.peering().putPeer(ACTOR, 2, "10.1.0.11", OptionalInt.empty()));
        done(controller.admin.peering().putPeer(ACTOR, 3, "10.1.0.12", OptionalInt.empty()));
        controller.mesh.topology =
                new Topology(
                        Map.of(),
                        Map.of(
                                1, new Payload.Load(false, 0, 1),
                                2, new Payload.Load(false, 0, 100),
                                3, new Payload.Load(true, 0, 100)));
        reachable(2, 3);
        assertThat(homes()).contains("10.1.0.11:51820").doesNotContain("10.1.0.12:51820");
        assertThat(done(packs.find("10.199.0.1")).outdated()).isFalse();

        reachable(3);
        assertThat(done(packs.find("10.199.0.1")).outdated()).isFalse();
        assertThat(homes()).containsOnly("10.1.0.10:51820");

        assertThat(
                        line(
                                done(packs.download(ACTOR, "10.199.0.1", Optional.of(3))).text(),
                                "Endpoint"))
                .isEqualTo("Endpoint = 10.1.0.12:51820");
        assertThat(done(packs.find("10.199.0.1")).outdated()).isFalse();
        assertThat(refused(packs.download(ACTOR, "10.199.0.1", Optional.of(4))).message())
                .startsWith("home is invalid");
    }

    private void reachable(int... ids) {
        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(),
                                List.of(),
                                List.of(),
                                Arrays.stream(ids)
                                        .mapToObj(id -> Statuses.controller(id, "", ""))
                                        .toList()));
    }

    private List<String> homes() {
        return done(packs.list()).stream()
                .map(pack -> line(done(packs.download(ACTOR, pack.name())).text(), "Endpoint"))
                .map(line -> line.substring("Endpoint = ".length()))
                .toList();
    }

    @Test
    void clientEndpointsAreSharedAndGoWithTheId() {
        EndpointAdmin endpoints = controller.admin.endpoints();
        assertThat(endpoints.list())
                .containsExactly(new EndpointAdmin.Endpoint(1, "10.1.0.10:51820", false));

        done(endpoints.assignOwn(ACTOR, "vpn.example.net"));
        assertThat(endpoints.list())
                .containsExactly(new EndpointAdmin.Endpoint(1, "vpn.example.net:51820", true));
        assertThat(controller.mesh.plan().clientEndpoint()).isEqualTo("vpn.example.net:51820");
        assertThat(line(done(packs.download(ACTOR, "10.199.0.1")).text(), "Endpoint"))
                .isEqualTo("Endpoint = vpn.example.net:51820");

        done(controller.admin.peering().assignSelf(ACTOR, 2));
        assertThat(endpoints.list())
                .containsExactly(new EndpointAdmin.Endpoint(2, "vpn.example.net:51820", true));

        done(endpoints.assignOwn(ACTOR, ""));
        assertThat(endpoints.list())
                .containsExactly(new EndpointAdmin.Endpoint(2, "10.1.0.10:51820", false));
        assertThat(refused(endpoints.assignOwn(ACTOR, "a b")).message())
                .startsWith("endpoint is invalid");
    }

    private static String line(String text, String name) {
        return text.lines().filter(each -> each.startsWith(name)).findFirst().orElseThrow();
    }

    private static String base64(Secret secret) {
        return Base64.getEncoder().encodeToString(secret.reveal());
    }
}
