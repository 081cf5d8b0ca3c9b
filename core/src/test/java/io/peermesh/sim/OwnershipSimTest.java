package io.peermesh.sim;

import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.Desired;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Report;
import io.peermesh.sim.SimMesh.Plan;
import io.peermesh.testing.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Stock clients whose controller dies, is cut off, drains or comes back: who has them, and when.
 */
class OwnershipSimTest {
    private static final Desired.Load DRAINING = new Desired.Load(true, 10, 60);

    static void start(SimMesh mesh) {
        mesh.startControllers();
        mesh.addClients();
        mesh.awaitLinks(20 * SECOND);
        mesh.awaitClients(20 * SECOND);
        mesh.world().run(5 * SECOND);
    }

    // ---- death

    @Test
    void theClientsOfAKilledControllerAreBackInHalfASecond() {
        Seeds.each(5, seed -> killed(seed, Plan.of(3, 6), 1));
        Seeds.each(5, seed -> killed(seed, Plan.of(3, 6), 3));
    }

    @Test
    void aMeshOfTwoSurvivesTheDeathOfEither() {
        Seeds.each(5, seed -> killed(seed, Plan.of(2, 4), 1));
        Seeds.each(5, seed -> killed(seed, Plan.of(2, 4), 2));
    }

    private static void killed(long seed, Plan plan, int victim) {
        try (var mesh = new SimMesh(seed, plan)) {
            start(mesh);
            SimStack to = mesh.client(victim).stack();
            SimStack from = mesh.client(victim == 1 ? 2 : 1).stack();

            mesh.controller(victim).crash();

            assertThat(outageNanos(mesh, from, to.address())).isLessThan(500 * MILLISECOND);
            mesh.world().run(SECOND);
            assertThat(ownersOf(mesh, victim)).hasSize(1).doesNotContain(victim);
            assertThat(moves(mesh))
                    .filteredOn(moved -> moved.client().equals(to.address()))
                    .singleElement()
                    .satisfies(moved -> {
                        assertThat(moved.from()).isEqualTo(victim);
                        assertThat(moved.cause()).isEqualTo(Report.MoveCause.TAKE_OVER);
                        assertThat(moved.nanosToDetect()).isBetween(1L, SECOND);
                        assertThat(moved.nanosToMove()).isBetween(1L, SECOND);
                    });
        }
    }

    /** Pings until one is answered. */
    static long outageNanos(SimMesh mesh, SimStack from, IpAddress to) {
        long began = mesh.world().elapsedNanos();
        var pings = new ArrayList<Long>();
        for (int i = 0; i < 500; i++) {
            pings.add(from.ping(to, 64));
            mesh.world().run(10 * MILLISECOND);
            if (pings.stream().anyMatch(mesh.ledger()::hasArrived)) {
                break;
            }
        }
        return mesh.world().elapsedNanos() - began;
    }

    @Test
    void aRestartedControllerLeavesItsFormerClientsWhereTheyAre() {
        Seeds.each(
                4,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 6))) {
                        start(mesh);
                        mesh.controller(1).crash();
                        mesh.world().run(5 * SECOND);
                        Set<Integer> owners = ownersOf(mesh, 1);
                        int moves = moves(mesh).size();

                        mesh.controller(1).start();
                        mesh.world().run(120 * SECOND);

                        assertThat(ownersOf(mesh, 1)).isEqualTo(owners);
                        assertThat(moves(mesh)).hasSize(moves);
                        mesh.awaitPing(
                                mesh.client(2).stack(), SimMesh.clientAddress(1), 2 * SECOND);
                    }
                });
    }

    // ---- a mere cut

    @Test
    void afterACutBetweenTwoAllClientsEndAtTheLowerIdEachMovedOnce() {
        Seeds.each(
                8,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(2, 8))) {
                        start(mesh);
                        mesh.net().cut(mesh.host(1), mesh.host(2));
                        mesh.world().run(10 * SECOND);

                        for (int k = 1; k <= 8; k++) {
                            assertThat(connectedAt(mesh.controller(1))).contains(address(k));
                        }
                        assertThat(moves(mesh)).hasSize(4).allMatch(moved -> moved.from() == 2);
                        assertThat(outageNanos(mesh, mesh.client(1).stack(), address(2)))
                                .isLessThan(100 * MILLISECOND);

                        mesh.net().healAll();
                        mesh.world().run(200 * SECOND);

                        assertThat(moves(mesh)).as("none goes back").hasSize(4);
                        assertOneOwnerEach(mesh);
                    }
                });
    }

    @Test
    void afterACutTheLargerSideHasAllClients() {
        Seeds.each(
                4,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(5, 10))) {
                        start(mesh);
                        for (int small : List.of(1, 2)) {
                            for (int large : List.of(3, 4, 5)) {
                                mesh.net().cut(mesh.host(small), mesh.host(large));
                            }
                        }
                        mesh.world().run(10 * SECOND);

                        var atLarger = new HashSet<IpAddress>();
                        List.of(3, 4, 5)
                                .forEach(id -> atLarger.addAll(connectedAt(mesh.controller(id))));
                        assertThat(atLarger).hasSize(10);
                        assertThat(moves(mesh)).hasSize(4);

                        mesh.net().healAll();
                        mesh.world().run(60 * SECOND);

                        assertThat(moves(mesh)).hasSize(4);
                        assertOneOwnerEach(mesh);
                    }
                });
    }

    // ---- drain

    @Test
    void aDrainLosesNoPacketAndSaysWhenItIsDone() {
        Seeds.each(
                6,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 6))) {
                        start(mesh);
                        drain(mesh, 1);
                        for (int ms = 0; ms < 2_000; ms++) {
                            mesh.client(1).stack().send(address(2), 100);
                            mesh.client(2).stack().send(address(1), 100);
                            mesh.client(4).stack().send(address(1), 100);
                            mesh.client(3).stack().send(address(4), 100);
                            mesh.world().run(MILLISECOND);
                        }

                        assertThat(connectedAt(mesh.controller(1))).isEmpty();
                        assertThat(mesh.controller(1).status().drain())
                                .hasValueSatisfying(
                                        drain -> assertThat(drain.isSafeToStop()).isTrue());
                        assertThat(mesh.controller(1).reports()).contains(new Report.Drained());
                        assertOneOwnerEach(mesh);
                        mesh.assertAllArrivedOrLostInNet();
                    }
                });
    }

    @Test
    void aDrainedControllerGetsNoClientsUntilItIsUndrained() {
        try (var mesh = new SimMesh(7, Plan.of(3, 3))) {
            start(mesh);
            drain(mesh, 1);
            mesh.world().run(5 * SECOND);
            mesh.controller(2).crash();
            mesh.world().run(5 * SECOND);

            assertThat(connectedAt(mesh.controller(3))).hasSize(3);

            configure(mesh, 1, Desired.Load.NORMAL);
            mesh.world().run(SECOND);
            mesh.controller(3).crash();
            mesh.world().run(5 * SECOND);

            assertThat(connectedAt(mesh.controller(1))).hasSize(3);
        }
    }

    private static void drain(SimMesh mesh, int id) {
        configure(mesh, id, DRAINING);
    }

    private static void configure(SimMesh mesh, int id, Desired.Load load) {
        SimController controller = mesh.controller(id);
        controller.configure(new Configured(controller.desired()).load(load).desired());
    }

    // ---- moves by hand

    @Test
    void aClientThatAnOperatorMovesGoesWithoutLosingAPacketAndStaysThere() {
        Seeds.each(
                4,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 6))) {
                        start(mesh);
                        mesh.controller(1).move(address(1), 3);
                        for (int ms = 0; ms < 1_000; ms++) {
                            mesh.client(1).stack().send(address(2), 100);
                            mesh.client(2).stack().send(address(1), 100);
                            mesh.world().run(MILLISECOND);
                        }

                        assertThat(ownersOf(mesh, 1)).containsExactly(3);
                        assertThat(ownersOf(mesh, 4)).containsExactly(1);
                        assertThat(moves(mesh))
                                .extracting(Report.ClientMoved::client)
                                .containsExactly(address(1));
                        mesh.world().run(60 * SECOND);
                        assertThat(ownersOf(mesh, 1)).containsExactly(3);
                        mesh.assertAllArrivedOrLostInNet();
                    }
                });
    }

    @Test
    void aClientIsMovedOnlyFromHereToAControllerThatTakesClients() {
        try (var mesh = new SimMesh(11, Plan.of(3, 6))) {
            start(mesh);
            drain(mesh, 3);
            mesh.world().run(5 * SECOND);
            Set<Integer> second = ownersOf(mesh, 2);

            mesh.controller(1).move(address(1), 1);
            mesh.controller(1).move(address(1), 3);
            mesh.controller(1).move(address(1), 9);
            mesh.controller(1).move(address(2), 1);
            mesh.world().run(5 * SECOND);

            assertThat(ownersOf(mesh, 1)).containsExactly(1);
            assertThat(ownersOf(mesh, 2)).isEqualTo(second).containsExactly(2);
        }
    }

    @Test
    void aClientThatTheHeirCannotReachStays() {
        try (var mesh = new SimMesh(12, Plan.of(3, 6))) {
            start(mesh);
            mesh.net().cut(mesh.host(3), mesh.client(1).local().address());

            mesh.controller(1).move(address(1), 3);
            mesh.world().run(10 * SECOND);

            assertThat(ownersOf(mesh, 1)).containsExactly(1);
            mesh.awaitPing(mesh.client(2).stack(), address(1), SECOND);
        }
    }

    // ---- clocks

    @Test
    void aControllerWhoseClockIsTenMinutesAheadLocksNobodyOut() {
        Seeds.each(
                4,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 6))) {
                        mesh.controller(2).stepClock(600 * SECOND);
                        start(mesh);
                        mesh.world().run(30 * SECOND);
                        mesh.controller(1).crash();
                        mesh.world().run(5 * SECOND); // its clients are at 2 and 3 now

                        mesh.controller(2).crash();

                        mesh.world().run(5 * SECOND);
                        assertThat(connectedAt(mesh.controller(3))).hasSize(6);
                        assertThat(mesh.controller(3).reports())
                                .anyMatch(report -> report instanceof Report.ClocksDiffer);
                    }
                });
    }

    // ---- what is asked

    private static IpAddress address(int k) {
        return SimMesh.clientAddress(k);
    }

    static List<Report.ClientMoved> moves(SimMesh mesh) {
        return mesh.controllers().stream()
                .flatMap(controller -> controller.reports().stream())
                .filter(report -> report instanceof Report.ClientMoved)
                .map(report -> (Report.ClientMoved) report)
                .toList();
    }

    static Set<IpAddress> connectedAt(SimController controller) {
        var connected = new HashSet<IpAddress>();
        for (NodeStatus.Client client : controller.status().clients()) {
            if (client.owner() == controller.id()) {
                connected.add(client.overlayAddress());
            }
        }
        return connected;
    }

    /** The owners of a client as the running controllers see them. */
    static Set<Integer> ownersOf(SimMesh mesh, int k) {
        var owners = new TreeSet<Integer>();
        mesh.controllers().stream()
                .filter(SimController::isRunning)
                .flatMap(controller -> controller.status().clients().stream())
                .filter(client -> client.overlayAddress().equals(address(k)))
                .forEach(client -> owners.add(client.owner()));
        return owners;
    }

    static void assertOneOwnerEach(SimMesh mesh) {
        for (int k = 1; k <= mesh.clients().size(); k++) {
            assertThat(ownersOf(mesh, k)).as("owners of client %d", k).hasSize(1);
        }
    }
}
