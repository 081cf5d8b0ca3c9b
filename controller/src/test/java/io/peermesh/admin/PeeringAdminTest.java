package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.generate;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.MeshPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeeringAdminTest {
    private static final OptionalInt DEFAULT_MTU = OptionalInt.empty();

    @TempDir Path directory;
    private TestController controller;
    private PeeringAdmin peering;

    @BeforeEach
    void start() {
        controller = new TestController(directory);
        peering = controller.admin.peering();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void wantsLicenseAndKeysetFirst() {
        assertThat(refused(peering.view())).isEqualTo(Problem.UNLICENSED);
        assertThat(refused(peering.assignSelf(ACTOR, 1))).isEqualTo(Problem.UNLICENSED);
        controller.license();
        assertThat(refused(peering.view()).message()).startsWith("There is no keyset yet");
        assertThat(refused(peering.putPeer(ACTOR, 2, "10.1.0.11", DEFAULT_MTU)).kind())
                .isEqualTo(Problem.Kind.PREREQUISITE);
    }

    @Test
    void hasARowForEveryLicensedController() {
        controller.keyset();

        PeeringView view = done(peering.view());

        assertThat(view.selfId()).isEmpty();
        assertThat(view.rows())
                .hasSize(4)
                .allMatch(PeeringView.NotSet.class::isInstance)
                .extracting(row -> row.id() + " " + row.overlayAddress())
                .containsExactly(
                        "1 10.199.0.253", "2 10.199.0.252", "3 10.199.0.251", "4 10.199.0.250");
    }

    @Test
    void takesAnIdOfTheLicense() {
        controller.keyset();

        assertThat(refused(peering.assignSelf(ACTOR, 0)).message()).startsWith("id is invalid");
        assertThat(refused(peering.assignSelf(ACTOR, 5)).message())
                .isEqualTo("id is invalid: the license has controllers 1 to 4, not 5");
        PeeringView view = done(peering.assignSelf(ACTOR, 2));

        assertThat(view.selfId()).hasValue(2);
        assertThat(view.rows().get(1)).isInstanceOf(PeeringView.Self.class);
        ConfigView config = controller.admin.config().view();
        assertThat(config.peered()).isTrue();
        assertThat(config.controllerId()).hasValue(2);
        assertThat(config.asn()).hasValue(65002);
        assertThat(config.overlayAddress()).contains(IpAddress.literal("10.199.0.252"));
    }

    @Test
    void assigningTheSameIdAgainDisturbsNothing() {
        controller.ready();
        int plans = controller.mesh.plans.size();

        done(peering.assignSelf(ACTOR, 1));

        assertThat(controller.mesh.plans).hasSize(plans);
    }

    @Test
    void refusesThePeerIdsThatCannotBe() {
        controller.ready();

        assertThat(refused(peering.putPeer(ACTOR, 5, "10.1.0.11", DEFAULT_MTU)).message())
                .isEqualTo("5 is an invalid controller id: the license has controllers 1 to 4");
        assertThat(refused(peering.putPeer(ACTOR, 0, "10.1.0.11", DEFAULT_MTU)).message())
                .startsWith("0 is an invalid controller id");
        assertThat(refused(peering.putPeer(ACTOR, 1, "10.1.0.11", DEFAULT_MTU)).message())
                .isEqualTo("1 is an invalid controller id: it is this controller's own id");
        assertThat(refused(peering.removePeer(ACTOR, 20)).message())
                .startsWith("20 is invalid as controller id.");
        assertThat(refused(peering.changePeer(ACTOR, 20, Optional.empty(), DEFAULT_MTU)).message())
                .startsWith("20 is invalid as controller id.");
    }

    @Test
    void refusesAnOwnIdThatIsAPeer() {
        controller.ready();
        done(peering.putPeer(ACTOR, 3, "10.1.0.13", DEFAULT_MTU));

        assertThat(refused(peering.assignSelf(ACTOR, 3)).message())
                .isEqualTo(
                        "id is invalid: controller 3 is configured as the peer 10.1.0.13; remove"
                                + " that peer first");
    }

    @Test
    void refusesAddressesThatAreNone() {
        controller.ready();

        for (String name : new String[] {"", " ", "10.0.0.300", "a b", "http://x", "x:1195"}) {
            assertThat(refused(peering.putPeer(ACTOR, 2, name, DEFAULT_MTU)).message())
                    .as(name)
                    .startsWith("name is invalid");
        }
        assertThat(refused(peering.putPeer(ACTOR, 2, "10.1.0.10", DEFAULT_MTU)).message())
                .isEqualTo("name is invalid: 10.1.0.10 is this controller's own address");
    }

    @Test
    void refusesOneAddressForTwoPeers() {
        controller.ready();
        done(peering.putPeer(ACTOR, 2, "fra.example.net", DEFAULT_MTU));

        assertThat(refused(peering.putPeer(ACTOR, 3, "FRA.example.net", DEFAULT_MTU)).message())
                .isEqualTo(
                        "name is invalid: FRA.example.net is configured as controller 2 already");
    }

    @Test
    void refusesAnMtuOutOfRange() {
        controller.ready();

        for (int mtu : new int[] {499, 4801, 0, -1}) {
            assertThat(
                            refused(peering.putPeer(ACTOR, 2, "10.1.0.11", OptionalInt.of(mtu)))
                                    .message())
                    .isEqualTo("mtu must be an integer between 500 and 4800");
        }
        done(peering.putPeer(ACTOR, 2, "10.1.0.11", OptionalInt.of(500)));
        done(peering.putPeer(ACTOR, 2, "10.1.0.11", OptionalInt.of(4800)));
    }

    @Test
    void puttingAPeerTwiceUpdatesIt() {
        controller.ready();

        done(peering.putPeer(ACTOR, 2, "10.1.0.11", OptionalInt.of(1400)));
        done(peering.putPeer(ACTOR, 2, "10.1.0.11", DEFAULT_MTU));
        done(peering.putPeer(ACTOR, 2, "10.1.0.12", DEFAULT_MTU));

        assertThat(controller.mesh.plan().peers())
                .containsExactly(Map.entry(2, new MeshPlan.PeerAddress("10.1.0.12", 1400)));
    }

    @Test
    void changesOnlyWhatIsGiven() {
        controller.ready();
        assertThat(
                        refused(peering.changePeer(ACTOR, 2, Optional.of("10.1.0.11"), DEFAULT_MTU))
                                .message())
                .isEqualTo("2 is invalid as controller id: it is not set yet");
        done(peering.putPeer(ACTOR, 2, "10.1.0.11", DEFAULT_MTU));

        done(peering.changePeer(ACTOR, 2, Optional.empty(), OptionalInt.of(1300)));
        done(peering.changePeer(ACTOR, 2, Optional.of("10.1.0.12"), DEFAULT_MTU));

        assertThat(controller.mesh.plan().peers().get(2))
                .isEqualTo(new MeshPlan.PeerAddress("10.1.0.12", 1300));
    }

    @Test
    void removesPeersThatAreSetAndThatAreNot() {
        controller.ready();
        done(peering.putPeer(ACTOR, 2, "10.1.0.11", DEFAULT_MTU));

        done(peering.removePeer(ACTOR, 2));
        done(peering.removePeer(ACTOR, 2));

        assertThat(controller.mesh.plan().peers()).isEmpty();
    }

    @Test
    void runsNoMeshBeforeTheOwnIdIsSet() {
        controller.keyset();
        done(peering.putPeer(ACTOR, 2, "10.1.0.11", DEFAULT_MTU));

        assertThat(controller.mesh.plans).allMatch(Optional::isEmpty);
        PeeringView.Peer peer = (PeeringView.Peer) done(peering.view()).rows().get(1);
        assertThat(peer.state()).isEqualTo("inactive");
        assertThat(peer.reason()).isEqualTo("this controller's own id is not set");
    }

    @Test
    void showsHowTheLinkIs() {
        controller.ready();
        done(peering.putPeer(ACTOR, 2, "10.1.0.11", DEFAULT_MTU));
        done(peering.putPeer(ACTOR, 3, "10.1.0.12", DEFAULT_MTU));

        controller.mesh.status =
                Optional.of(
                        status(
                                link(2, NodeStatus.LinkState.UP, ""),
                                link(3, NodeStatus.LinkState.REFUSED, "another keyset")));

        List<PeeringView.Row> rows = done(peering.view()).rows();
        assertThat(rows.get(1))
                .isEqualTo(
                        new PeeringView.Peer(
                                2,
                                IpAddress.literal("10.199.0.252"),
                                "10.1.0.11",
                                1500,
                                true,
                                "up",
                                ""));
        assertThat(((PeeringView.Peer) rows.get(2)).reachable()).isFalse();
        assertThat(((PeeringView.Peer) rows.get(2)).reason()).isEqualTo("another keyset");
    }

    @Test
    void expiryBlocksNewPeersAndNothingElse() {
        controller.license(
                TestController.claims(4, 5, Optional.of(TestController.START.plusSeconds(100))));
        done(controller.admin.keyset().start(ACTOR, generate(TestController.TOKEN)));
        done(peering.assignSelf(ACTOR, 1));
        done(peering.putPeer(ACTOR, 2, "10.1.0.11", DEFAULT_MTU));
        controller.now = controller.now.plusSeconds(100);

        assertThat(refused(peering.putPeer(ACTOR, 3, "10.1.0.12", DEFAULT_MTU)).message())
                .startsWith("The license expired on");
        done(peering.putPeer(ACTOR, 2, "10.1.0.13", DEFAULT_MTU));
        controller.restart();
        assertThat(controller.mesh.plan().peers()).hasSize(1);
    }

    @Test
    void comesBackWithTheSamePlanAfterARestart() {
        controller.ready();
        done(peering.putPeer(ACTOR, 2, "10.1.0.11", DEFAULT_MTU));
        MeshPlan before = controller.mesh.plan();

        controller.restart();

        assertThat(controller.mesh.plan()).isEqualTo(before);
        assertThat(before.selfId()).isEqualTo(1);
        assertThat(before.controllers()).hasSize(4);
        assertThat(before.virtualAddress()).hasToString("10.199.0.254");
        assertThat(before.overlay()).hasToString("10.199.0.0/24");
        assertThat(before.clientEndpoint()).isEqualTo("10.1.0.10:51820");
        assertThat(before.clients()).hasSize(5);
    }

    @Test
    void takesPeersFromManyThreadsAtOnce() throws InterruptedException {
        controller.ready();

        List<Thread> threads =
                IntStream.rangeClosed(2, 4)
                        .mapToObj(id ->
                                Thread.ofVirtual()
                                        .start(() ->
                                                peering.putPeer(
                                                        ACTOR, id, "10.1.0.1" + id, DEFAULT_MTU)))
                        .toList();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(controller.mesh.plan().peers()).containsOnlyKeys(2, 3, 4);
        assertThat(done(peering.view()).rows().stream().filter(PeeringView.Peer.class::isInstance))
                .hasSize(3);
    }

    private static NodeStatus status(NodeStatus.Link... links) {
        return Statuses.of(List.of(links), List.of(), List.of(), List.of());
    }

    private static NodeStatus.Link link(int id, NodeStatus.LinkState state, String reason) {
        return Statuses.link(id, state, reason);
    }
}
