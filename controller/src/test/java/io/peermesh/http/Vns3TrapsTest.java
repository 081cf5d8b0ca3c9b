package io.peermesh.http;

import static io.peermesh.http.TestApi.PASSWORD;
import static io.peermesh.http.TestApi.TOKEN;
import static io.peermesh.http.TestApi.basic;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What clients of the VNS3 API rely on in general, each where an own implementation would slip. */
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
    void upgradesTheLicenseAsTerraformDoes() {
        api.licensed();

        var upgrade =
                api.send(
                        "PUT",
                        "/api/license/upgrade/",
                        TestApi.license(5, 7),
                        "text/plain",
                        "Authorization",
                        basic(PASSWORD));
        var accepted =
                api.call(
                        "PUT",
                        "/api/license/parameters/",
                        "{\"clients\":\"10.199.0.50,10.199.0.51\",\"managers\":\"10.199.0.100\"}");
        api.endRestart();
        JsonNode license = api.get("/api/license").response();

        assertThat(upgrade.status()).as(upgrade.text()).isEqualTo(200);
        assertThat(upgrade.response().propertyNames())
                .containsExactlyInAnyOrder(
                        "finalized", "uniq", "license", "new_clientpacks", "new_managers");
        assertThat(upgrade.response().path("finalized").asBoolean(true)).isFalse();
        assertThat(upgrade.response().path("new_clientpacks").asInt()).isEqualTo(2);
        assertThat(upgrade.response().path("new_managers").asInt()).isEqualTo(1);
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(200);
        assertThat(license.at("/topology/license_upgrades/0").asString())
                .isEqualTo(upgrade.response().path("uniq").asString());
        assertThat(license.at("/topology/total_clients").asInt()).isEqualTo(7);
        assertThat(license.at("/topology/managers/4/overlay_ipaddress/ip_address").asString())
                .isEqualTo("10.199.0.100");
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
                        "/api/alert/3/toggle_enabled")) {
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
}
