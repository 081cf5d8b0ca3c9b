package io.peermesh.sim;

import static io.peermesh.sim.World.SECOND;

import io.peermesh.node.NodeStatus;
import io.peermesh.node.Report;
import io.peermesh.sim.SimMesh.Plan;
import io.peermesh.testing.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * One controller of a mesh lies, with right keys. The others may be deceived; but none of them
 * dies, packets do not run in circles, links between them stay up, nobody talks without end; and
 * when the liar is expelled, or honest again, the mesh comes to peace.
 */
class LiarSimTest {
    private static final int WORLDS = 6;
    private static final int ROUNDS = 15;

    @Test
    void aLiarThatIsRestartedHonestIsForgivenAndForgotten() {
        Seeds.eachInParallel(
                WORLDS,
                seed -> {
                    try (var mesh = mesh(seed)) {
                        SimController liar = lie(mesh);

                        liar.crash();
                        liar.lie(Optional.empty());
                        liar.start();

                        new Peace(mesh, new Truth(mesh)).awaitAgreement();
                        mesh.assertAllAccountedFor();
                    }
                });
    }

    @Test
    void theOthersAgreeWithoutALiarThatIsExpelled() {
        Seeds.eachInParallel(
                WORLDS,
                seed -> {
                    try (var mesh = mesh(seed)) {
                        SimController liar = lie(mesh);
                        List<SimController> others =
                                mesh.controllers().stream().filter(each -> each != liar).toList();

                        others.forEach(each -> expel(each, liar));
                        liar.crash();
                        moveClients(mesh, liar, others.getFirst());

                        demandAgreement(mesh, others);
                        mesh.assertAllAccountedFor();
                    }
                });
    }

    private static SimMesh mesh(long seed) {
        var draw = new SplittableRandom(~seed);
        var mesh = new SimMesh(seed, Plan.of(draw.nextInt(3, 6), draw.nextInt(3, 9)));
        mesh.startControllers();
        mesh.addClients();
        mesh.awaitLinks(20 * SECOND);
        mesh.world().run(3 * SECOND);
        return mesh;
    }

    /** One of them lies for some seconds while clients send, 16 to 256 times a second per link. */
    private static SimController lie(SimMesh mesh) {
        World world = mesh.world();
        SimController liar = mesh.controller(1 + world.random().nextInt(mesh.controllers().size()));
        int perSecond = 1 << world.random().nextInt(4, 9);
        var lying = new Liar(world, liar, new Lies(mesh), perSecond);
        for (int i = 0; i < ROUNDS; i++) {
            mesh.chatter();
            world.run(world.random().nextLong(2 * SECOND));
        }
        lying.fallSilent();
        demandNoFallBetweenOthers(mesh, liar);
        return liar;
    }

    private static void demandNoFallBetweenOthers(SimMesh mesh, SimController liar) {
        for (SimController each : mesh.controllers()) {
            for (Report report : each.reports()) {
                boolean others =
                        each != liar
                                && report instanceof Report.LinkDown down
                                && down.peerId() != liar.id();
                mesh.world().expect(!others, each.name() + " reports " + report);
            }
        }
    }

    private static void expel(SimController from, SimController liar) {
        var peers = new HashMap<>(from.desired().peers());
        peers.remove(liar.id());
        from.configure(new Configured(from.desired()).peers(peers).desired());
    }

    /** Where the clients of a liar are, nobody else may know: their operators have to move them. */
    private static void moveClients(SimMesh mesh, SimController from, SimController to) {
        mesh.clients().stream()
                .filter(client -> client.gateway().equals(from.clientsEndpoint()))
                .forEach(client -> client.use(to.clientsEndpoint()));
    }

    // ---- peace without the liar

    private static void demandAgreement(SimMesh mesh, List<SimController> others) {
        World world = mesh.world();
        long end = world.elapsedNanos() + Peace.ALL_AGREE_NANOS;
        Optional<String> problem = problem(others);
        while (problem.isPresent()) {
            world.expect(world.elapsedNanos() < end, problem.get());
            mesh.chatter();
            world.run(SECOND);
            problem = problem(others);
        }
    }

    private static Optional<String> problem(List<SimController> others) {
        Set<Integer> ids =
                others.stream()
                        .map(SimController::id)
                        .collect(Collectors.toCollection(TreeSet::new));
        Map<String, Integer> owners = owners(others.getFirst());
        Set<String> enabled =
                others.getFirst().enabledClients().stream()
                        .map(client -> client.overlayAddress().toString())
                        .collect(Collectors.toSet());
        for (SimController each : others) {
            var reached = new TreeSet<>(Set.of(each.id()));
            each.status().controllers().stream()
                    .filter(NodeStatus.Controller::reachable)
                    .forEach(other -> reached.add(other.id()));
            if (!reached.equals(ids)) {
                return Optional.of(each.name() + " reaches " + reached + ", not " + ids);
            }
            if (!owners(each).equals(owners)) {
                return Optional.of(
                        each.name() + " knows owners " + owners(each) + ", not " + owners);
            }
        }
        return owners.keySet().equals(enabled)
                ? Optional.empty()
                : Optional.of("owned are " + owners + ", enabled " + enabled);
    }

    private static Map<String, Integer> owners(SimController controller) {
        var owners = new TreeMap<String, Integer>();
        controller
                .status()
                .clients()
                .forEach(client -> owners.put(client.overlayAddress().toString(), client.owner()));
        return owners;
    }
}
