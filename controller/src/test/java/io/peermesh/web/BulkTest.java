package io.peermesh.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.Outcome;
import io.peermesh.admin.PackView;
import io.peermesh.http.TestApi;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with many clientpacks at once, and with connected clients. */
class BulkTest {
    private static final String PACKS = "/overlay/clientpacks";

    private TestApi api;
    private TestBrowser browser;

    @BeforeEach
    void start(@TempDir Path directory) {
        api = new TestApi(directory).ready();
        browser = new TestBrowser(api).loggedIn("admin", TestApi.PASSWORD);
        connected(1, 2);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** These clients are connected here; controller 2 can be reached. */
    private void connected(int... numbers) {
        api.mesh.status =
                Optional.of(
                        new NodeStatus(
                                0,
                                List.of(),
                                IntStream.of(numbers)
                                        .mapToObj(number ->
                                                new NodeStatus.Client(
                                                        IpAddress.literal("10.199.0." + number),
                                                        1,
                                                        Endpoint.parse("192.0.2.9:9"),
                                                        0,
                                                        0,
                                                        0,
                                                        0,
                                                        1))
                                        .toList(),
                                List.of(),
                                List.of(new NodeStatus.Controller(2, "", "", true)),
                                Optional.empty()));
    }

    private TestBrowser.Page post(Map<String, String> fields) {
        browser.get(PACKS);
        return browser.post(PACKS, fields);
    }

    private PackView pack(int number) {
        return ((Outcome.Done<PackView>)
                        api.administration.clientpacks().find("10.199.0." + number))
                .value();
    }

    @Test
    void severalClientsAreMoved() {
        String page = browser.get(PACKS).html();
        var sent =
                post(
                        Map.of(
                                "action", "move",
                                "to", "2",
                                "pack_10_199_0_1", "on",
                                "pack_10_199_0_2", "on"));

        assertThat(page).contains("<option value=\"2\">to controller 2</option>");
        assertThat(sent.status()).isEqualTo(303);
        assertThat(api.mesh.moves).containsExactly("10.199.0.1 to 2", "10.199.0.2 to 2");
        assertThat(browser.get(PACKS).html())
                .contains("On the way to controller 2: 2 clientpacks.");
    }

    @Test
    void aMoveThatIsNotPossibleSaysWhy() {
        for (String to : List.of("3", "1", "x", "")) {
            post(Map.of("action", "move", "to", to, "pack_10_199_0_1", "on"));

            assertThat(browser.get(PACKS).html())
                    .contains("takes no clients of this one now; these do: 2");
        }
        post(Map.of("action", "move", "to", "2", "pack_10_199_0_3", "on"));
        assertThat(browser.get(PACKS).html()).contains("10.199.0.3 is not connected");
        assertThat(api.mesh.moves).isEmpty();
    }

    @Test
    void oneClientIsMovedFromItsPage() {
        String unconnected = browser.get(PACKS + "/10_199_0_3").html();
        String page = browser.get(PACKS + "/10_199_0_1").html();
        browser.post(PACKS + "/10_199_0_1", Map.of("action", "move", "to", "2"));

        assertThat(page).contains("to controller 2</option>");
        assertThat(unconnected).doesNotContain("to controller 2");
        assertThat(api.mesh.moves).containsExactly("10.199.0.1 to 2");
    }

    @Test
    void theApiMovesOne() {
        TestApi.Reply reply =
                api.call("POST", "/api/mesh/v1/clientpacks/10_199_0_1/move", "{\"controller\": 2}");

        assertThat(reply.response().path("to_controller").asInt(0)).isEqualTo(2);
        assertThat(
                        api.call(
                                        "POST",
                                        "/api/mesh/v1/clientpacks/10_199_0_1/move",
                                        "{\"controller\": 9}")
                                .message())
                .contains("controller 9 takes no clients");
        assertThat(api.mesh.moves).containsExactly("10.199.0.1 to 2");
    }

    @Test
    void everyActionWorksOnSeveral() {
        var two = Map.of("pack_10_199_0_1", "on", "pack_10_199_0_2", "on", "confirmed", "yes");
        for (String action :
                List.of("check-out", "disable", "enable", "regenerate", "disconnect")) {
            var fields = new java.util.HashMap<>(two);
            fields.put("action", action);
            assertThat(post(fields).status()).as(action).isEqualTo(303);
            assertThat(pack(1).enabled()).isEqualTo(!action.equals("disable"));
        }

        for (int number = 1; number <= 2; number++) {
            assertThat(pack(number).checkedOut()).isTrue();
            assertThat(pack(number).generation()).isEqualTo(2);
        }
        assertThat(pack(3).checkedOut()).isFalse();
        assertThat(api.mesh.disconnected).hasSize(2);
    }

    @Test
    void allThatAreFoundAreChangedAndTheListIsShownAsItWas() {
        var fields =
                Map.of(
                        "action", "disable",
                        "all", "yes",
                        "q", "",
                        "state", "connected",
                        "sort", "owner",
                        "page", "1");
        String confirmation = post(fields).html();
        var confirmed = new java.util.HashMap<>(fields);
        confirmed.put("confirmed", "yes");
        var sent = post(confirmed);

        assertThat(confirmation)
                .contains("Disable 2 clientpacks?", "10.199.0.1, 10.199.0.2")
                .contains("name=\"sort\" value=\"owner\"", "name=\"pack_10_199_0_2\"");
        assertThat(sent.location()).isEqualTo(PACKS + "?q=&state=connected&sort=owner&page=1");
        assertThat(pack(1).enabled()).isFalse();
        assertThat(pack(2).enabled()).isFalse();
        assertThat(pack(3).enabled()).isTrue();
    }

    @Test
    void noneIsRefused() {
        post(Map.of("action", "disable", "q", "\"><b>", "state", "x"));

        assertThat(browser.get(PACKS).html()).contains("Choose some clientpacks first.");
    }
}
