package io.peermesh.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.MeshMap.Edge;
import io.peermesh.admin.MeshMap.LinkState;
import io.peermesh.admin.MeshMap.Member;
import io.peermesh.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The mesh as stored text. */
class MeshStateTextTest {
    private static final List<LinkState> STATES = List.of(LinkState.values());
    private static final String TEXT = "self:1 1:r:3 2:rd:0 3::0 1-2:UP:11:12 1-3:DOWN:0:0";

    @Test
    void whatIsStoredIsReadAsItWas() {
        MeshMap map = MeshStateText.parse(TEXT).orElseThrow();

        assertThat(map.members())
                .containsExactly(
                        new Member(1, true, false, 3),
                        new Member(2, true, true, 0),
                        new Member(3, false, false, 0));
        assertThat(map.graph()).isEqualTo(Map.of(1, Map.of(2, 11), 2, Map.of(1, 12)));
        assertThat(map.draining()).containsExactly(2);
        assertThat(map.edge(1, 3).orElseThrow().state()).isEqualTo(LinkState.DOWN);
        assertThat(MeshStateText.of(map)).isEqualTo(TEXT);
        assertThat(MeshStateText.shape(map)).isEqualTo("self:1 1:r 2:rd 3: 1-2:UP 1-3:DOWN");
    }

    @Test
    void anyMeshIsReadAsItWas() {
        Seeds.each(
                200,
                seed -> {
                    MeshMap map = random(new SplittableRandom(seed));

                    assertThat(MeshStateText.parse(MeshStateText.of(map))).contains(map);
                });
    }

    private static MeshMap random(SplittableRandom random) {
        int controllers = random.nextInt(1, 11);
        var members = new ArrayList<Member>();
        var edges = new ArrayList<Edge>();
        var graph = new HashMap<Integer, Map<Integer, Integer>>();
        var draining = new HashSet<Integer>();
        for (int id = 1; id <= controllers; id++) {
            boolean drains = random.nextBoolean();
            members.add(new Member(id, random.nextBoolean(), drains, random.nextInt(10_001)));
            if (drains) {
                draining.add(id);
            }
            for (int high = id + 1; high <= controllers; high++) {
                int there = random.nextInt(1_000_000);
                int back = random.nextInt(1_000_000);
                edges.add(
                        new Edge(
                                id,
                                high,
                                STATES.get(random.nextInt(STATES.size())),
                                Math.max(there, back),
                                Optional.empty(),
                                Optional.empty()));
                put(graph, id, high, there);
                put(graph, high, id, back);
            }
        }
        return new MeshMap(random.nextInt(1, controllers + 1), 0, members, edges, graph, draining);
    }

    private static void put(Map<Integer, Map<Integer, Integer>> graph, int from, int to, int cost) {
        if (cost > 0) {
            graph.computeIfAbsent(from, _ -> new HashMap<>()).put(to, cost);
        }
    }

    @Test
    void whatIsNoMeshIsNone() {
        for (String text :
                List.of(
                        "",
                        "self:1",
                        "self:2 1:r:0",
                        "self:1 self:1 1:r:0",
                        "self:1 1:r:0 1:r:0",
                        "self:1 1:r:0 11:r:0",
                        "self:0 0:r:0",
                        "self:1 1:r:0 1-2:UP:1:1",
                        "self:1 1:r:0 2:r:0 2-1:UP:1:1",
                        "self:1 1:r:0 2:r:0 1-2:SIDEWAYS:1:1",
                        "self:1  1:r:0",
                        "self:1 1:x:0",
                        "self:1 1:r:99999999999")) {
            assertThat(MeshStateText.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    void survivesTruncationAndNonsense() {
        for (int length = 0; length < TEXT.length(); length++) {
            MeshStateText.parse(TEXT.substring(0, length));
        }
        Seeds.each(
                200,
                seed -> {
                    var random = new SplittableRandom(seed);
                    var text = new StringBuilder(TEXT);
                    for (int i = 0; i < 5; i++) {
                        text.setCharAt(
                                random.nextInt(TEXT.length()), (char) random.nextInt(32, 127));
                    }
                    MeshStateText.parse(text.toString())
                            .ifPresent(map -> assertThat(map.member(map.selfId())).isPresent());
                });
    }
}
