package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.Topology;
import io.peermesh.store.Audits;
import io.peermesh.wire.Payload.Load;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator moves a client to another controller. */
class ClientMoveTest {
    private static final String CLIENT = "10.199.0.1";

    private TestController controller;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new TestController(directory);
        controller.ready();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    /** Controller 1 with 2 and 3, of which 3 drains; the client is connected to this one. */
    private void mesh(int owner) {
        controller.mesh.topology = new Topology(Map.of(), Map.of(3, new Load(true, 0, 10)));
        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(),
                                List.of(Statuses.client(CLIENT, owner, "198.51.100.23:4711")),
                                List.of(),
                                List.of(
                                        Statuses.controller(2, "", ""),
                                        Statuses.controller(3, "", ""))));
    }

    private Outcome<IpAddress> move(int to) {
        return controller.admin.clientpacks().move(ACTOR, "10_199_0_1", to);
    }

    @Test
    void goesToAControllerThatTakesClientsAndIsAudited() {
        mesh(1);

        done(move(2));

        assertThat(controller.admin.clientpacks().heirs()).containsExactly(2);
        assertThat(controller.mesh.moves)
                .containsExactly(new FakeMesh.Move(IpAddress.literal(CLIENT), 2));
        List<Audits.Row> audit = controller.store.read(tx -> tx.audits().newest(1));
        assertThat(audit)
                .first()
                .satisfies(row -> {
                    assertThat(row.action()).isEqualTo("move-client");
                    assertThat(row.target()).isEqualTo("10_199_0_1 to controller 2");
                });
    }

    @Test
    void aControllerThatDrainsIsThisOneOrUnknownIsNoHeir() {
        mesh(1);

        for (int to : new int[] {1, 3, 4, 99}) {
            assertThat(refused(move(to)).message())
                    .isEqualTo(
                            "controller " + to + " takes no clients of this one now; these do: 2");
        }
        assertThat(controller.mesh.moves).isEmpty();
    }

    @Test
    void isMovedWhereItIsConnected() {
        assertThat(refused(move(2)).message()).endsWith("is not connected");
        mesh(2);

        assertThat(refused(move(3)).message())
                .isEqualTo(
                        "Overlay IP address 10.199.0.1 is connected to controller 2; move it"
                                + " there");
    }

    @Test
    void whatTheMeshDoesNotDoIsNoSuccess() {
        mesh(1);
        controller.mesh.takesMoves = false;

        assertThat(refused(move(2)).message()).contains("takes no clients of this one now");
    }
}
