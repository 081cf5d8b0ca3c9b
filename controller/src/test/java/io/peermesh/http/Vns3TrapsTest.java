package io.peermesh.http;

import static io.peermesh.http.TestApi.PASSWORD;
import static io.peermesh.http.TestApi.TOKEN;
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

/** What clients of the VNS3 API rely on, each where an own implementation would slip. */
class Vns3TrapsTest {
    private static final String END = " HTTP/1.1\r\nHost: x\r\nAuthorization: " + basic(PASSWORD);

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
    void goesDownByDroppingConnectionsAfterLicenseParameters() throws IOException {
        api.send(
                "PUT",
                "/api/license",
                TestApi.license(),
                "text/plain",
                "Authorization",
                basic(PASSWORD));
        String body = "{\"default\": true}";

        try (var connection = api.connect()) {
            var answer =
                    connection.exchange(
                            "PUT /api/license/parameters"
                                    + END
                                    + "\r\nContent-Length: "
                                    + body.length()
                                    + "\r\n\r\n"
                                    + body);

            assertThat(answer.orElseThrow().status()).isEqualTo(200);
            assertThat(connection.exchange("GET /api/config" + END + "\r\n\r\n")).isEmpty();
        }
    }

    @Test
    void goesDownOnRebootAndKeepsTheOwnApiUp() throws IOException {
        assertThat(
                        api.call("PUT", "/api/server", "{\"reboot\": \"true\"}")
                                .response()
                                .path("status")
                                .asString())
                .isEqualTo("rebooting");

        try (var connection = api.connect()) {
            assertThat(connection.exchange("GET /api/config" + END + "\r\n\r\n")).isEmpty();
        }
        assertThat(api.get("/api/mesh/v1/status").status()).isEqualTo(200);
    }

    @Test
    void refusesAnEmptyReboot() {
        assertThat(api.call("PUT", "/api/server", "{}").message()).isEqualTo("Nothing to do");
    }

    @Test
    void hasTheExactTextsBeforeTheLicense() {
        for (String path : List.of("/api/license", "/api/keyset", "/api/status")) {
            var reply = api.get(path);

            assertThat(reply.status()).as(path).isEqualTo(403);
            assertThat(reply.message()).as(path).isEqualTo("Must be licensed first.");
        }
    }

    @Test
    void hasTheExactTextForAKeysetThatExists() {
        api.withKeyset();

        var reply = api.call("PUT", "/api/keyset", "{\"token\": \"" + TOKEN + "\"}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo("Keyset already exists.");
    }

    @Test
    void saysThatTheTokenIsMissing() {
        assertThat(api.licensed().call("PUT", "/api/keyset", "{}").message())
                .isEqualTo("token is missing");
    }

    @Test
    void fetchesAKeysetStraightFromInProgressToDown(@TempDir Path other) {
        api.ready();
        String fetch =
                "{\"source\": \"127.0.0.1:" + api.port() + "\", \"token\": \"" + TOKEN + "\"}";

        try (var second = new TestApi(other)) {
            var begun = second.call("PUT", "/api/keyset", fetch);
            second.awaitKeyset();
            var again = second.call("PUT", "/api/keyset", fetch);
            JsonNode keyset = second.get("/api/keyset").response();

            assertThat(begun.status()).isEqualTo(200);
            assertThat(begun.response().path("in_progress").asBoolean()).isTrue();
            assertThat(begun.response().path("started_at_i").isInt()).isTrue();
            assertThat(again.message()).isEqualTo("Keyset already exists.");
            assertThat(keyset.path("keyset_present").asBoolean()).isTrue();
            assertThat(keyset.path("in_progress").asBoolean(true)).isFalse();
            assertThat(keyset.path("checksum"))
                    .isEqualTo(api.get("/api/keyset").response().path("checksum"));
            assertThat(second.get("/api/config").response().path("licensed").asBoolean()).isTrue();
        }
    }

    @Test
    void startsAnewWithAnotherTimeAfterAFailedFetch() {
        String fetch = "{\"source\": \"127.0.0.1:1\", \"token\": \"" + TOKEN + "\"}";

        int first = api.call("PUT", "/api/keyset", fetch).response().path("started_at_i").asInt();
        JsonNode failed = api.awaitKeyset();
        int second = api.call("PUT", "/api/keyset", fetch).response().path("started_at_i").asInt();
        api.awaitKeyset();

        assertThat(failed.path("failure").asString()).contains("127.0.0.1:1");
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void reportsAVersionThatTheClientsAccept() {
        String version = api.get("/api/config").response().path("vns3_version").asString();

        assertThat(version).matches("6\\.\\d+\\.\\d+-\\w+");
    }

    @Test
    void neverTellsTheSecurityToken() {
        api.withKeyset();

        for (String path :
                List.of(
                        "/api/config",
                        "/api/keyset",
                        "/api/mesh/v1/status",
                        "/api/mesh/v1/events")) {
            assertThat(api.get(path).text()).as(path).doesNotContain(TOKEN);
        }
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
    void answersCreationsWith200ExceptTokensWith201() {
        api.ready();

        assertThat(
                        api.call("POST", "/api/peering/peers", "{\"id\":2,\"name\":\"10.1.0.11\"}")
                                .status())
                .isEqualTo(200);
        assertThat(api.call("POST", "/api/routes", "{\"cidr\":\"10.1.0.0/24\"}").status())
                .isEqualTo(200);
        assertThat(api.call("POST", "/api/access/token", "{}").status()).isEqualTo(201);
    }

    @Test
    void servesTrailingSlashesOfTheOldGoClient() {
        assertThat(
                        api.send(
                                        "PUT",
                                        "/api/license/",
                                        TestApi.license(),
                                        "text/plain",
                                        "Authorization",
                                        basic(PASSWORD))
                                .status())
                .isEqualTo(200);
        assertThat(api.call("PUT", "/api/license/parameters/", "{\"default\":\"True\"}").status())
                .isEqualTo(200);
    }

    @Test
    void takesListsWithCommasFromTerraformAndWithBlanksFromOthers() {
        api.send(
                "PUT",
                "/api/license",
                TestApi.license(),
                "text/plain",
                "Authorization",
                basic(PASSWORD));

        var reply =
                api.call(
                        "PUT",
                        "/api/license/parameters",
                        "{\"subnet\":\"10.9.0.0/24\",\"managers\":\"10.9.0.1, 10.9.0.2\","
                                + "\"asns\":\"65001 65002\",\"clients\":\"10.9.0.10-10.9.0.12\","
                                + "\"my_manager_vip\":\"10.9.0.254\"}");

        JsonNode parameters = reply.response().path("parameters");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(parameters.path("subnet").asString()).isEqualTo("10.9.0.0/24");
        assertThat(parameters.path("managers").size()).isEqualTo(2);
        assertThat(parameters.path("controllers")).isEqualTo(parameters.path("managers"));
        assertThat(parameters.path("clients").size()).isEqualTo(3);
    }

    @Test
    void givesTheLicenseTheTypesThatTerraformReads() {
        JsonNode license = api.licensed().get("/api/license").response();

        assertThat(license.path("finalized").isBoolean()).isTrue();
        assertThat(license.path("uploaded_at_i").isInt()).isTrue();
        assertThat(license.at("/topology/managers/0/manager_id").isInt()).isTrue();
        assertThat(license.at("/topology/managers/0/asn").isInt()).isTrue();
        assertThat(license.at("/topology/clients/0/octets/0").asInt()).isEqualTo(10);
        assertThat(license.at("/topology/license_upgrades").isArray()).isTrue();
    }

    @Test
    void takesBooleansAndNumbersAsStrings() {
        api.ready();

        var peer =
                api.call(
                        "POST",
                        "/api/peering/peers",
                        "{\"id\":\"2\",\"name\":\"10.1.0.11\",\"overlay_mtu\":\"1400\",\"force\":\"True\"}");
        var route =
                api.call(
                        "POST",
                        "/api/routes",
                        "{\"cidr\":\"10.1.0.0/24\",\"advertise\":\"False\",\"metric\":\"7\"}");

        assertThat(peer.response().at("/managers/2/mtu").asString()).isEqualTo("1400");
        assertThat(only(route).path("advertise").isBoolean()).isTrue();
        assertThat(only(route).path("metric").asInt()).isEqualTo(7);
    }

    @Test
    void takesTheNestedIdOfAnOldScript() {
        assertThat(
                        api.withKeyset()
                                .call(
                                        "PUT",
                                        "/api/peering/self",
                                        "{\"force\":true,\"id\":{\"id\":2}}")
                                .response()
                                .path("id")
                                .asInt())
                .isEqualTo(2);
    }

    @Test
    void givesPeersTheTypesThatTheClientsRead() {
        api.withKeyset();
        JsonNode before = api.get("/api/peering").response();
        api.call("PUT", "/api/peering/self", "{\"id\":1}");

        JsonNode after =
                api.call("POST", "/api/peering/peers", "{\"id\":2,\"name\":\"10.1.0.11\"}")
                        .response();

        assertThat(before.has("id")).isFalse();
        assertThat(before.path("peered").asBoolean(true)).isFalse();
        assertThat(after.path("id").isInt()).isTrue();
        assertThat(after.at("/managers/1/self").asBoolean()).isTrue();
        assertThat(after.at("/managers/2/mtu").isString()).isTrue();
        assertThat(after.at("/managers/2/reachable").isBoolean()).isTrue();
        assertThat(after.at("/managers/3/not_set").asBoolean()).isTrue();
        assertThat(after.at("/managers/3/id").isInt()).isTrue();
        assertThat(after.path("controllers")).isEqualTo(after.path("managers"));
    }

    @Test
    void deletesPeersThatWereNeverSetAsTerraformDoes() {
        api.ready();

        for (int id = 2; id <= 4; id++) {
            assertThat(api.call("DELETE", "/api/peering/peers/" + id, "").status()).isEqualTo(200);
        }
        assertThat(api.call("DELETE", "/api/peering/peers/20", "").message())
                .startsWith("20 is invalid as controller id");
    }

    @Test
    void postsAPeerTwiceWithTheSameEnd() {
        api.ready();
        String body = "{\"id\":2,\"name\":\"10.1.0.11\"}";

        var first = api.call("POST", "/api/peering/peers", body);
        var second = api.call("POST", "/api/peering/peers", body);

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.response()).isEqualTo(first.response());
    }

    @Test
    void hasTheTextsOfPeeringErrors() {
        api.ready();

        assertThat(api.call("PUT", "/api/peering/self", "{\"id\":\"x\"}").message())
                .isEqualTo("id is invalid");
        assertThat(
                        api.call("POST", "/api/peering/peers", "{\"id\":5,\"name\":\"10.1.0.11\"}")
                                .message())
                .startsWith("5 is an invalid controller id");
        assertThat(
                        api.call(
                                        "PUT",
                                        "/api/peering/peers/2",
                                        "{\"name\":\"10.1.0.11\",\"overlay_mtu\":\"big\"}")
                                .message())
                .startsWith("mtu must be an integer between 500 and");
        assertThat(
                        api.call(
                                        "POST",
                                        "/api/peering/peers",
                                        "{\"id\":2,\"name\":\"10.1.0.11\",\"overlay_mtu\":499}")
                                .message())
                .startsWith("mtu must be an integer between 500 and");
    }

    @Test
    void answersRoutesAsAnObjectEvenWhenEmpty() {
        assertThat(api.ready().get("/api/routes").text()).isEqualTo("{\"response\":{}}");
    }

    @Test
    void givesEachRouteTheFieldsWithoutWhichTerraformPanics() {
        api.ready();

        JsonNode route =
                only(
                        api.call(
                                "POST",
                                "/api/routes",
                                "{\"cidr\":\"10.1.0.0/24\",\"interface\":\"_notset\",\"gateway\":\"_notset\",\"advertise\":true}"));

        assertThat(route.path("id").isInt()).isTrue();
        assertThat(route.path("metric").isInt()).isTrue();
        for (String field : List.of("advertise", "enabled", "editable")) {
            assertThat(route.path(field).isBoolean()).as(field).isTrue();
        }
        assertThat(route.path("gateway").asString()).isEqualTo("_notset");
        assertThat(route.path("netmask").asString()).isEqualTo("255.255.255.0");
    }

    @Test
    void disablesEnablesAndDeletesARoute() {
        api.ready();
        int id =
                only(api.call("POST", "/api/routes", "{\"cidr\":\"10.1.0.0/24\"}"))
                        .path("id")
                        .asInt();

        assertThat(
                        api.call("PUT", "/api/routes/" + id + "/disable", "")
                                .response()
                                .path("enabled")
                                .asBoolean(true))
                .isFalse();
        assertThat(
                        api.call("PUT", "/api/routes/" + id + "/enable", "")
                                .response()
                                .path("enabled")
                                .asBoolean())
                .isTrue();
        assertThat(api.call("DELETE", "/api/routes/" + id, "{}").text())
                .isEqualTo("{\"response\":{}}");
        assertThat(api.call("DELETE", "/api/routes/" + id, "").message())
                .isEqualTo("bad route id or route not found");
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
                                                20)),
                                List.of(),
                                List.of()));
    }

    @Test
    void hasAWholeStatusAndAnEmptyIpsec() {
        JsonNode status = api.ready().get("/api/status").response();

        assertThat(status.path("connected_clients").isObject()).isTrue();
        assertThat(status.path("connected_subnets").isArray()).isTrue();
        assertThat(status.path("ipsec").size()).isZero();
        assertThat(api.get("/api/status/ipsec").text()).isEqualTo("{\"response\":{}}");
    }

    @Test
    void hasNoHistoryOfIpsecLinks() {
        api.ready();

        assertThat(
                        api.get("/api/status/link_history?remote=10.0.0.1&tunnelid=1")
                                .response()
                                .path("history")
                                .isEmpty())
                .isTrue();
        assertThat(api.get("/api/status/link_history?remote=x").message())
                .isEqualTo("bad or invalid remote");
    }

    @Test
    void tellsOfTheMachine() {
        JsonNode system = api.ready().get("/api/status/system").response();

        assertThat(system.path("timestamp_i").isInt()).isTrue();
        assertThat(system.path("uptime").isIntegralNumber()).isTrue();
        assertThat(system.path("loadavg").size()).isEqualTo(3);
        assertThat(system.at("/diskinfo/0").size()).isEqualTo(5);
    }

    @Test
    void answersCloudDataInTheOnlyFormThatTheGoClientTakes() {
        assertThat(api.get("/api/cloud_data").response().path("cloud_data").toString())
                .isEqualTo("{\"projectId\":\"none\"}");
    }

    @Test
    void writesDatesOfTokensInRfc3339AndShowsATokenOnce() {
        JsonNode token =
                api.call(
                                "POST",
                                "/api/access/token",
                                "{\"expires\":\"7200\",\"name\":\"ci\",\"refreshes\":\"true\"}")
                        .response();
        JsonNode listed = api.get("/api/access/tokens").response().get(0);

        assertThat(token.path("created_at").asString()).isEqualTo("2026-03-01T10:20:30Z");
        assertThat(token.path("expires_at").asString()).isEqualTo("2026-03-01T12:20:30Z");
        assertThat(token.path("lifetime").asString()).isEqualTo("2h");
        assertThat(token.path("token").asString()).hasSizeGreaterThan(30);
        assertThat(listed.has("token")).isFalse();
    }

    @Test
    void expiresAndDeletesTokens() {
        int id = api.call("POST", "/api/access/token", "{}").response().path("id").asInt();
        String path = "/api/access/token/" + id;

        assertThat(
                        api.call("PUT", path, "{\"expired\":true}")
                                .response()
                                .path("expired")
                                .asBoolean())
                .isTrue();
        assertThat(api.call("DELETE", path, "").text())
                .isEqualTo("{\"response\":\"Token deleted\"}");
        assertThat(api.get(path).message()).isEqualTo("Requested api token does not exist");
        assertThat(api.get("/api/access/token/x").status()).isEqualTo(404);
    }

    @Test
    void changesThePasswordForTheVeryNextRequest() {
        TestApi.expect(api.call("PUT", "/api/api_password", "{\"password\":\"second-password\"}"));

        assertThat(
                        api.send(
                                        "GET",
                                        "/api/config",
                                        "",
                                        "application/json",
                                        "Authorization",
                                        basic("second-password"))
                                .status())
                .isEqualTo(200);
        assertThat(api.get("/api/config").status()).isEqualTo(401);
    }

    @Test
    void changesTheUi() {
        JsonNode ui =
                api.call(
                                "PUT",
                                "/api/admin_ui",
                                "{\"enabled\":\"true\",\"admin_username\":\"vnscubed\",\"admin_password\":\"ui-password\"}")
                        .response();

        assertThat(ui.path("enabled").asBoolean()).isTrue();
        assertThat(ui.path("username").asString()).isEqualTo("vnscubed");
    }

    @Test
    void refusesInWordsWhatItDoesNotOffer() {
        for (String path :
                List.of(
                        "/api/firewall/rules",
                        "/api/v2/firewall/rule-groups/x",
                        "/api/snapshots",
                        "/api/alert/3/toggle_enabled",
                        "/api/license/upgrade/")) {
            var reply = api.call("PUT", path, "{}");

            assertThat(reply.status()).as(path).isEqualTo(403);
            assertThat(reply.message()).as(path).contains("does not offer");
        }
    }

    @Test
    void putsTheConfigurationTwiceWithTheSameEnd() {
        String body =
                "{\"topology_name\":\"prod\",\"controller_name\":\"fra-1\",\"ntp_hosts\":\"a.example b.example\"}";

        var first = api.call("PUT", "/api/config", body);
        var second = api.call("PUT", "/api/config", body);

        assertThat(second.response()).isEqualTo(first.response());
        assertThat(second.response().path("topology_name").asString()).isEqualTo("prod");
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        try (var connection = api.connect()) {
            connection.send("HEAD /api/config" + END + "\r\n\r\n");
            connection.send("GET /api/config" + END + "\r\n\r\n");

            assertThat(connection.readHead().status()).isEqualTo(200);
            assertThat(connection.read().orElseThrow().text()).startsWith("{\"response\"");
        }
    }

    private static JsonNode only(TestApi.Reply routes) {
        assertThat(routes.response().size()).as(routes.text()).isEqualTo(1);
        return routes.response().iterator().next();
    }
}
