package io.peermesh.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.peermesh.admin.MeshMap.Edge;
import io.peermesh.admin.MeshMap.LinkState;
import io.peermesh.admin.MeshMap.Member;
import io.peermesh.admin.MeshMap.Step;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Topology;
import io.peermesh.routing.LinkCost;
import io.peermesh.wire.Payload.Load;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The mesh as a picture needs it. */
class MeshMapTest {
    /** 1 reaches 4 by way of 2 or 3; between 2 and 3 only 2 tells of a link. */
    private static final Map<Integer, Map<Integer, Integer>> DIAMOND =
            Map.of(
                    1, Map.of(2, 10, 3, 10),
                    2, Map.of(1, 10, 4, 10, 3, 10),
                    3, Map.of(1, 10, 4, 10),
                    4, Map.of(2, 10, 3, 10));

    private static MeshMap map(
            Map<Integer, Map<Integer, Integer>> graph, Map<Integer, Load> loads) {
        return MeshMap.of(1, status(true), new Topology(graph, loads));
    }

    private static NodeStatus status(boolean fourIsReachable) {
        return Statuses.of(
                List.of(
                        Statuses.link(2, NodeStatus.LinkState.UP, ""),
                        Statuses.link(3, NodeStatus.LinkState.UP, ""),
                        Statuses.link(5, NodeStatus.LinkState.CONNECTING, "no answer")),
                List.of(
                        Statuses.client("10.199.0.1", 4, "192.0.2.1:1"),
                        Statuses.client("10.199.0.2", 4, "192.0.2.1:2")),
                List.of(),
                List.of(
                        Statuses.controller(2, "", ""),
                        Statuses.controller(3, "", ""),
                        new NodeStatus.Controller(4, "", "", fourIsReachable)));
    }

    @Test
    void hasEveryControllerThatIsConfiguredOrHeardOf() {
        MeshMap map = map(DIAMOND, Map.of(2, new Load(true, 0, 1)));

        assertThat(map.members())
                .containsExactly(
                        new Member(1, true, false, 0),
                        new Member(2, true, true, 0),
                        new Member(3, true, false, 0),
                        new Member(4, true, false, 2),
                        new Member(5, false, false, 0));
    }

    @Test
    void tellsOwnLinksByTheirStateAndOthersByWhatTheirEndsTell() {
        MeshMap map = map(DIAMOND, Map.of());

        assertThat(map.edges())
                .extracting(Edge::low, Edge::high, Edge::state)
                .containsExactly(
                        tuple(1, 2, LinkState.UP),
                        tuple(1, 3, LinkState.UP),
                        tuple(1, 5, LinkState.COMING),
                        tuple(2, 3, LinkState.ONE_SIDED),
                        tuple(2, 4, LinkState.UP),
                        tuple(3, 4, LinkState.UP));
    }

    @Test
    void aForeignLinkThatIsHeldDownShowsInItsCost() {
        int held = LinkCost.HELD + 10;
        MeshMap map =
                map(
                        Map.of(
                                1, Map.of(2, 10),
                                2, Map.of(1, 10, 4, held),
                                4, Map.of(2, held)),
                        Map.of());

        assertThat(map.edge(4, 2).orElseThrow().state()).isEqualTo(LinkState.HELD);
    }

    @Test
    void waysOfEqualCostAreAllTold() {
        MeshMap.Way way = map(DIAMOND, Map.of()).way(1, 4).orElseThrow();

        assertThat(way.stops()).containsExactly(1, 2, 4);
        assertThat(way.cost()).isEqualTo(20);
        assertThat(way.isShared()).isTrue();
        assertThat(way.steps())
                .containsExactlyInAnyOrder(
                        new Step(1, 2), new Step(2, 4), new Step(1, 3), new Step(3, 4));
    }

    @Test
    void packetsGoAroundWhoIsDraining() {
        MeshMap map = map(DIAMOND, Map.of(2, new Load(true, 0, 1)));

        MeshMap.Way way = map.way(1, 4).orElseThrow();

        assertThat(way.stops()).containsExactly(1, 3, 4);
        assertThat(way.isShared()).isFalse();
    }

    @Test
    void whatAControllerOutOfReachToldLastDoesNotCount() {
        MeshMap map = MeshMap.of(1, status(false), new Topology(DIAMOND, Map.of()));

        assertThat(map.way(1, 4)).isEqualTo(Optional.empty());
        assertThat(map.edge(2, 4).orElseThrow().state()).isEqualTo(LinkState.ONE_SIDED);
        assertThat(map.member(4).orElseThrow().reachable()).isFalse();
    }
}
