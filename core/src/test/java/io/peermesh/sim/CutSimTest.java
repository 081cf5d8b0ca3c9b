package io.peermesh.sim;

import static io.peermesh.sim.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Report;
import io.peermesh.sim.SimMesh.Plan;
import io.peermesh.testing.Seeds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Meshes that cuts split in two, and nothing else happens to them: the clients, which both sides
 * reach, end on the larger one; each moves once at most, and once back at most when the cut heals.
 */
class CutSimTest {
    private static final int WORLDS = 30;
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
                int side = draw.nextInt(1, (1 << controllers) - 1);
                int larger = larger(side, controllers);
                long taken = moves(mesh, ~larger);
                split(mesh, side);
                runAndChatter(mesh, 10 + draw.nextInt(10));
                demandAllOn(mesh, larger);
                world.expect(moves(mesh, ~larger) == taken, "the smaller side takes none");
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
        mesh.world()
                .tell("fault", "a cut between " + Integer.toBinaryString(side) + " and the rest");
        for (SimController one : mesh.controllers()) {
            for (SimController other : mesh.controllers()) {
                if (isOn(side, one) != isOn(side, other)) {
                    mesh.net().cut(one.host(), other.host());
                }
            }
        }
    }

    /** The larger side; of equal ones the one with the lowest id. */
    private static int larger(int side, int controllers) {
        int rest = (1 << controllers) - 1 & ~side;
        int more = Integer.bitCount(side) - Integer.bitCount(rest);
        return more > 0 || (more == 0 && (side & 1) != 0) ? side : rest;
    }

    private static void demandAllOn(SimMesh mesh, int side) {
        var there = new HashSet<IpAddress>();
        mesh.controllers().stream()
                .filter(each -> isOn(side, each))
                .forEach(each -> there.addAll(connectedAt(each)));
        mesh.world()
                .expect(
                        there.size() == mesh.clients().size(),
                        "the larger side has only " + new TreeSet<>(there));
    }

    private static Set<IpAddress> connectedAt(SimController controller) {
        return controller.status().clients().stream()
                .filter(client -> client.owner() == controller.id())
                .map(NodeStatus.Client::overlayAddress)
                .collect(Collectors.toSet());
    }

    private static boolean isOn(int side, SimController controller) {
        return (side >> (controller.id() - 1) & 1) != 0;
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

    /** Those to controllers of a side. */
    private static long moves(SimMesh mesh, int side) {
        return mesh.controllers().stream()
                .filter(each -> isOn(side, each))
                .flatMap(each -> each.reports().stream())
                .filter(Report.ClientMoved.class::isInstance)
                .count();
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
