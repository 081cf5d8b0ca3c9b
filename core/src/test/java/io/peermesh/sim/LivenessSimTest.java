package io.peermesh.sim;

import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Endpoint;
import io.peermesh.node.Report;
import io.peermesh.sim.SimMesh.Plan;
import io.peermesh.testing.Seeds;
import io.peermesh.wire.LinkPorts;
import org.junit.jupiter.api.Test;

/** What makes a link fall and return, and what does not. */
class LivenessSimTest {
    private static SimMesh mesh(long seed, Plan plan) {
        var mesh = new SimMesh(seed, plan);
        mesh.startControllers();
        mesh.addClients();
        mesh.awaitLinks(20 * SECOND);
        mesh.awaitClients(20 * SECOND);
        mesh.world().run(5 * SECOND);
        return mesh;
    }

    private static long falls(SimController controller) {
        return controller.reports().stream().filter(r -> r instanceof Report.LinkDown).count();
    }

    @Test
    void aControllerThatGotNoTimeBlamesNobody() {
        Seeds.each(
                10,
                seed -> {
                    try (var mesh = mesh(seed, Plan.of(4, 0))) {
                        SimController paused = mesh.controller(1);

                        paused.pause(mesh.world().random().nextLong(5 * SECOND));
                        mesh.world().run(10 * SECOND);

                        mesh.world().expect(falls(paused) == 0, "1 takes no link down");
                        assertThat(mesh.controller(2).isUp(3)).isTrue();
                    }
                });
    }

    @Test
    void aLinkThatFlapsIsUsedAgainLaterEachTime() {
        Seeds.each(
                3,
                seed -> {
                    try (var mesh = mesh(seed, Plan.of(2, 0))) {
                        long first = nanosToReturn(mesh);
                        for (int i = 0; i < 4; i++) {
                            nanosToReturn(mesh);
                        }
                        long sixth = nanosToReturn(mesh);

                        assertThat(first).isLessThan(2 * SECOND);
                        assertThat(sixth).isBetween(8 * SECOND, 62 * SECOND);
                    }
                });
    }

    /** Cuts the only link until it falls, heals it, and waits until it is used again. */
    private static long nanosToReturn(SimMesh mesh) {
        World world = mesh.world();
        mesh.net().cut(mesh.host(1), mesh.host(2));
        world.run(SECOND);
        mesh.net().heal(mesh.host(1), mesh.host(2));
        long healed = world.elapsedNanos();
        while (!mesh.allLinksUp()) {
            world.expect(world.elapsedNanos() - healed < 90 * SECOND, "the link returns");
            world.run(10 * MILLISECOND);
        }
        return world.elapsedNanos() - healed;
    }

    @Test
    void aSingleLostProbeMovesNothing() {
        Seeds.each(
                5,
                seed -> {
                    try (var mesh = mesh(seed, Plan.of(3, 0))) {
                        for (int i = 0; i < 20; i++) {
                            mesh.net().cut(mesh.host(1), mesh.host(2));
                            mesh.world().run(45 * MILLISECOND);
                            mesh.net().heal(mesh.host(1), mesh.host(2));
                            mesh.world().run(300 * MILLISECOND);
                        }

                        mesh.controllers().forEach(each -> assertThat(falls(each)).isZero());
                    }
                });
    }

    @Test
    void forgedIcmpAtAnyRateTakesNoLivingLinkDownAndCostsThreeProbesASecond() {
        Seeds.each(
                4,
                seed -> {
                    try (var mesh = mesh(seed, Plan.of(3, 2))) {
                        World world = mesh.world();
                        if (world.random().nextBoolean()) {
                            mesh.net().conditions(SimNet.Conditions.JITTERY);
                        }
                        world.run(10 * SECOND);
                        long quiet = carriedIn(mesh, 10 * SECOND);

                        forgeEveryMillisecond(mesh, world.elapsedNanos() + 10 * SECOND);
                        long forged = carriedIn(mesh, 10 * SECOND);

                        mesh.controllers().forEach(each -> assertThat(falls(each)).isZero());
                        int ends = 6;
                        int probesAndReplies = 2 * 3;
                        assertThat(forged - quiet).isLessThan(12L * ends * probesAndReplies);
                        assertThat(forged).isGreaterThan(quiet);
                    }
                });
    }

    private static long carriedIn(SimMesh mesh, long nanos) {
        long before = mesh.net().carried();
        mesh.world().run(nanos);
        return mesh.net().carried() - before;
    }

    /** To all sockets of all controllers. */
    private static void forgeEveryMillisecond(SimMesh mesh, long end) {
        for (SimController each : mesh.controllers()) {
            mesh.net().forgeUnreachable(each.clientsEndpoint());
            for (int peer : each.desired().peers().keySet()) {
                int port = LinkPorts.local(each.id(), peer);
                mesh.net().forgeUnreachable(new Endpoint(each.host(), port));
            }
        }
        if (mesh.world().elapsedNanos() < end) {
            mesh.world().after(MILLISECOND, () -> forgeEveryMillisecond(mesh, end));
        }
    }
}
