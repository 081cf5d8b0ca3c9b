package io.peermesh.sim;

import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.sim.SimMesh.Plan;
import org.junit.jupiter.api.Test;

/** How much a mesh of the largest size says when everything happens at once. */
class StormSimTest {
    private static final int CONTROLLERS = 10;
    private static final int CLIENTS = 1000;

    /**
     * Each of ten controllers tells each other one what nine have told it: a change that goes alone
     * costs 81 messages and as many acknowledgements. Together with others it costs a tenth.
     */
    @Test
    void aClientThatConnectsInEachMillisecondCausesNoStorm() {
        try (var mesh = new SimMesh(1, Plan.of(CONTROLLERS, CLIENTS))) {
            mesh.net().stormBeyond(100_000);
            mesh.startControllers();
            mesh.awaitLinks(20 * SECOND);
            mesh.net().conditions(SimNet.Conditions.JITTERY);

            for (int k = 1; k <= CLIENTS; k++) {
                mesh.addClient(1 + k % CONTROLLERS);
                mesh.world().run(MILLISECOND);
            }
            mesh.world().run(2 * SECOND);

            for (SimController each : mesh.controllers()) {
                assertThat(each.status().clients()).hasSize(CLIENTS);
            }
        }
    }
}
