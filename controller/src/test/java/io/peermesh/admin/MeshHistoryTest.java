package io.peermesh.admin;

import static io.peermesh.admin.TestController.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.MeshHistory.Sample;
import io.peermesh.admin.MeshHistory.Stretch;
import io.peermesh.admin.MeshMap.LinkState;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Topology;
import io.peermesh.store.MeshStates;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written down of the mesh, and read again. */
class MeshHistoryTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Twenty past, on the minute. */
    private static final Instant BEGIN = START.minusSeconds(30);

    private TestController controller;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new TestController(directory);
        controller.ready();
        controller.now = BEGIN;
        mesh(NodeStatus.LinkState.UP, 2_000_000, 0.01);
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    /** Controller 1 with a link to 2. */
    private void mesh(NodeStatus.LinkState state, long rttNanos, double loss) {
        boolean up = state == NodeStatus.LinkState.UP;
        controller.mesh.topology =
                new Topology(
                        up ? Map.of(1, Map.of(2, 12), 2, Map.of(1, 12)) : Map.of(1, Map.of()),
                        Map.of());
        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(link(state, rttNanos, loss)),
                                List.of(Statuses.client("10.199.0.1", 1, "192.0.2.1:1")),
                                List.of(),
                                List.of(new NodeStatus.Controller(2, "", "", up))));
    }

    private static NodeStatus.Link link(NodeStatus.LinkState state, long rttNanos, double loss) {
        NodeStatus.Link like = Statuses.link(2, state, "");
        return new NodeStatus.Link(
                2, state, "", like.endpoint(), rttNanos, loss, like.health(), 0, 0, "", 0, 0, 0, 0);
    }

    /** Looks once a second, for so long. */
    private void watch(int seconds) {
        for (int second = 0; second < seconds; second++) {
            controller.admin.recorder().look();
            controller.now = controller.now.plusSeconds(1);
        }
    }

    private static Instant at(long seconds) {
        return BEGIN.plusSeconds(seconds);
    }

    private LinkState stateAt(long seconds) {
        MeshMap map = controller.admin.meshHistory().at(at(seconds)).orElseThrow().map();
        return map.edge(1, 2).orElseThrow().state();
    }

    @Test
    void theMeshIsShownAsItWas() {
        watch(90);
        mesh(NodeStatus.LinkState.DOWN, 0, 1);
        watch(90);
        mesh(NodeStatus.LinkState.UP, 2_000_000, 0.01);
        watch(60);

        assertThat(stateAt(89)).isEqualTo(LinkState.UP);
        assertThat(stateAt(90)).isEqualTo(LinkState.DOWN);
        assertThat(stateAt(179)).isEqualTo(LinkState.DOWN);
        assertThat(stateAt(180)).isEqualTo(LinkState.UP);
        MeshMap down = controller.admin.meshHistory().at(at(100)).orElseThrow().map();
        assertThat(down.member(2).orElseThrow().reachable()).isFalse();
        assertThat(down.member(1).orElseThrow().clients()).isEqualTo(1);
        assertThat(down.way(1, 2)).isEmpty();
        MeshMap up = controller.admin.meshHistory().at(at(239)).orElseThrow().map();
        assertThat(up.way(1, 2).orElseThrow().stops()).containsExactly(1, 2);
    }

    @Test
    void oneLeadsToTheNextChangeAndTheLast() {
        watch(90);
        mesh(NodeStatus.LinkState.DOWN, 0, 1);
        watch(90);

        MeshHistory history = controller.admin.meshHistory();
        assertThat(history.changeAfter(at(10))).contains(at(90));
        assertThat(history.changeAfter(at(90))).isEmpty();
        assertThat(history.changeBefore(at(90))).contains(at(0));
        assertThat(history.changeBefore(at(0))).isEmpty();
        assertThat(history.at(at(120)).orElseThrow().since()).isEqualTo(at(90));
        assertThat(history.stretches(at(-100), at(180)))
                .containsExactly(
                        new Stretch(at(0), at(90), 1, 1), new Stretch(at(90), at(180), 0, 1));
    }

    @Test
    void whileNothingWasRecordedNothingIsShown() {
        watch(61);
        controller.mesh.status = Optional.empty();
        watch(600);
        mesh(NodeStatus.LinkState.UP, 2_000_000, 0.01);
        watch(61);

        MeshHistory history = controller.admin.meshHistory();
        assertThat(history.at(at(-1))).isEmpty();
        assertThat(history.at(at(60))).isPresent();
        assertThat(history.at(at(400))).isEmpty();
        assertThat(history.at(at(661))).isPresent();
        assertThat(history.stretches(at(0), at(722)))
                .extracting(Stretch::from)
                .containsExactly(at(0), at(661));
    }

    @Test
    void whoSleptDoesNotKnowWhatWasMeanwhile() {
        watch(61);
        controller.now = at(4000);
        watch(61);

        assertThat(controller.admin.meshHistory().at(at(2000))).isEmpty();
        assertThat(controller.admin.meshHistory().at(at(4000))).isPresent();
    }

    @Test
    void figuresThatChangeMakeARowAMinuteAtMost() {
        for (int second = 0; second < 180; second++) {
            controller.mesh.topology =
                    new Topology(
                            Map.of(1, Map.of(2, 10 + second), 2, Map.of(1, 10 + second)), Map.of());
            watch(1);
        }

        List<MeshStates.Row> rows =
                controller.store.read(tx -> tx.meshStates().between(at(0), at(180)));
        assertThat(rows).hasSize(3);
        assertThat(rows).extracting(MeshStates.Row::changed).containsExactly(true, false, false);
        assertThat(controller.admin.meshHistory().at(at(179)).orElseThrow().map().graph())
                .isEqualTo(Map.of(1, Map.of(2, 130), 2, Map.of(1, 130)));
    }

    @Test
    void aLinkIsSampledOncePerMinuteWithMeanAndMost() {
        watch(30);
        mesh(NodeStatus.LinkState.UP, 4_000_000, 0.03);
        watch(31);

        assertThat(controller.admin.meshHistory().samples(2, at(0), at(600), MINUTE))
                .containsExactly(new Sample(at(0), 3000, 4000, 0.02));
    }

    @Test
    void aLinkThatIsDownIsNotSampled() {
        mesh(NodeStatus.LinkState.DOWN, 5_000_000, 1);
        watch(121);

        assertThat(controller.admin.meshHistory().samples(2, at(0), at(600), MINUTE)).isEmpty();
    }

    @Test
    void theFiguresOfThatMinuteStandAtALinkOfThePast() {
        watch(61);

        MeshMap map = controller.admin.meshHistory().at(at(60)).orElseThrow().map();

        assertThat(map.edge(1, 2).orElseThrow().quality())
                .contains(new MeshMap.Quality(2_000_000, 0.01));
    }

    @Test
    void coarseSamplesAreJoined() {
        watch(60);
        mesh(NodeStatus.LinkState.UP, 6_000_000, 0.03);
        watch(61);

        assertThat(controller.admin.meshHistory().samples(2, at(0), at(600), Duration.ofMinutes(5)))
                .containsExactly(new Sample(at(0), 4000, 6000, 0.02));
    }

    @Test
    void whatIsTooOldIsForgottenAndCounted() {
        watch(121);
        controller.now = BEGIN.plus(MeshRecorder.MAX_SAMPLE_AGE).plusSeconds(120);
        watch(61);

        assertThat(controller.admin.meshHistory().samples(2, at(0), at(600), MINUTE)).isEmpty();
        assertThat(controller.admin.recorder().pruned()).isEqualTo(3);
        assertThat(controller.admin.meshHistory().at(at(100))).isPresent();

        controller.now = BEGIN.plus(MeshRecorder.MAX_STATE_AGE).plusSeconds(3600);
        watch(61);
        assertThat(controller.admin.meshHistory().at(at(100))).isEmpty();
    }

    @Test
    void onlySoManyStatesAreKept() {
        controller.store.write(tx -> {
            for (int second = 0; second < 10; second++) {
                tx.meshStates()
                        .add(new MeshStates.Row(at(second), at(second), true, 0, 0, "self:1"));
            }

            assertThat(tx.meshStates().trim(4, at(0))).isEqualTo(6);

            assertThat(tx.meshStates().between(at(0), at(100)))
                    .extracting(MeshStates.Row::at)
                    .containsExactly(at(6), at(7), at(8), at(9));
        });
    }
}
