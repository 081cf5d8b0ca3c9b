package io.peermesh.node;

import static io.peermesh.node.Pipe.MS;
import static io.peermesh.node.Pipe.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.forward.DataEvent;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.Prefix;
import io.peermesh.node.NodeStatus.LinkState;
import io.peermesh.replication.SharedEntry;
import io.peermesh.wire.HandshakeLayout;
import io.peermesh.wire.LinkOffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several nodes together, over lines without encryption: links, routes, shared state. */
class NodeMeshTest {
    @Test
    void linksComeUpAndBothSidesReportIt() {
        Pipe pipe = Pipe.mesh(3, 0);

        assertThat(pipe.runUntil(pipe::allUp, 2 * SECOND)).isTrue();

        assertThat(pipe.controller(1).reports)
                .filteredOn(report -> report instanceof Report.LinkUp)
                .hasSize(2);
        NodeStatus.Link link = pipe.controller(1).link(2);
        assertThat(link.rttNanos()).isEqualTo(2 * MS);
        assertThat(link.reason()).isEmpty();
        assertThat(link.cipher()).isEqualTo("AES_256_GCM");
        assertThat(link.endpoint()).isEqualTo(Endpoint.parse("192.0.2.2:1195"));
    }

    @Test
    void routesToOtherControllersAndTheirSubnets() {
        Pipe pipe = Pipe.settled(3, 0);

        Pipe.Controller one = pipe.controller(1);
        assertThat(one.via("10.0.0.1")).isEqualTo("local");
        assertThat(one.via("10.0.255.254")).isEqualTo("local");
        assertThat(one.via("172.16.1.9")).isEqualTo("local");
        assertThat(one.via("10.0.0.2")).isEqualTo("link 2");
        assertThat(one.via("172.16.3.9")).isEqualTo("link 3");
        assertThat(one.via("8.8.8.8")).isEqualTo("none");
    }

    @Test
    void goesAroundABrokenLinkAndBack() {
        Pipe pipe = Pipe.settled(3, 0);

        pipe.cut(1, 2);
        pipe.run(SECOND);

        assertThat(pipe.controller(1).via("10.0.0.2")).isEqualTo("link 3");
        assertThat(pipe.controller(2).via("172.16.1.1")).isEqualTo("link 3");
        assertThat(pipe.controller(1).link(2).state()).isEqualTo(LinkState.DOWN);

        pipe.lost = (from, to) -> false;
        pipe.run(2 * SECOND);

        assertThat(pipe.controller(1).via("10.0.0.2")).isEqualTo("link 2");
    }

    @Test
    void aSilentCutIsRoutedAroundWithinFourIntervals() {
        Pipe pipe = Pipe.settled(3, 0);
        pipe.cut(1, 2);
        long cutNanos = pipe.now;

        pipe.runUntil(() -> pipe.controller(1).via("10.0.0.2").equals("link 3"), 5 * SECOND);

        assertThat((pipe.now - cutNanos) / MS).isBetween(100L, 200L);
    }

    @Test
    void aPartitionHealsAndTheDatabasesAreEqualAgain() {
        Pipe pipe = Pipe.settled(4, 0);
        pipe.cut(Set.of(1, 2), Set.of(3, 4));
        pipe.run(5 * SECOND);
        pipe.controller(1).configure(c -> c.advertised("172.20.0.0/16"));
        pipe.controller(4).configure(c -> c.advertised("172.21.0.0/16"));
        pipe.run(5 * SECOND);
        assertThat(pipe.controller(1).via("10.0.0.4")).isEqualTo("unreachable");

        pipe.lost = (from, to) -> false;
        pipe.run(15 * SECOND);

        assertThat(pipe.controller(2).via("172.21.3.3")).isEqualTo("link 4");
        assertThat(pipe.controller(3).via("172.20.3.3")).isEqualTo("link 1");
        assertThat(pipe.controller(3).via("172.16.1.1")).as("withdrawn").isEqualTo("none");
    }

    @Test
    void aRestartedControllerThatForgotEverythingIsBelievedAgain() {
        Pipe pipe = Pipe.settled(3, 0);
        for (int i = 0; i < 20; i++) { // sequence numbers that the next life does not know
            String prefix = "172.2%d.0.0/16".formatted(i % 2);
            pipe.controller(2).configure(c -> c.advertised(prefix));
            pipe.run(SECOND);
        }
        pipe.crash(2);
        pipe.run(5 * SECOND);

        pipe.start(pipe.desired(2, 3, 0));
        pipe.run(10 * SECOND);

        assertThat(pipe.allUp()).isTrue();
        assertThat(pipe.controller(1).via("172.16.2.1")).isEqualTo("link 2");
        assertThat(pipe.controller(3).via("172.16.2.1")).isEqualTo("link 2");
        assertThat(pipe.controller(3).via("172.21.0.1")).isEqualTo("none");
    }

    @Test
    void aFormerLifeThatOnlyAThirdRemembersIsOvertakenWhenItComesBack() {
        Pipe pipe = Pipe.settled(3, 0);
        for (int i = 0; i < 20; i++) { // sequence numbers that the next life does not know
            String prefix = "172.2%d.0.0/16".formatted(i % 2);
            pipe.controller(1).configure(c -> c.advertised(prefix));
            pipe.run(SECOND);
        }
        pipe.cut(Set.of(1, 2), Set.of(3));
        pipe.crash(1);
        pipe.crash(2);
        pipe.start(pipe.desired(1, 3, 0));
        pipe.start(pipe.desired(2, 3, 0));
        pipe.cut(Set.of(1, 2), Set.of(3));
        pipe.run(10 * SECOND);

        pipe.cut(Set.of(1), Set.of(3));
        pipe.run(10 * SECOND);

        assertThat(pipe.controller(3).via("172.16.1.1")).isEqualTo("link 2");
        assertThat(pipe.controller(3).via("172.21.0.1")).isEqualTo("none");
        assertThat(pipe.controller(2).via("172.16.1.1")).isEqualTo("link 1");
    }

    @Test
    void theNearestOfTwoTellersOfASubnetGetsThePackets() {
        Pipe pipe = Pipe.settled(3, 0);
        pipe.controller(2).configure(c -> c.advertised("172.30.0.0/16"));
        pipe.controller(3).configure(c -> c.advertised("172.30.0.0/16"));
        pipe.run(SECOND);
        assertThat(pipe.controller(1).via("172.30.0.1")).as("lower id").isEqualTo("link 2");
        assertThat(pipe.controller(3).via("172.30.0.1")).as("itself").isEqualTo("local");

        pipe.crash(2);
        pipe.run(2 * SECOND);

        assertThat(pipe.controller(1).via("172.30.0.1")).isEqualTo("link 3");
        assertThat(pipe.controller(1).node.status(pipe.now).routes())
                .contains(new NodeStatus.Route(Prefix.literal("172.30.0.0/16"), 3, true));
    }

    @Test
    void anOrderlyStopIsNoticedAtOnceAndNamed() {
        Pipe pipe = Pipe.settled(3, 0);
        pipe.controller(2).node.stop(pipe.now);

        pipe.run(20 * MS);

        NodeStatus.Link link = pipe.controller(1).link(2);
        assertThat(link.state()).isEqualTo(LinkState.DOWN);
        assertThat(link.reason()).isEqualTo("controller 2 was stopped");
        assertThat(pipe.controller(1).via("10.0.0.2")).isEqualTo("unreachable");
        assertThat(pipe.controller(2).path.events).isEmpty();
    }

    @Test
    void aRemovedPeerIsToldSoAndCanComeBack() {
        Pipe pipe = Pipe.settled(2, 0);
        pipe.controller(1).configure(c -> c.withoutPeer(2));
        pipe.run(SECOND);

        assertThat(pipe.controller(2).link(1).reason())
                .isEqualTo("controller 1 no longer has controller 2 as its peer");
        assertThat(pipe.controller(1).node.status(pipe.now).links()).isEmpty();

        pipe.controller(1).configure(c -> c.peer(2, Pipe.peer(Pipe.underlay(2))));
        pipe.run(5 * SECOND);

        assertThat(pipe.allUp()).isTrue();
        assertThat(pipe.controller(2).via("172.16.1.1")).isEqualTo("link 1");
        assertThat(pipe.controller(1).via("172.16.2.1")).isEqualTo("link 2");
    }

    @Test
    void anUnreachablePeerIsExplainedWithThePortsToOpen() {
        Pipe pipe = new Pipe(1);
        pipe.start(pipe.desired(1, 2, 0));

        pipe.run(10 * SECOND);

        NodeStatus.Link link = pipe.controller(1).link(2);
        assertThat(link.state()).isEqualTo(LinkState.CONNECTING);
        assertThat(link.reason())
                .isEqualTo("no answer from 192.0.2.2:1195; open UDP 1195 there and UDP 1195 here");
    }

    @Test
    void aNameThatDoesNotResolveIsSaidSoAndResolvesLater() {
        Pipe pipe = new Pipe(1);
        var unresolved = new Desired.Peer("two.example.net", Optional.empty(), 1420);
        Pipe.Controller one =
                pipe.start(Change.of(pipe.desired(1, 2, 0)).peer(2, unresolved).desired());
        pipe.start(Change.of(pipe.desired(2, 2, 0)).peer(1, unresolved).desired());
        pipe.run(SECOND);
        assertThat(one.link(2).state()).isEqualTo(LinkState.RESOLVING);
        assertThat(one.link(2).reason()).contains("two.example.net");

        one.configure(c -> c.peer(2, new Desired.Peer("x", Optional.of(Pipe.underlay(2)), 1420)));
        pipe.run(2 * SECOND);

        assertThat(pipe.allUp()).as("either side may know the other's address").isTrue();
    }

    @Test
    void anotherKeysetIsRefusedByName() {
        Pipe pipe = Pipe.settled(2, 0);
        var other = new Pipe(99).keyset;
        pipe.controller(2).configure(c -> c.keyset(other));

        pipe.run(5 * SECOND);

        NodeStatus.Link link = pipe.controller(1).link(2);
        assertThat(link.state()).isEqualTo(LinkState.REFUSED);
        assertThat(link.reason()).contains("192.0.2.2 has another keyset");
        assertThat(pipe.controller(1).reports)
                .filteredOn(report -> report instanceof Report.PeerRefused)
                .as("said once")
                .hasSize(1);
    }

    @Test
    void forgedRefusalsDoNotFillTheEventLog() {
        Pipe pipe = new Pipe(1);
        Pipe.Controller one = pipe.start(pipe.desired(1, 2, 0));
        byte[] junk = new byte[HandshakeLayout.LINK.initiationBytes()];
        junk[0] = 1;
        byte[] offer = new LinkOffer(1, 1, 2, 1, 1).toBytes();
        System.arraycopy(offer, 0, junk, 8, offer.length);

        for (int i = 1; i < 500; i++) {
            var forged = new Endpoint(Pipe.underlay(2), i);
            one.onEvent(new DataEvent.HandshakeReceived(2, forged, junk));
            pipe.run(100 * MS);
        }

        assertThat(one.reports).hasSize(1);
        assertThat(one.link(2).state()).isEqualTo(LinkState.REFUSED);
    }

    @Test
    void aNewKeysetOnAllControllersConnectsAgain() {
        Pipe pipe = Pipe.settled(3, 0);
        var other = new Pipe(99).keyset;
        pipe.controllers.values().forEach(each -> each.configure(c -> c.keyset(other)));

        pipe.run(5 * SECOND);

        assertThat(pipe.allUp()).isTrue();
        assertThat(pipe.controller(1).via("172.16.3.1")).isEqualTo("link 3");
    }

    @Test
    void aConfigurationThatChangesNothingDisturbsNothing() {
        Pipe pipe = Pipe.settled(3, 5);
        pipe.addClient(1).connect(1);
        pipe.run(2 * SECOND);
        int published = pipe.controller(1).path.published;
        int reports = pipe.controller(1).reports.size();

        pipe.controller(1).configure(c -> c);
        pipe.run(10 * SECOND);

        assertThat(pipe.controller(1).path.published).isEqualTo(published);
        assertThat(pipe.controller(1).reports).hasSize(reports);
        assertThat(pipe.allUp()).isTrue();
    }

    // ---- shared state

    @Test
    void sharedStateReachesEveryControllerAndIsReportedOnce() {
        Pipe pipe = Pipe.settled(3, 0);
        var entry = new SharedEntry("pack/10.0.1.1/disabled", "1", 3, 1);

        pipe.controller(1).configure(c -> c.shared(List.of(entry)));
        pipe.run(SECOND);

        for (int id : List.of(2, 3)) {
            assertThat(pipe.controller(id).reports)
                    .filteredOn(report -> report instanceof Report.SharedChanged)
                    .containsExactly(new Report.SharedChanged(List.of(entry)));
        }
        assertThat(pipe.controller(1).reports)
                .noneMatch(report -> report instanceof Report.SharedChanged);
    }

    @Test
    void sharedStateIsExchangedWhenALinkComesUpAndTheNewerWins() {
        var pipe = new Pipe(5);
        var older = new SharedEntry("topology/name", "old", 1, 2);
        var newer = new SharedEntry("topology/name", "new", 2, 1);
        pipe.start(pipe.desired(1, 2, 0)).configure(c -> c.shared(List.of(newer)));
        pipe.start(pipe.desired(2, 2, 0)).configure(c -> c.shared(List.of(older)));

        pipe.run(3 * SECOND);

        assertThat(pipe.controller(2).reports).contains(new Report.SharedChanged(List.of(newer)));
        assertThat(pipe.controller(1).reports)
                .noneMatch(report -> report instanceof Report.SharedChanged);
    }

    // ---- disturbances

    @Test
    void aPausedProcessRaisesNoAlarmAtItself() {
        Pipe pipe = Pipe.settled(3, 0);
        Pipe.Controller one = pipe.controller(1);
        pipe.controllers.remove(1);
        pipe.run(300 * MS); // shorter than the others' patience
        long reports = one.reports.size();

        pipe.controllers.put(1, one);
        pipe.run(5 * SECOND);

        assertThat(one.reports).hasSize((int) reports);
    }

    @Test
    void ownLatenessIsNotThePeersSilence() {
        Pipe pipe = Pipe.settled(3, 0);
        Pipe.Controller one = pipe.controller(1);
        pipe.controllers.remove(1);
        pipe.run(3 * SECOND);
        int reports = one.reports.size();

        pipe.controllers.put(1, one);
        pipe.run(100 * MS);

        assertThat(one.reports).hasSize(reports);
    }

    @Test
    void heavyLossIsSurvived() {
        Pipe pipe = Pipe.mesh(4, 3);
        pipe.lost = (from, to) -> pipe.random.nextInt(10) < 3;
        for (int k = 1; k <= 3; k++) {
            pipe.addClient(k).connect(k);
        }
        pipe.run(60 * SECOND);
        pipe.lost = (from, to) -> false;

        pipe.run(60 * SECOND); // until the loss is out of the measure, and of the costs

        for (int id = 1; id <= 4; id++) {
            for (int k = 1; k <= 3; k++) {
                int owner = owner(pipe, k);
                String expected = id == owner ? "client " + k : "link " + owner;
                assertThat(pipe.controller(id).via("10.0.1." + k)).isEqualTo(expected);
            }
        }
    }

    /** The one controller that a client is connected to. */
    private static int owner(Pipe pipe, int k) {
        List<Integer> owners =
                pipe.controllers.keySet().stream()
                        .filter(id -> pipe.controller(id).via("10.0.1." + k).equals("client " + k))
                        .toList();
        assertThat(owners).as("owners of client %d", k).hasSize(1);
        return owners.getFirst();
    }
}
