package io.peermesh.sim;

import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;

import io.peermesh.crypto.AeadProvider;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.sim.SimMesh.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Whole lives of meshes, each from one seed: they come up, trouble strikes at random while clients
 * send, now and then the network holds still and every controller must know whom it can reach; then
 * all faults end, and the mesh must agree, carry packets between all, and account for every one.
 */
final class Worlds {
    private static final int PAIRS = 40;
    private static final int MAX_PAIRS = 300;

    /** Worlds whose links are probed every 200 ms and not every 50 ms: they cost less. */
    private static final double SLOWER_PROBES = 0.7;

    /** Clients that only those can call whom they have called before. */
    private static final double BEHIND_NAT = 0.2;

    /**
     * A stock client needs 15 s to notice that nobody answers, and 5 s to try again. If the last
     * that shook hands with it has forgotten that, and its clock was ahead, the owner is refused
     * until its own clock is as far: 60 s.
     */
    private static final long PINGS_NANOS = 100 * SECOND;

    /**
     * What kind of world.
     *
     * @param strikes faults that strike
     * @param settleEvery strikes until the mesh is left alone with what is cut
     */
    record Kind(
            int minControllers,
            int maxControllers,
            int minClients,
            int maxClients,
            int strikes,
            int settleEvery,
            Function<Boolean, AeadProvider> ciphers) {}

    private final SimMesh mesh;
    private final World world;
    private final Kind kind;

    private Worlds(SimMesh mesh, Kind kind) {
        this.mesh = mesh;
        this.world = mesh.world();
        this.kind = kind;
    }

    /**
     * What became of a world.
     *
     * @param agreedNanos how long the mesh took to agree after the last fault, simulated
     * @param datagrams that it sent in all
     * @param busiest datagrams in the second with the most
     */
    record Life(long agreedNanos, long datagrams, long busiest) {}

    /** Lives one life. */
    static Life live(long seed, Kind kind) {
        var draw = new SplittableRandom(~seed);
        int controllers = draw.nextInt(kind.minControllers, kind.maxControllers + 1);
        int clients = draw.nextInt(kind.minClients, kind.maxClients + 1);
        Plan plan = Plan.of(controllers, clients);
        plan = draw.nextInt(4) == 0 ? plan.overV6() : plan;
        try (var mesh = new SimMesh(seed, plan, kind.ciphers)) {
            return new Worlds(mesh, kind).live();
        }
    }

    private Life live() {
        mesh.net().stormBeyond(30_000 + 100L * kind.maxClients);
        if (world.chance(SLOWER_PROBES)) {
            mesh.probe(ProbeProfile.NORMAL);
        }
        mesh.startControllers();
        mesh.addClients();
        mesh.clients().stream()
                .filter(client -> world.chance(BEHIND_NAT))
                .forEach(client -> mesh.net().filter(client.local().address()));
        world.run(world.random().nextLong(2 * SECOND));
        var chaos = new Chaos(mesh);
        var truth = new Truth(mesh);
        var peace = new Peace(mesh, truth);
        for (int i = 1; i <= kind.strikes; i++) {
            chaos.strike();
            mesh.chatter();
            world.run(world.random().nextLong(1, 1500 * MILLISECOND));
            truth.look();
            if (i % kind.settleEvery == 0) {
                chaos.calm();
                peace.awaitRoutes();
                peace.awaitClients();
            }
        }
        chaos.end();
        long agreedNanos = peace.awaitAgreement();
        demandPings();
        mesh.assertAllAccountedFor();
        return new Life(agreedNanos, mesh.net().carried(), mesh.net().busiest());
    }

    /** Many pairs of hosts ping each other, until every pair has had an answer. */
    private void demandPings() {
        List<Pair> left = pairs();
        long end = world.elapsedNanos() + PINGS_NANOS;
        while (!left.isEmpty()) {
            world.expect(world.elapsedNanos() < end, "in the end all are reached: " + left);
            List<Long> pings = left.stream().map(p -> p.from.ping(p.to.address(), 64)).toList();
            world.run(SECOND);
            var unanswered = new ArrayList<Pair>();
            for (int i = 0; i < pings.size(); i++) {
                if (!mesh.ledger().hasArrived(pings.get(i))) {
                    unanswered.add(left.get(i));
                }
            }
            left = unanswered;
        }
    }

    private List<Pair> pairs() {
        List<SimStack> hosts = new ArrayList<>();
        mesh.controllers().forEach(each -> hosts.add(each.stack()));
        mesh.clients().stream()
                .map(SimClient::stack)
                .filter(client -> mesh.controller(1).mayConnect(client.address()))
                .forEach(hosts::add);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < Math.max(PAIRS, Math.min(hosts.size(), MAX_PAIRS)); i++) {
            SimStack from = hosts.get(i < hosts.size() ? i : world.random().nextInt(hosts.size()));
            SimStack to = hosts.get(world.random().nextInt(hosts.size()));
            if (from != to) {
                pairs.add(new Pair(from, to));
            }
        }
        return pairs;
    }

    private record Pair(SimStack from, SimStack to) {
        @Override
        public String toString() {
            return from.address() + " to " + to.address();
        }
    }
}
