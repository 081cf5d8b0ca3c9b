package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.clients.FailureAnalysis.Pair;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.node.Desired;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Topology;
import io.peermesh.wire.Payload.Load;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Draining, this controller's share, and what failures would mean. */
class DrainAdminTest {
    private static final Map<Integer, Map<Integer, Integer>> FULL =
            Map.of(1, Map.of(2, 10, 3, 10), 2, Map.of(1, 10, 3, 10), 3, Map.of(1, 10, 2, 10));
    private static final Map<Integer, Map<Integer, Integer>> STAR =
            Map.of(1, Map.of(2, 10, 3, 10), 2, Map.of(1, 10), 3, Map.of(1, 10));

    @TempDir Path directory;
    private TestController controller;
    private DrainAdmin drain;

    @BeforeEach
    void start() {
        controller = new TestController(directory);
        controller.ready();
        drain = controller.admin.drain();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    /** Controllers 1 (this one), 2 and 3; three clients here, one at 2. */
    private void mesh(Map<Integer, Map<Integer, Integer>> graph, NodeStatus.Client... clients) {
        controller.mesh.topology =
                new Topology(
                        graph,
                        Map.of(
                                1, new Load(false, 3, 10),
                                2, new Load(false, 1, 10),
                                3, new Load(false, 0, 10)));
        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(),
                                List.of(clients),
                                List.of(),
                                List.of(
                                        Statuses.controller(2, "", ""),
                                        Statuses.controller(3, "", ""))));
    }

    private static NodeStatus.Client client(String address, int owner) {
        return Statuses.client(address, owner, "198.51.100.23:4711");
    }

    @Test
    void tellsTheMeshAndSurvivesARestart() {
        mesh(FULL);

        DrainAdmin.View view = done(drain.set(ACTOR, true, false));

        assertThat(view.draining()).isTrue();
        assertThat(controller.mesh.plan().load().draining()).isTrue();
        controller.restart();
        assertThat(controller.mesh.plan().load().draining()).isTrue();
        done(controller.admin.drain().set(ACTOR, false, false));
        assertThat(controller.mesh.plan().load()).isEqualTo(Desired.Load.NORMAL);
        assertThat(controller.events()).filteredOn("drain_changed"::equals).hasSize(2);
    }

    @Test
    void isSafeOnlyWhenNobodyIsLeft() {
        mesh(FULL, client("10.199.0.1", 1), client("10.199.0.2", 2));
        assertThat(drain.view().safeToStop()).isFalse();
        done(drain.set(ACTOR, true, false));

        assertThat(drain.view().clientsLeft()).isEqualTo(1);
        assertThat(drain.view().safeToStop()).isFalse();
        assertThat(drain.view().obstacle()).contains("1 clients");

        mesh(FULL, client("10.199.0.1", 3), client("10.199.0.2", 2));
        assertThat(drain.view().safeToStop()).isTrue();
        assertThat(drain.view().obstacle()).isEmpty();
    }

    @Test
    void isNotSafeForTheOnlyTransit() {
        mesh(STAR);
        done(drain.set(ACTOR, true, false));

        assertThat(drain.view().transit()).containsExactly(new Pair(2, 3));
        assertThat(drain.view().safeToStop()).isFalse();
        assertThat(drain.view().obstacle())
                .isEqualTo("controllers 2 and 3 reach each other through this one alone");
    }

    @Test
    void theOnlyControllerIsDrainedByForceAlone() {
        controller.mesh.status =
                Optional.of(Statuses.of(List.of(), List.of(), List.of(), List.of()));

        assertThat(refused(drain.set(ACTOR, true, false)).message())
                .startsWith("No other controller can be reached");
        assertThat(drain.view().draining()).isFalse();
        assertThat(done(drain.set(ACTOR, true, true)).draining()).isTrue();
        assertThat(done(drain.set(ACTOR, true, false)).draining()).isTrue();
    }

    @Test
    void weightAndProbesReachTheMeshAndAreChecked() {
        MemberAdmin member = controller.admin.member();
        assertThat(member.view()).isEqualTo(new MemberAdmin.View(10, 60, ProbeProfile.FAST));

        done(member.change(ACTOR, change(50, 0, "Slow")));

        assertThat(controller.mesh.plan().load()).isEqualTo(new Desired.Load(false, 50, 0));
        assertThat(controller.mesh.plan().probes()).isEqualTo(ProbeProfile.SLOW);
        assertThat(refused(member.change(ACTOR, change(0, 0, "fast"))).message())
                .isEqualTo("weight is invalid: it must be 1 to 100, not 0");
        assertThat(refused(member.change(ACTOR, change(101, 0, "fast"))).message())
                .startsWith("weight is invalid");
        assertThat(refused(member.change(ACTOR, change(1, 601, "fast"))).message())
                .startsWith("moves_per_minute is invalid");
        assertThat(refused(member.change(ACTOR, change(1, 1, "quick\n"))).message())
                .startsWith("probes is invalid: it must be fast, normal or slow, not quick");
        assertThat(member.view()).isEqualTo(new MemberAdmin.View(50, 0, ProbeProfile.SLOW));
        controller.restart();
        assertThat(controller.mesh.plan().probes()).isEqualTo(ProbeProfile.SLOW);
    }

    private static MemberAdmin.Change change(int weight, int moves, String probes) {
        return new MemberAdmin.Change(Optional.of(weight), Optional.of(moves), Optional.of(probes));
    }

    @Test
    void analyzesOnlyControllersThatCanBeReached() {
        mesh(FULL, client("10.199.0.1", 1));
        assertThat(done(controller.admin.resilience().nMinusOne())).hasSize(6);

        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(),
                                List.of(client("10.199.0.1", 1)),
                                List.of(),
                                List.of(Statuses.controller(2, "", ""))));
        assertThat(done(controller.admin.resilience().nMinusOne()))
                .hasSize(3)
                .allMatch(each -> each.cutOff().isEmpty() || each.moved() == 0);

        controller.mesh.status = Optional.empty();
        assertThat(done(controller.admin.resilience().nMinusOne())).isEmpty();
    }
}
