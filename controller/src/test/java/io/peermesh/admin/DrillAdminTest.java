package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.EventDetail.Measure;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeStatus.LinkState;
import io.peermesh.node.Report;
import io.peermesh.node.Topology;
import io.peermesh.runtime.DrillResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillAdminTest {
    private static final Map<Integer, Map<Integer, Integer>> TRIANGLE =
            Map.of(1, Map.of(2, 10, 3, 10), 2, Map.of(1, 10, 3, 10), 3, Map.of(1, 10, 2, 10));
    private static final Map<Integer, Map<Integer, Integer>> LINE =
            Map.of(1, Map.of(2, 10), 2, Map.of(1, 10, 3, 10), 3, Map.of(2, 10));
    private static final Report.LinkEvidence EVIDENCE =
            new Report.LinkEvidence(160_000_000, 0.5, 0, 300_000, 9, 0);

    @TempDir Path directory;
    private TestController controller;
    private DrillAdmin drills;

    @BeforeEach
    void start() {
        controller = new TestController(directory);
        controller.ready();
        drills = controller.admin.drills();
        mesh(TRIANGLE);
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    private void mesh(Map<Integer, Map<Integer, Integer>> graph) {
        controller.mesh.topology = new Topology(graph, Map.of());
        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(
                                        Statuses.link(2, LinkState.UP, ""),
                                        Statuses.link(3, LinkState.DOWN, "silent")),
                                List.of(),
                                List.of(),
                                List.of(
                                        Statuses.controller(2, "", ""),
                                        Statuses.controller(3, "", ""))));
    }

    @Test
    void runsOneAtATimeAndRecordsWhatItMeasured() {
        DrillAdmin.View view = done(drills.start(ACTOR, 2, 3, false));

        assertThat(view.isRunning()).isTrue();
        FakeMesh.Drill drill = controller.mesh.drills.getFirst();
        assertThat(drill.overlay()).isEqualTo(IpAddress.literal("10.199.0.252"));
        assertThat(drill.lasting()).isEqualTo(Duration.ofSeconds(3));
        assertThat(refused(drills.start(ACTOR, 2, 3, true)).message())
                .startsWith("A drill is going on already");

        controller.admin.onReport(
                new Report.LinkDown(2, Report.LinkCause.SILENCE, "no answer", EVIDENCE));
        drill.done().accept(new DrillResult(true, 172_000_000, 400, 18, 93_000_000, ""));

        assertThat(drills.latest().orElseThrow().isRunning()).isFalse();
        EventView event =
                controller
                        .admin
                        .events()
                        .find(EventQuery.newest(1).of(2, EventKind.DRILL))
                        .getFirst();
        assertThat(event.text())
                .isEqualTo(
                        "The link to controller 2 was taken down for 3 s in a drill: no answer for"
                                + " 172 ms, 18 of 400 echo requests lost; the link answered again 93 ms"
                                + " after it.");
        assertThat(event.detail().cause()).isEqualTo("drill");
        assertThat(event.detail().measures())
                .containsEntry(Measure.OUTAGE_MICROS, 172_000L)
                .containsEntry(Measure.RETURN_MICROS, 93_000L)
                .containsEntry(Measure.DETECT_MICROS, 160_000L);
        done(drills.start(ACTOR, 2, 1, false));
    }

    private EventView event(DrillResult result) {
        done(drills.start(ACTOR, 2, 3, false));
        controller.mesh.drills.getFirst().done().accept(result);
        EventQuery newest = EventQuery.newest(1).of(2, EventKind.DRILL);
        return controller.admin.events().find(newest).getFirst();
    }

    @Test
    void saysWhyItCouldNotMeasure() {
        EventView event = event(new DrillResult(true, -1, 0, 0, 40_000_000, "of the rain"));

        assertThat(event.text())
                .endsWith(
                        "could not be measured, since of the rain; the link answered again 40 ms"
                                + " after it.");
        assertThat(event.detail().measures())
                .doesNotContainKey(Measure.OUTAGE_MICROS)
                .containsEntry(Measure.RETURN_MICROS, 40_000L);
    }

    @Test
    void saysThatTheLinkDidNotComeBack() {
        EventView event = event(new DrillResult(true, 172_000_000, 400, 18, -1, ""));

        assertThat(event.text()).endsWith("did not come back by itself, see peermesh status.");
        assertThat(event.detail().measures()).doesNotContainKey(Measure.RETURN_MICROS);
    }

    @Test
    void saysThatItWasNotCarriedOut() {
        EventView event = event(DrillResult.failed("of the snow"));

        assertThat(event.text())
                .isEqualTo(
                        "The drill on the link to controller 2 was not carried out: of the snow.");
        assertThat(drills.latest().orElseThrow().isRunning()).isFalse();
    }

    @Test
    void refusesWhatWouldCutOffUnlessForced() {
        mesh(LINE);

        assertThat(refused(drills.start(ACTOR, 2, 3, false)).message())
                .contains("2 pairs of controllers would be cut off");
        assertThat(controller.mesh.drills).isEmpty();
        assertThat(done(drills.start(ACTOR, 2, 3, true)).isRunning()).isTrue();
    }

    @Test
    void refusesLinksThatAreNotUpAndTimesThatAreTooLong() {
        assertThat(refused(drills.start(ACTOR, 3, 3, true)).message())
                .startsWith("There is no link to controller 3 that is up");
        assertThat(refused(drills.start(ACTOR, 9, 3, true)).message())
                .startsWith("There is no link to controller 9 that is up");
        assertThat(refused(drills.start(ACTOR, 2, 0, false)).message())
                .isEqualTo("seconds is invalid: a drill lasts 1 to 60 s, not 0");
        assertThat(refused(drills.start(ACTOR, 2, 61, true)).message())
                .startsWith("seconds is invalid");
        assertThat(drills.latest()).isEmpty();
    }
}
