package io.peermesh.sim;

import static io.peermesh.sim.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.Desired;
import io.peermesh.testing.Seeds;
import org.junit.jupiter.api.Test;

/** The goals of failover with default settings, in simulated time. */
class FailoverSimTest {
    @Test
    void clientsOfAKilledControllerAreBackWithinHalfASecond() {
        Seeds.each(
                3,
                seed -> {
                    Failover.Result result = Failover.killed(seed, 100);

                    assertThat(result.outageNanos()).hasSize(100);
                    assertThat(result.millis(0.5)).as("p50, ms").isLessThanOrEqualTo(500);
                    assertThat(result.millis(1)).as("the slowest, ms").isLessThanOrEqualTo(2000);
                });
    }

    @Test
    void theLastControllerTakesOverEvenIfItDrains() {
        Seeds.each(
                3,
                seed -> {
                    try (var mesh = new SimMesh(seed, SimMesh.Plan.of(2, 2))) {
                        mesh.startControllers();
                        mesh.addClients();
                        mesh.awaitLinks(20 * SECOND);
                        mesh.awaitClients(20 * SECOND);
                        SimController last = mesh.controller(2);
                        var drains = new Desired.Load(true, 10, 60);
                        last.configure(new Configured(last.desired()).load(drains).desired());
                        mesh.world().run(5 * SECOND);

                        mesh.controller(1).crash();

                        IpAddress to = last.overlayAddress();
                        mesh.awaitPing(mesh.client(1).stack(), to, 5 * SECOND);
                        mesh.awaitPing(mesh.client(2).stack(), to, 5 * SECOND);
                    }
                });
    }

    @Test
    void aSilentCutIsRoutedAroundWithinAFifthOfASecond() {
        Failover.Result result = Failover.linkCut(new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});

        assertThat(result.millis(0.5)).as("p50, ms").isLessThanOrEqualTo(200);
        assertThat(result.millis(1)).as("the slowest, ms").isLessThanOrEqualTo(250);
    }
}
