package io.peermesh.sim;

import static io.peermesh.sim.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.Report;
import io.peermesh.sim.SimMesh.Plan;
import io.peermesh.testing.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/**
 * Meshes that cuts split in two, and nothing else happens to them: a client that both sides reach
 * moves once at most, and once back at most when the cut heals.
 */
class CutSimTest {
    private static final int WORLDS = 40;
    private static final int CUTS = 2;

    @Test
    void aClientMovesAtMostOncePerCutAndAtMostOnceBack() {
        var moved = new LongAdder();
        var worlds = new LongAdder();
        Seeds.eachInParallel(
                WORLDS,
                seed -> {
                    moved.add(live(seed));
                    worlds.increment();
                });
        assertThat(moved.sum()).as("cuts do move clients").isGreaterThan(worlds.sum() / 2);
    }

    /** Gives how many moves there were in all. */
    private static long live(long seed) {
        var draw = new SplittableRandom(~seed);
        int controllers = draw.nextInt(2, 6);
        try (var mesh = new SimMesh(seed, Plan.of(controllers, draw.nextInt(1, 11)))) {
            World world = mesh.world();
            mesh.startControllers();
            mesh.addClients();
            mesh.awaitLinks(20 * SECOND);
            mesh.awaitClients(20 * SECOND);
            world.run(5 * SECOND + world.random().nextLong(SECOND));
            for (int i = 0; i < CUTS; i++) {
                Map<IpAddress, Integer> before = moves(mesh);
                split(mesh, draw.nextInt(1, (1 << controllers) - 1));
                runAndChatter(mesh, 5 + draw.nextInt(15));
                Map<IpAddress, Integer> cut = moves(mesh);
                demandAtMostOneMore(mesh, before, cut, "during the cut");

                mesh.net().healAll();
                world.tell("fault", "the cut heals");
                runAndChatter(mesh, 25);

                demandAtMostOneMore(mesh, cut, moves(mesh), "after it healed");
            }
            new Peace(mesh, new Truth(mesh)).awaitAgreement();
            return moves(mesh).values().stream().mapToLong(Integer::longValue).sum();
        }
    }

    /** Whether a controller is on the one side or the other is its bit. */
    private static void split(SimMesh mesh, int side) {
        mesh.world().tell("fault", "a cut between " + Integer.toBinaryString(side) + " and the rest");
        for (SimController one : mesh.controllers()) {
            for (SimController other : mesh.controllers()) {
                if ((side >> (one.id() - 1) & 1) != (side >> (other.id() - 1) & 1)) {
                    mesh.net().cut(one.host(), other.host());
                }
            }
        }
    }

    private static void runAndChatter(SimMesh mesh, int seconds) {
        for (int i = 0; i < seconds; i++) {
            mesh.chatter();
            mesh.world().run(SECOND);
        }
    }

    private static Map<IpAddress, Integer> moves(SimMesh mesh) {
        var moves = new HashMap<IpAddress, Integer>();
        for (SimController each : mesh.controllers()) {
            for (Report report : each.reports()) {
                if (report instanceof Report.ClientMoved moved) {
                    moves.merge(moved.client(), 1, Integer::sum);
                }
            }
        }
        return moves;
    }

    private static void demandAtMostOneMore(
            SimMesh mesh,
            Map<IpAddress, Integer> before,
            Map<IpAddress, Integer> now,
            String when) {
        now.forEach((client, count) -> {
            int moved = count - before.getOrDefault(client, 0);
            mesh.world().expect(moved <= 1, client + " moves " + moved + " times " + when);
        });
    }
}
