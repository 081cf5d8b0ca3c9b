package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.ControllerProcess;
import io.peermesh.demo.Deployment;
import io.peermesh.demo.Rig;
import io.peermesh.demo.WireguardClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Four controllers in four steps: a license and a keyset at the first, a join at each other. */
@ExtendWith(NeedsNamespaces.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class JoinIT {
    private static final Duration USUAL = Duration.ofSeconds(10);

    private Rig rig;
    private Deployment mesh;

    @BeforeAll
    void start() {
        rig = Rig.open();
        mesh = Deployment.joined(rig, Deployment.Options.usual(4));
    }

    @AfterAll
    void stop() {
        mesh.close();
        rig.close();
    }

    private List<String> all(String path, String field) {
        return mesh.controllers().stream()
                .map(controller -> controller.api().get(path).response())
                .map(response -> response.path(field).asString(""))
                .toList();
    }

    @Test
    void eachHasAnIdOfItsOwnAndTheSameTopology() {
        assertThat(all("/api/peering", "id")).containsExactlyInAnyOrder("1", "2", "3", "4");
        assertThat(all("/api/config", "topology_checksum")).hasSize(4).containsOnly(checksum());
    }

    private String checksum() {
        return all("/api/config", "topology_checksum").getFirst();
    }

    @Test
    void allPeerWithAllUnderTheAddressesThatTheyWereSeenUnder() {
        for (ControllerProcess one : mesh.controllers()) {
            List<String> expected =
                    mesh.controllers().stream()
                            .filter(other -> other != one)
                            .map(other -> other.machine().ipv4())
                            .toList();

            List<String> addresses =
                    one.api()
                            .get("/api/peering")
                            .response()
                            .path("controllers")
                            .valueStream()
                            .filter(entry -> entry.hasNonNull("address"))
                            .map(entry -> entry.path("address").asString())
                            .toList();

            assertThat(addresses).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void trafficReachesEveryControllerAndTheirClients() {
        WireguardClient alice = mesh.attach("alice", 0, 1);
        WireguardClient bob = mesh.attach("bob", 1, 2);

        assertThat(Traffic.reachesWithin(USUAL, alice.machine(), bob.address())).isTrue();
        for (String overlay : all("/api/config", "overlay_ipaddress")) {
            assertThat(Traffic.reachesWithin(USUAL, alice.machine(), overlay)).as(overlay).isTrue();
        }
    }

    @Test
    void theOthersNoteWhoJoinedAndWhere() {
        JsonNode events =
                mesh.controller(1)
                        .api()
                        .get("/api/mesh/v1/events?kind=controller_joined")
                        .response();

        assertThat(events.size()).isEqualTo(3);
        assertThat(events.toString()).contains(mesh.controller(2).machine().ipv4());
    }
}
