package io.peermesh.sim;

import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.Desired;
import io.peermesh.node.NodeStatus.LinkState;
import io.peermesh.node.Report;
import io.peermesh.sim.SimMesh.Plan;
import io.peermesh.testing.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Cuts, crashes, copies: what breaks, how the mesh goes around it, and that it heals. */
class FaultSimTest {
    private static final int DIRECT = 3; // sealed by the client and by two controllers
    private static final int AROUND = 4;

    /**
     * Until then the handshakes of a copy whose wall clock is behind look like replays of the
     * original's, and are refused without a word.
     */
    private static final long UNTIL_CLOCKS_PASS = 150 * SECOND;

    /** Three silent intervals of 200 ms and a phase of one more. */
    private static final long DETECTION = 810 * MILLISECOND;

    private static void start(SimMesh mesh) {
        mesh.startControllers();
        mesh.addClients();
        mesh.awaitLinks(20 * SECOND);
        mesh.awaitClients(20 * SECOND);
        mesh.world().run(5 * SECOND);
    }

    /** Sends a packet from client 1 to client 2 and returns how often it was sealed. */
    private static int sealsOfAPacket(SimMesh mesh) {
        long id = mesh.client(1).stack().send(SimMesh.clientAddress(2), 200);
        mesh.world().run(SECOND);
        mesh.world().expect(mesh.ledger().hasArrived(id), "packet " + id + " arrives");
        return mesh.ledger().seals(id);
    }

    @Test
    void aCutLinkIsRoutedAroundAndUsedAgainWhenItHeals() {
        Seeds.each(
                5,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 2))) {
                        start(mesh);
                        assertThat(sealsOfAPacket(mesh)).isEqualTo(DIRECT);

                        mesh.net().cut(mesh.host(1), mesh.host(2));
                        mesh.world().run(DETECTION);
                        assertThat(sealsOfAPacket(mesh)).isEqualTo(AROUND);

                        mesh.net().heal(mesh.host(1), mesh.host(2));
                        mesh.world().run(60 * SECOND);
                        assertThat(sealsOfAPacket(mesh)).isEqualTo(DIRECT);
                        mesh.assertAllAccountedFor();
                    }
                });
    }

    @Test
    void aLinkThatIsCutOneWayIsRoutedAroundInBothDirections() {
        Seeds.each(
                5,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 2))) {
                        start(mesh);

                        mesh.net().cutOneWay(mesh.host(1), mesh.host(2));
                        mesh.world().run(DETECTION);

                        assertThat(sealsOfAPacket(mesh)).isEqualTo(AROUND);
                        long back = mesh.client(2).stack().ping(SimMesh.clientAddress(1), 64);
                        mesh.world().run(SECOND);
                        assertThat(mesh.ledger().hasArrived(back)).isTrue();
                    }
                });
    }

    @Test
    void aCutOfTheOnlyLinkHealsByItself() {
        Seeds.each(
                4,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(2, 2))) {
                        start(mesh);

                        mesh.net().cut(mesh.host(1), mesh.host(2));
                        mesh.world().run(300 * SECOND);
                        assertThat(mesh.controller(1).isUp(2)).isFalse();
                        mesh.net().heal(mesh.host(1), mesh.host(2));

                        mesh.awaitLinks(60 * SECOND);
                        mesh.awaitPing(
                                mesh.client(1).stack(), SimMesh.clientAddress(2), 20 * SECOND);
                    }
                });
    }

    @Test
    void aPortThatIsBlockedShowsAsALinkThatIsNotUp() {
        try (var mesh = new SimMesh(7, Plan.of(2, 0))) {
            mesh.net().blockPort(1195);
            mesh.startControllers();

            mesh.world().run(30 * SECOND);

            assertThat(mesh.controller(1).isUp(2)).isFalse();
            assertThat(mesh.controller(1).status().links().getFirst().reason()).isNotEmpty();
            mesh.net().unblockPort(1195);
            mesh.awaitLinks(20 * SECOND);
        }
    }

    @Test
    void aControllerThatCrashedComesBack() {
        Seeds.each(
                5,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 3))) {
                        start(mesh);

                        mesh.controller(2).crash();
                        mesh.world().run(mesh.world().random().nextLong(1, 200 * SECOND));
                        assertThat(mesh.controller(1).isUp(3)).isTrue();
                        mesh.controller(2).start();

                        mesh.awaitLinks(90 * SECOND);
                        mesh.awaitPing(
                                mesh.client(2).stack(), SimMesh.clientAddress(1), 60 * SECOND);
                        mesh.awaitPing(
                                mesh.client(3).stack(), SimMesh.clientAddress(2), 60 * SECOND);
                        mesh.assertAllAccountedFor();
                    }
                });
    }

    @Test
    void aControllerThatRestartsFasterThanItIsMissedLearnsEverythingAgain() {
        Seeds.each(
                5,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 3))) {
                        start(mesh);

                        mesh.controller(2).crash();
                        mesh.world().run(mesh.world().random().nextLong(1, 400 * MILLISECOND));
                        mesh.controller(2).start();

                        mesh.awaitLinks(20 * SECOND);
                        mesh.world().run(5 * SECOND);
                        assertThat(mesh.controller(2).status().routes()).hasSize(3);
                        mesh.awaitPing(
                                mesh.controller(2).stack(), SimMesh.clientAddress(1), 2 * SECOND);
                        mesh.awaitPing(
                                mesh.client(3).stack(), SimMesh.clientAddress(2), 60 * SECOND);
                    }
                });
    }

    @Test
    void aControllerThatStopsInOrderIsMissedAtOnce() {
        Seeds.each(
                3,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 0))) {
                        start(mesh);

                        mesh.controller(2).stop();
                        mesh.world().run(50 * MILLISECOND);

                        assertThat(mesh.controller(1).isUp(2)).isFalse();
                        assertThat(mesh.controller(3).isUp(2)).isFalse();
                    }
                });
    }

    @Test
    void anotherInstallationUnderTheSameIdIsRefusedAndNamed() {
        Seeds.each(
                3,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(2, 2))) {
                        start(mesh);
                        var random = new SplittableRandom(seed);
                        var other = new UUID(random.nextLong(), random.nextLong());
                        SimController copy = mesh.copyOf(2, other, IpAddress.literal("192.0.2.99"));

                        copy.start();
                        mesh.world().run(UNTIL_CLOCKS_PASS);

                        mesh.world()
                                .expect(refuses(mesh.controller(1), 2), "1 refuses the second 2");
                        assertThat(mesh.allLinksUp()).isTrue();
                        assertThat(copy.isUp(1)).isFalse();
                        long ping = mesh.client(1).stack().ping(SimMesh.clientAddress(2), 64);
                        mesh.world().run(SECOND);
                        assertThat(mesh.ledger().hasArrived(ping)).isTrue();
                    }
                });
    }

    private static boolean refuses(SimController controller, int peerId) {
        return controller.reports().stream()
                .anyMatch(r -> r instanceof Report.PeerRefused p && p.peerId() == peerId);
    }

    @Test
    void aRestoredCopyOfAnInstallationIsNoticed() {
        Seeds.each(
                3,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(2, 0))) {
                        start(mesh);
                        UUID same = mesh.controller(2).desired().installation();
                        SimController copy = mesh.copyOf(2, same, IpAddress.literal("192.0.2.99"));

                        copy.start();
                        mesh.world().run(UNTIL_CLOCKS_PASS);

                        mesh.world()
                                .expect(refuses(mesh.controller(1), 2), "1 refuses the second 2");
                        boolean both = mesh.controller(2).isUp(1) && copy.isUp(1);
                        assertThat(both).isFalse();
                    }
                });
    }

    @Test
    void aLinkReportsThatItWentDownAndCameUp() {
        try (var mesh = new SimMesh(8, Plan.of(2, 0))) {
            start(mesh);

            mesh.net().cut(mesh.host(1), mesh.host(2));
            mesh.world().run(10 * SECOND);
            assertThat(mesh.controller(1).status().links().getFirst().state())
                    .isEqualTo(LinkState.DOWN);
            mesh.net().heal(mesh.host(1), mesh.host(2));
            mesh.awaitLinks(60 * SECOND);

            assertThat(mesh.controller(1).reports())
                    .anyMatch(r -> r instanceof Report.LinkUp up && up.peerId() == 2)
                    .anyMatch(r -> r instanceof Report.LinkDown down && down.peerId() == 2);
        }
    }

    /** Everything at once, then peace: the mesh always converges. */
    @Test
    void convergesAfterAnyTrouble() {
        Seeds.each(8, FaultSimTest::troubleThenPeace);
    }

    @Test
    void twoHalvesOfTenControllersFindEachOtherAgain() {
        Seeds.each(
                2,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(10, 4))) {
                        start(mesh);
                        for (int left = 1; left <= 5; left++) {
                            for (int right = 6; right <= 10; right++) {
                                mesh.net().cut(mesh.host(left), mesh.host(right));
                            }
                        }
                        mesh.world().run(30 * SECOND);
                        mesh.net().conditions(SimNet.Conditions.BAD);

                        for (int one = 1; one <= 5; one++) {
                            mesh.net().heal(mesh.host(one), mesh.host(one + 5));
                        }

                        SimStack client = mesh.client(1).stack();
                        for (int id = 2; id <= 10; id++) {
                            mesh.awaitPing(client, SimMesh.controllerAddress(id), 60 * SECOND);
                        }
                    }
                });
    }

    private static void troubleThenPeace(long seed) {
        try (var mesh = new SimMesh(seed, Plan.of(4, 4))) {
            var random = mesh.world().random();
            mesh.startControllers();
            mesh.addClients();
            for (int step = 0; step < 60; step++) {
                trouble(mesh, random);
                for (SimClient from : mesh.clients()) {
                    from.stack().send(SimMesh.clientAddress(1 + random.nextInt(4)), 300);
                }
                mesh.world().run(random.nextLong(1, 5 * SECOND));
            }

            peace(mesh);

            mesh.awaitLinks(120 * SECOND);
            for (SimClient from : mesh.clients()) {
                for (SimClient to : mesh.clients()) {
                    if (from != to) {
                        mesh.awaitPing(from.stack(), to.stack().address(), 120 * SECOND);
                    }
                }
            }
            mesh.assertAllAccountedFor();
        }
    }

    private static void trouble(SimMesh mesh, SplittableRandom random) {
        int one = 1 + random.nextInt(4);
        int other = 1 + random.nextInt(4);
        SimController controller = mesh.controller(one);
        switch (random.nextInt(13)) {
            case 0 -> mesh.net().cut(mesh.host(one), mesh.host(other));
            case 1 -> mesh.net().cutOneWay(mesh.host(one), mesh.host(other));
            case 2, 3 -> mesh.net().heal(mesh.host(one), mesh.host(other));
            case 4 -> mesh.net().conditions(SimNet.Conditions.BAD);
            case 5 -> mesh.net().conditions(SimNet.Conditions.PERFECT);
            case 6 -> mesh.client(one).use(mesh.controller(other).clientsEndpoint());
            case 7 -> reconfigure(controller, random);
            case 8 -> {
                var elsewhere = IpAddress.v4(0xcb007100 | random.nextInt(1, 255));
                mesh.client(one).move(new Endpoint(elsewhere, random.nextInt(1, 65536)));
            }
            case 9 -> {
                if (controller.isRunning()) {
                    controller.crash();
                }
            }
            case 10 -> {
                if (controller.isRunning()) {
                    controller.stop();
                }
            }
            default -> {
                if (!controller.isRunning()) {
                    controller.start();
                }
            }
        }
    }

    /** Another set of peers or subnets, or the whole again. */
    private static void reconfigure(SimController controller, SplittableRandom random) {
        Desired desired = controller.desired();
        switch (random.nextInt(3)) {
            case 0 -> controller.configure(new Configured(desired).advertised(List.of()).desired());
            case 1 -> {
                var peers = new HashMap<>(desired.peers());
                peers.remove(1 + random.nextInt(4));
                controller.configure(new Configured(desired).peers(peers).desired());
            }
            default -> controller.configure(controller.original());
        }
    }

    private static void peace(SimMesh mesh) {
        mesh.net().conditions(SimNet.Conditions.PERFECT);
        for (int one = 1; one <= 4; one++) {
            for (int other = 1; other <= 4; other++) {
                mesh.net().heal(mesh.host(one), mesh.host(other));
            }
            mesh.controller(one).configure(mesh.controller(one).original());
            if (!mesh.controller(one).isRunning()) {
                mesh.controller(one).start();
            }
        }
    }
}
