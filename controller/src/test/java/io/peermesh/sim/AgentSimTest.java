package io.peermesh.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Our agent against three real controllers, with a stock client as its partner. */
class AgentSimTest {
    private static final int WORLDS = 5;
    private static final int CALLED_WORLDS = 10;
    private static final IpAddress HOST = IpAddress.literal("198.51.100.201");
    private static final long GAP = 10 * World.MILLISECOND;

    private static void inWorlds(BiConsumer<SimMesh, SimAgent> body) {
        Seeds.each(
                WORLDS,
                seed -> {
                    var plan = SimMesh.Plan.of(3, 2).withoutTun();
                    try (var mesh = new SimMesh(seed, plan)) {
                        mesh.startControllers();
                        mesh.awaitLinks(10 * World.SECOND);
                        mesh.net().filter(HOST);
                        try (var agent = new SimAgent(mesh, HOST, 1)) {
                            body.accept(mesh, agent);
                        }
                    }
                });
    }

    private static void connected(SimMesh mesh, SimAgent agent) {
        var world = mesh.world();
        world.expect(
                world.runUntil(agent.agent()::isConnected, 5 * World.SECOND), "the agent connects");
        world.run(World.SECOND);
    }

    /** The longest time without an answer in a flow of pings, one each 10 ms. */
    private static long outage(SimMesh mesh, SimAgent agent, IpAddress to, long nanos) {
        var world = mesh.world();
        List<Long> pings = new ArrayList<>();
        long lastAnswer = world.nowNanos();
        long longest = 0;
        for (long end = world.nowNanos() + nanos; world.nowNanos() < end; ) {
            pings.add(agent.stack().ping(to, 64));
            world.run(GAP);
            if (pings.removeIf(mesh.ledger()::hasArrived)) {
                longest = Math.max(longest, world.nowNanos() - lastAnswer);
                lastAnswer = world.nowNanos();
            }
        }
        return Math.max(longest, world.nowNanos() - lastAnswer);
    }

    private static int owner(SimMesh mesh, int at) {
        return mesh.controller(at).status().clients().stream()
                .filter(each -> each.overlayAddress().equals(SimMesh.clientAddress(1)))
                .mapToInt(each -> each.owner())
                .findFirst()
                .orElse(0);
    }

    @Test
    void usesItsHomeAndOnlyThatOneOwnsIt() {
        inWorlds((mesh, agent) -> {
            connected(mesh, agent);

            mesh.world().run(300 * World.SECOND);

            assertThat(agent.agent().moves()).containsExactly("FIRST 1");
            assertThat(agent.agent().standsBy(2, mesh.world().nowNanos())).isTrue();
            assertThat(agent.agent().standsBy(3, mesh.world().nowNanos())).isTrue();
            assertThat(owner(mesh, 2)).isEqualTo(1);
            assertThat(owner(mesh, 3)).isEqualTo(1);
        });
    }

    @Test
    void movesWithinASecondWhenItsControllerDies() {
        inWorlds((mesh, agent) -> {
            connected(mesh, agent);
            IpAddress partner = SimMesh.controllerAddress(3);
            mesh.world().run(mesh.world().random().nextLong(200 * World.SECOND));

            mesh.controller(1).crash();
            long outage = outage(mesh, agent, partner, 5 * World.SECOND);

            assertThat(outage).isLessThan(World.SECOND);
            assertThat(agent.agent().moves().getFirst()).isEqualTo("FIRST 1");
            assertThat(agent.agent().moves()).hasSize(2);
            assertThat(agent.agent().isConnected()).isTrue();
            assertThat(owner(mesh, 2)).isEqualTo(agent.agent().controller());
            assertThat(owner(mesh, 3)).isEqualTo(agent.agent().controller());
        });
    }

    /**
     * With such round trips the call of the one that takes over arrives when the agent is about to
     * move by itself, or has just done so. A NAT that forgets soon lets it in in some worlds only.
     */
    @Test
    void movesOnceThoughTheControllersCallItMeanwhile() {
        var slow = new SimNet.Conditions(0, 0, 60 * World.MILLISECOND, 90 * World.MILLISECOND, 0.5);
        Seeds.each(
                CALLED_WORLDS,
                seed -> {
                    try (var mesh = new SimMesh(seed, SimMesh.Plan.of(3, 2).withoutTun())) {
                        mesh.startControllers();
                        mesh.awaitLinks(10 * World.SECOND);
                        mesh.net().filter(HOST, 30 * World.SECOND);
                        mesh.net().conditions(slow);
                        try (var agent = new SimAgent(mesh, HOST, 1)) {
                            connected(mesh, agent);
                            mesh.world().run(mesh.world().random().nextLong(200 * World.SECOND));
                            mesh.controller(1).crash();
                            mesh.world().run(5 * World.SECOND);

                            assertThat(agent.agent().moves()).hasSize(2);
                            assertThat(agent.agent().isConnected()).isTrue();
                        }
                    }
                });
    }

    @Test
    void survivesTheDeathOfTwoAndTheReturnOfOne() {
        inWorlds((mesh, agent) -> {
            connected(mesh, agent);
            mesh.controller(1).crash();
            mesh.controller(2).crash();
            mesh.world().run(10 * World.SECOND);
            int last = agent.agent().controller();
            int moves = agent.agent().moves().size();

            mesh.controller(1).start();
            mesh.world().run(120 * World.SECOND);

            assertThat(last).isEqualTo(3);
            assertThat(agent.agent().moves()).hasSize(moves);
            assertThat(agent.agent().standsBy(1, mesh.world().nowNanos())).isTrue();
        });
    }

    @Test
    void aPausedAgentDoesNotTakeItsSleepForSilence() {
        inWorlds((mesh, agent) -> {
            connected(mesh, agent);

            agent.pause(40 * World.SECOND);
            mesh.world().run(45 * World.SECOND);

            assertThat(agent.agent().moves()).containsExactly("FIRST 1");
            assertThat(agent.agent().isConnected()).isTrue();
        });
    }

    @Test
    void comesBackByItselfWhenItsOwnLineWasCut() {
        inWorlds((mesh, agent) -> {
            connected(mesh, agent);
            for (int id = 1; id <= 3; id++) {
                mesh.net().cut(HOST, mesh.host(id));
            }
            mesh.world().run(400 * World.SECOND); // all keys expire meanwhile
            boolean meanwhile = agent.agent().isConnected();

            for (int id = 1; id <= 3; id++) {
                mesh.net().heal(HOST, mesh.host(id));
            }
            boolean back = mesh.world().runUntil(agent.agent()::isConnected, 7 * World.SECOND);

            assertThat(meanwhile).isFalse();
            assertThat(back).isTrue();
            mesh.awaitPing(agent.stack(), SimMesh.controllerAddress(2), 2 * World.SECOND);
        });
    }

    @Test
    void staysWhereItIsInABadNetwork() {
        inWorlds((mesh, agent) -> {
            connected(mesh, agent);

            mesh.net().conditions(SimNet.Conditions.BAD);
            mesh.world().run(300 * World.SECOND);

            assertThat(agent.agent().moves()).containsExactly("FIRST 1");
            mesh.net().conditions(SimNet.Conditions.PERFECT);
            mesh.awaitPing(agent.stack(), SimMesh.controllerAddress(2), 2 * World.SECOND);
        });
    }
}
