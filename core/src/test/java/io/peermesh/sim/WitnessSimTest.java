package io.peermesh.sim;

import static io.peermesh.sim.OwnershipSimTest.assertOneOwnerEach;
import static io.peermesh.sim.OwnershipSimTest.connectedAt;
import static io.peermesh.sim.OwnershipSimTest.moves;
import static io.peermesh.sim.OwnershipSimTest.outageNanos;
import static io.peermesh.sim.OwnershipSimTest.start;
import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.sim.SimMesh.Plan;
import io.peermesh.testing.Seeds;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A cut, and then the side that kept the clients dies: the other side must notice, though it hears
 * nothing of it; and must not believe it while that side lives.
 */
class WitnessSimTest {
    private static void cut(SimMesh mesh, List<Integer> some, List<Integer> others) {
        for (int one : some) {
            for (int other : others) {
                mesh.net().cut(mesh.host(one), mesh.host(other));
            }
        }
    }

    private static Set<IpAddress> clientsAt(SimMesh mesh, List<Integer> controllers) {
        var clients = new HashSet<IpAddress>();
        controllers.forEach(id -> clients.addAll(connectedAt(mesh.controller(id))));
        return clients;
    }

    @Test
    void theSmallerSideOfTwoTakesOverWhenTheLargerDiesDuringTheCut() {
        Seeds.each(8, seed -> diesDuringTheCut(seed, Plan.of(2, 8), List.of(2), List.of(1)));
    }

    @Test
    void theSmallerSideOfFiveTakesOverWhenTheLargerDiesDuringTheCut() {
        Seeds.each(
                6, seed -> diesDuringTheCut(seed, Plan.of(5, 40), List.of(1, 2), List.of(3, 4, 5)));
    }

    private static void diesDuringTheCut(
            long seed, Plan plan, List<Integer> smaller, List<Integer> larger) {
        try (var mesh = new SimMesh(seed, plan)) {
            start(mesh);
            cut(mesh, smaller, larger);
            mesh.world().run(15 * SECOND + mesh.world().random().nextLong(5 * SECOND));
            assertThat(clientsAt(mesh, larger)).hasSize(plan.clients());

            larger.forEach(id -> mesh.controller(id).crash());
            mesh.world().run(40 * SECOND);

            assertThat(clientsAt(mesh, smaller)).hasSize(plan.clients());
            for (int k = 2; k <= plan.clients(); k++) {
                assertThat(outageNanos(mesh, mesh.client(1).stack(), SimMesh.clientAddress(k)))
                        .as("client 1 to %d", k)
                        .isLessThan(100 * MILLISECOND);
            }
        }
    }

    @Test
    void anOldCutMovesNobodyTwice() {
        Seeds.each(2, seed -> staysCut(seed, 0, 0));
    }

    @Test
    void anOldCutMovesNobodyTwiceThoughTheClocksDiffer() {
        Seeds.each(1, seed -> staysCut(seed, 0, 40 * SECOND));
        Seeds.each(1, seed -> staysCut(seed, 40 * SECOND, 0));
        Seeds.each(1, seed -> staysCut(seed, 0, 600 * SECOND));
        Seeds.each(1, seed -> staysCut(seed, 600 * SECOND, 0));
    }

    private static void staysCut(long seed, long ahead1, long ahead2) {
        try (var mesh = new SimMesh(seed, Plan.of(2, 8))) {
            mesh.controller(1).stepClock(ahead1);
            mesh.controller(2).stepClock(ahead2);
            start(mesh);
            mesh.net().cut(mesh.host(1), mesh.host(2));
            mesh.world().run(20 * SECOND);
            assertThat(moves(mesh)).hasSize(4);

            mesh.world().run(240 * SECOND);

            assertThat(connectedAt(mesh.controller(1))).hasSize(8);
            assertThat(moves(mesh)).as("moves while the cut lasts").hasSize(4);
            mesh.net().healAll();
            mesh.world().run(200 * SECOND);
            assertThat(moves(mesh)).as("moves after it has healed").hasSize(4);
            assertOneOwnerEach(mesh);
        }
    }
}
