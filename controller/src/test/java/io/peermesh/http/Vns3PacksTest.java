package io.peermesh.http;

import static io.peermesh.http.TestApi.PASSWORD;
import static io.peermesh.http.TestApi.basic;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Endpoint;
import io.peermesh.node.NodeStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What clients of the VNS3 API rely on in clientpacks and clients, each where an own implementation
 * would slip.
 */
class Vns3PacksTest {
    @TempDir Path directory;
    private TestApi api;

    @BeforeEach
    void start() {
        api = new TestApi(directory);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void neverMatchesTheErrorPatternWithATagOfThatName() {
        api.ready();
        TestApi.expect(
                api.call(
                        "POST",
                        "/api/clientpack/10_199_0_1",
                        "{\"key\":\"error\",\"value\":\"x\"}"));

        for (String path : List.of("/api/clientpacks", "/api/clientpacks/10_199_0_1")) {
            assertThat(api.get(path).text()).doesNotContainPattern("\\{\"error\".*\\}");
        }
    }

    @Test
    void downloadsWithExactContentTypes() {
        api.ready();

        var conf = api.get("/api/clientpack?name=10_199_0_1&fileformat=conf");
        var zip = api.get("/api/clientpack/10_199_0_1.zip");
        var tar = api.get("/api/clientpack/10.199.0.1.tarball");

        assertThat(conf.contentType()).contains("text/plain");
        assertThat(conf.name()).isEqualTo("attachment; filename=10_199_0_1.conf");
        assertThat(conf.text()).contains("[Interface]", "PersistentKeepalive = 25");
        assertThat(zip.contentType()).contains("application/octet-stream");
        assertThat(tar.contentType()).contains("application/octet-stream");
    }

    @Test
    void packsTheSameConfigurationIntoArchives() throws IOException {
        api.ready();
        String conf = api.get("/api/clientpack/10_199_0_1.conf").text();

        var zip =
                new ZipInputStream(
                        new ByteArrayInputStream(
                                api.get("/api/clientpack/10_199_0_1.zip").bytes()));
        var tar =
                new GZIPInputStream(
                                new ByteArrayInputStream(
                                        api.get("/api/clientpack/10_199_0_1.tar.gz").bytes()))
                        .readAllBytes();

        assertThat(zip.getNextEntry().getName()).isEqualTo("10_199_0_1.conf");
        assertThat(new String(zip.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(conf);
        assertThat(new String(tar, 0, 15, StandardCharsets.UTF_8)).isEqualTo("10_199_0_1.conf");
        assertThat(
                        new String(
                                tar,
                                512,
                                conf.getBytes(StandardCharsets.UTF_8).length,
                                StandardCharsets.UTF_8))
                .isEqualTo(conf);
    }

    @Test
    void downloadsWithTheParametersInTheBodyOfAGet() {
        api.ready();

        var reply =
                api.send(
                        "GET",
                        "/api/clientpack",
                        "{\"name\":\"10_199_0_1\",\"fileformat\":\"conf\"}",
                        "application/x-www-form-urlencoded",
                        "Authorization",
                        basic(PASSWORD));

        assertThat(reply.text()).contains("[Interface]");
    }

    @Test
    void refusesOpenVpnInWords() {
        assertThat(api.ready().get("/api/clientpack/10_199_0_1.ovpn").message())
                .contains("WireGuard", "conf");
    }

    @Test
    void keepsExtraFieldsOutOfStrictAnswers() {
        api.ready();

        JsonNode next = api.call("POST", "/api/clientpacks/next_available", "{}").response();
        JsonNode changed =
                api.call(
                                "PUT",
                                "/api/clientpack",
                                "{\"name\":\"10_199_0_2\",\"enabled\":\"false\"}")
                        .response();

        assertThat(next.path("overlay_ipaddress").asString()).isEqualTo("10.199.0.1");
        assertThat(next.path("checked_out").asBoolean()).isTrue();
        assertThat(changed.path("enabled").asBoolean(true)).isFalse();
        assertThat(next.has("outdated")).isFalse();
        assertThat(changed.has("outdated")).isFalse();
    }

    @Test
    void answersARegeneratedPackWithATaskThatIsFinished() {
        api.ready();

        JsonNode task =
                api.call("PUT", "/api/clientpack", "{\"name\":\"10_199_0_1\",\"regenerate\":true}")
                        .response();
        String token = task.path("token").asString();

        assertThat(task.path("token").isString()).isTrue();
        assertThat(task.path("status").asString()).isEqualTo("submitted");
        assertThat(
                        api.get("/api/status/task?token=" + token)
                                .response()
                                .path("task_status")
                                .asString())
                .isEqualTo("finished_ok");
        assertThat(
                        api.call("GET", "/api/status/task", "{\"token\":\"" + token + "\"}")
                                .response()
                                .path("task_status")
                                .asString())
                .isEqualTo("finished_ok");
        assertThat(api.get("/api/status/task?token=other").status()).isEqualTo(404);
    }

    @Test
    void nestsASingleClientpackOneLevelDeeper() {
        JsonNode one = api.ready().get("/api/clientpacks/10_199_0_1").response();

        assertThat(one.at("/clientpack/name").asString()).isEqualTo("10_199_0_1");
    }

    @Test
    void keysClientpacksByOverlayAddress() {
        JsonNode packs = api.ready().get("/api/clientpacks?sorted=true").response();

        assertThat(packs.size()).isEqualTo(5);
        assertThat(packs.at("/10.199.0.3/sequential_id").asInt()).isEqualTo(3);
    }

    @Test
    void setsAndRemovesTagsWithABodyInTheDelete() {
        api.ready();

        var put =
                api.call(
                        "POST",
                        "/api/clientpack/10_199_0_1",
                        "{\"key\":\"role\",\"value\":\"web\"}");
        var removed = api.call("DELETE", "/api/clientpack/10_199_0_1", "{\"key\":\"role\"}");
        var bad =
                api.call(
                        "POST",
                        "/api/clientpack/10_199_0_1",
                        "{\"key\":\"no blanks\",\"value\":\"x\"}");

        assertThat(put.response().at("/tags/role").asString()).isEqualTo("web");
        assertThat(removed.response().path("tags").size()).isZero();
        assertThat(bad.message()).startsWith("bad tag key: ");
    }

    @Test
    void changesAllClientpacks() {
        api.ready();

        var reply = api.call("PUT", "/api/clientpacks", "{\"enabled\":false}");

        assertThat(reply.response().path("enabled").asBoolean(true)).isFalse();
        assertThat(api.get("/api/clientpacks").response().at("/10.199.0.4/enabled").asBoolean(true))
                .isFalse();
    }

    @Test
    void refusesSecurityThatPacksDoNotHave() {
        api.ready();

        assertThat(
                        api.call(
                                        "PUT",
                                        "/api/clientpack",
                                        "{\"name\":\"10_199_0_1\",\"auth_on\":true}")
                                .status())
                .isEqualTo(400);
        assertThat(
                        api.call(
                                        "PUT",
                                        "/api/clientpack",
                                        "{\"name\":\"10_199_0_1\",\"psk_on\":\"off\"}")
                                .status())
                .isEqualTo(400);
    }

    @Test
    void disconnectsClientsThatAreConnectedAndSaysSoOfOthers() {
        api.ready();
        connect("10.199.0.1");

        var done = api.call("POST", "/api/client/reset", "{\"name\":\"10_199_0_1\"}");
        var idle = api.call("PUT", "/api/clientpack/10_199_0_2", "{\"disconnect\":true}");
        var all = api.call("POST", "/api/clients/reset_all", "");

        assertThat(done.response().path("disconnecting").asBoolean()).isTrue();
        assertThat(idle.message()).isEqualTo("Overlay IP address 10.199.0.2 is not connected");
        assertThat(all.response().path("resetting").toString()).isEqualTo("[\"10.199.0.1\"]");
        assertThat(api.mesh.disconnected).hasSize(2);
    }

    @Test
    void showsConnectedClientsWithTheOwnersIdAsANumber() {
        api.ready();
        connect("10.199.0.1");

        JsonNode clients = api.get("/api/status/clients").response();
        JsonNode pack = api.get("/api/clientpacks").response().path("10.199.0.1");

        assertThat(clients.at("/10.199.0.1/managerid").asInt()).isEqualTo(1);
        assertThat(clients.at("/10.199.0.1/ipaddress").asString()).isEqualTo("198.51.100.23");
        assertThat(pack.path("manager_id").isString()).isTrue();
        assertThat(pack.path("status").asString()).isEqualTo("connected");
    }

    private void connect(String client) {
        api.mesh.status =
                Optional.of(
                        new NodeStatus(
                                1_000_000_000L,
                                List.of(),
                                List.of(
                                        new NodeStatus.Client(
                                                TestApi.overlay(client),
                                                1,
                                                Endpoint.parse("198.51.100.23:4711"),
                                                0,
                                                0,
                                                10,
                                                20,
                                                1)),
                                List.of(),
                                List.of(),
                                Optional.empty()));
    }
}
