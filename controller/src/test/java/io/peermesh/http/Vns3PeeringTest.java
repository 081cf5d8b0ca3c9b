package io.peermesh.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What clients of the VNS3 API rely on in peering and routes, each where an own implementation
 * would slip.
 */
class Vns3PeeringTest {
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

    private static JsonNode only(TestApi.Reply routes) {
        assertThat(routes.response().size()).as(routes.text()).isEqualTo(1);
        return routes.response().iterator().next();
    }
}
