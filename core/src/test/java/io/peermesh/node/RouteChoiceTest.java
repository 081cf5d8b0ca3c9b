package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Prefix;
import io.peermesh.routing.ShortestPaths;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteChoiceTest {
    private static final Prefix OVERLAY = Prefix.literal("10.0.0.0/16");
    private static final Prefix SUBNET = Prefix.literal("172.16.0.0/16");

    /** From 1: to 2 costs 20, to 3 costs 10, to 4 costs 10, 5 cannot be reached. */
    private static final ShortestPaths PATHS =
            ShortestPaths.compute(
                    1,
                    Map.of(
                            1, Map.of(2, 20, 3, 10, 4, 10),
                            2, Map.of(1, 20),
                            3, Map.of(1, 10),
                            4, Map.of(1, 10)),
                    Set.of());

    @Test
    void theNearestWins() {
        assertThat(chosen(2, 3)).contains(3);
    }

    @Test
    void atEqualCostTheLowerIdWins() {
        assertThat(chosen(4, 3)).contains(3);
    }

    @Test
    void ourOwnSubnetIsTheNearest() {
        assertThat(chosen(3, 1)).contains(1);
    }

    @Test
    void aTellerThatDrainsIsChosenOnlyWhereThereIsNoOther() {
        assertThat(chosen(Set.of(3), 2, 3)).as("the nearer one drains").contains(2);
        assertThat(chosen(Set.of(3), 4, 3)).as("at equal cost").contains(4);
        assertThat(chosen(Set.of(1), 1, 2)).as("we drain").contains(2);
        assertThat(chosen(Set.of(3), 3)).contains(3);
        assertThat(chosen(Set.of(3), 3, 5)).as("the other cannot be reached").contains(3);
        assertThat(chosen(Set.of(2, 3, 4), 2, 3, 4)).as("all drain").contains(3);
    }

    @Test
    void anUnreachableTellerIsNoChoice() {
        assertThat(chosen(5, 2)).contains(2);
        assertThat(chosen(5)).isEmpty();
    }

    @Test
    void addressesOfTheOverlayAreNotForSale() {
        var choice =
                RouteChoice.of(
                        1,
                        Map.of(
                                3,
                                List.of(
                                        Prefix.literal("10.0.7.0/24"),
                                        OVERLAY,
                                        Prefix.literal("10.0.0.0/8"))),
                        PATHS,
                        Set.of(),
                        OVERLAY);

        assertThat(choice.chosen().keySet()).containsExactly(Prefix.literal("10.0.0.0/8"));
    }

    @Test
    void showsAllTellersAndWhoIsChosen() {
        var choice =
                RouteChoice.of(
                        1,
                        Map.of(2, List.of(SUBNET), 3, List.of(SUBNET)),
                        PATHS,
                        Set.of(),
                        OVERLAY);

        assertThat(choice.routes())
                .containsExactly(
                        new NodeStatus.Route(SUBNET, 2, false),
                        new NodeStatus.Route(SUBNET, 3, true));
    }

    private static Optional<Integer> chosen(int... tellers) {
        return chosen(Set.of(), tellers);
    }

    private static Optional<Integer> chosen(Set<Integer> draining, int... tellers) {
        var advertised = new HashMap<Integer, List<Prefix>>();
        for (int teller : tellers) {
            advertised.put(teller, List.of(SUBNET));
        }
        return Optional.ofNullable(
                        RouteChoice.of(1, advertised, PATHS, draining, OVERLAY)
                                .chosen()
                                .get(SUBNET))
                .orElseThrow();
    }
}
