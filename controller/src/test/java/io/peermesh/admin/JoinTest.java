package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.TOKEN;
import static io.peermesh.admin.TestController.claims;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.fetch;
import static io.peermesh.admin.TestController.generate;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.JoinView.Progress;
import io.peermesh.admin.JoinView.State;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Report;
import io.peermesh.replication.SharedEntry;
import io.peermesh.runtime.MeshPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Controllers that join each other's mesh; what links carry is carried over by the test. */
class JoinTest {
    private final Map<String, TestController> network = new HashMap<>();
    private final List<TestController> controllers = new ArrayList<>();
    @TempDir Path directory;

    @AfterEach
    void stop() {
        controllers.forEach(TestController::close);
    }

    /** A controller at 10.1.0.NUMBER. */
    private TestController controller(int number) {
        var controller =
                new TestController(
                        directory.resolve(Integer.toString(number)), "10.1.0." + number, network);
        controllers.add(controller);
        return controller;
    }

    /** The first of a mesh: a license and a keyset, nothing else. */
    private TestController first() {
        TestController first = controller(1);
        first.keyset();
        return first;
    }

    private static JoinAdmin.Wish at(TestController source) {
        return new JoinAdmin.Wish(source.address, TOKEN, "", "");
    }

    private static JoinView join(TestController joiner, TestController source) {
        return done(joiner.admin.join().start(ACTOR, at(source)));
    }

    private static JoinView joined(TestController joiner, TestController source) {
        JoinView view = join(joiner, source);
        assertThat(view.failure()).isEmpty();
        assertThat(view.state()).isEqualTo(State.JOINED);
        return view;
    }

    private static KeysetView.Failure failed(TestController joiner, TestController source) {
        JoinView view = join(joiner, source);
        assertThat(view.state()).isEqualTo(State.FAILED);
        return view.failure().orElseThrow();
    }

    private static Map<Integer, String> peers(TestController controller) {
        var peers = new HashMap<Integer, String>();
        controller.mesh.plan().peers().forEach((id, peer) -> peers.put(id, peer.host()));
        return peers;
    }

    private static int id(TestController controller) {
        return controller.mesh.plan().selfId();
    }

    /** What the links do: all that one knows is reported to the other. */
    private static void carryOver(TestController from, TestController to) {
        List<SharedEntry> entries = from.mesh.plan().shared();
        to.admin.onReport(new Report.SharedChanged(entries));
    }

    private static void reach(TestController from, Integer... others) {
        from.mesh.status =
                Optional.of(
                        new NodeStatus(
                                0,
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(others).stream()
                                        .map(id -> new NodeStatus.Controller(id, "", "", true))
                                        .toList(),
                                Optional.empty()));
    }

    @Test
    void oneStepMakesAMeshOfTwo() {
        TestController one = first();
        TestController two = controller(2);

        JoinView view = joined(two, one);

        assertThat(view.controllerId()).isEqualTo(OptionalInt.of(2));
        assertThat(view.steps()).allMatch(step -> step.progress() == Progress.DONE);
        assertThat(id(one)).isEqualTo(1);
        assertThat(id(two)).isEqualTo(2);
        assertThat(peers(one)).isEqualTo(Map.of(2, "10.1.0.2"));
        assertThat(peers(two)).isEqualTo(Map.of(1, "10.1.0.1"));
        assertThat(one.events()).contains("controller_joined");
        assertThat(two.events()).contains("mesh_joined");
        carryOver(one, two);
        assertThat(two.checksum()).isEqualTo(one.checksum());
    }

    @Test
    void fourStepsMakeAMeshOfFourWhereverOneJoins() {
        TestController one = first();
        TestController two = controller(2);
        TestController three = controller(3);
        TestController four = controller(4);

        joined(two, one);
        joined(three, two);
        carryOver(two, one);
        joined(four, three);
        carryOver(three, one);
        carryOver(three, two);

        assertThat(peers(one)).containsOnlyKeys(2, 3, 4).containsEntry(4, "10.1.0.4");
        assertThat(peers(two)).containsOnlyKeys(1, 3, 4).containsEntry(4, "10.1.0.4");
        assertThat(peers(three)).containsOnlyKeys(1, 2, 4);
        assertThat(peers(four)).containsOnlyKeys(1, 2, 3).containsEntry(1, "10.1.0.1");
        assertAllAgree();
    }

    /** Once everybody has heard of everybody. */
    private void assertAllAgree() {
        for (TestController to : controllers) {
            controllers.forEach(from -> carryOver(from, to));
        }
        assertThat(controllers)
                .extracting(TestController::checksum)
                .containsOnly(controllers.getFirst().checksum());
    }

    @Test
    void aControllerThatWasDownPeersWhenItHearsOfIt() {
        TestController one = first();
        TestController two = controller(2);
        joined(two, one);
        two.mesh.plans.clear();
        joined(controller(3), one);

        two.restart();
        assertThat(peers(two)).containsOnlyKeys(1);
        carryOver(one, two);

        assertThat(peers(two)).containsEntry(3, "10.1.0.3");
        assertThat(two.events()).contains("controller_joined");
        assertThat(two.admin.audit().recent(10).toString())
                .contains("peer-joined", "controller 3 at 10.1.0.3, announced by controller 1");
    }

    @Test
    void whoRemovesAPeerThatJoinedHasRemovedIt() {
        TestController one = first();
        TestController two = controller(2);
        joined(two, one);
        joined(controller(3), one);
        carryOver(one, two);

        done(two.admin.peering().removePeer(ACTOR, 3));
        carryOver(one, two);
        two.restart();

        assertThat(peers(two)).containsOnlyKeys(1);
    }

    @Test
    void twoCanJoinAtOnceAtOneController() {
        TestController one = first();
        TestController two = controller(2);
        TestController three = controller(3);
        reach(one, 9);
        two.onPause =
                time -> {
                    if (three.checksum().isEmpty()) {
                        joined(three, one);
                    }
                    one.advance(time);
                };
        three.onPause = one::advance;

        joined(two, one);

        assertThat(id(two)).isEqualTo(2);
        assertThat(id(three)).isEqualTo(3);
        assertThat(peers(one)).isEqualTo(Map.of(2, "10.1.0.2", 3, "10.1.0.3"));
        assertThat(peers(two)).containsEntry(3, "10.1.0.3");
    }

    @Test
    void anIdIsKeptForThirtySecondsThenItIsFree() {
        TestController one = first();
        TestController two = controller(2);
        TestController three = controller(3);
        two.joinMessagesThatPass = 2; // a lease, and no more
        failed(two, one);

        joined(three, one);
        assertThat(id(three)).isEqualTo(3);

        one.advance(Duration.ofMillis(JoinLeases.LEASE_MILLIS));
        TestController four = controller(4);
        joined(four, one);
        assertThat(id(four)).isEqualTo(2);
        two.joinMessagesThatPass = Integer.MAX_VALUE;
        joined(two, one);
        assertThat(id(two)).isEqualTo(4);
    }

    /** Both sources give away id 3 before either has heard of the other's. */
    @Test
    void ofTwoThatGetOneIdAtDifferentControllersOneTakesTheNext() {
        TestController one = first();
        TestController two = controller(2);
        joined(two, one);
        carryOver(one, two);
        TestController three = controller(3);
        TestController four = controller(4);
        reach(one, 2);
        reach(two, 1);
        four.onPause =
                time -> {
                    carryOver(one, two);
                    carryOver(two, one);
                    two.advance(time);
                };
        three.onPause =
                time -> {
                    if (four.checksum().isEmpty()) {
                        joined(four, two);
                    }
                    carryOver(two, one);
                    one.advance(time);
                };

        joined(three, one);
        carryOver(one, two);
        carryOver(two, one);

        assertThat(List.of(id(three), id(four))).containsExactlyInAnyOrder(3, 4);
        var expected = Map.of(id(three), "10.1.0.3", id(four), "10.1.0.4");
        assertThat(peers(one)).containsAllEntriesOf(expected);
        assertThat(peers(two)).containsAllEntriesOf(expected);
        assertAllAgree();
        assertThat(peers(three)).containsEntry(id(four), "10.1.0.4");
        assertThat(peers(four)).containsEntry(id(three), "10.1.0.3");
    }

    @Test
    void aCollisionThatIsNoticedTooLateIsReported() {
        TestController one = first();
        TestController two = controller(2);
        joined(two, one);
        var stranger = new Member(new UUID(-1, -1), "10.1.0.66");

        two.admin.onReport(
                new Report.SharedChanged(
                        List.of(new SharedEntry("member/2", stranger.toText(), 9, 1))));

        assertThat(two.events()).contains("member_conflict");
        assertThat(id(two)).isEqualTo(2);
        assertThat(two.admin.events().recent(1, Long.MAX_VALUE).getFirst().text())
                .contains("given to another installation as well, at 10.1.0.66");
    }

    @Test
    void saysThatTheLicenseIsFull() {
        TestController one = controller(1);
        one.license(claims(2, 2));
        done(one.admin.keyset().start(ACTOR, generate(TOKEN)));
        joined(controller(2), one);
        TestController three = controller(3);

        KeysetView.Failure failure = failed(three, one);

        assertThat(failure.reason()).isEqualTo("full");
        assertThat(failure.text())
                .startsWith(
                        "10.1.0.1:8000 does not take this controller in: the license has"
                                + " controllers 1 to 2, and every id is taken.")
                .contains("Upgrade the license");
        assertIsUntouched(three);
        assertThat(one.events()).contains("join_refused");
    }

    private static void assertIsUntouched(TestController joiner) {
        assertThat(joiner.admin.config().view().licensed()).isFalse();
        assertThat(joiner.checksum()).isEmpty();
        assertThat(joiner.mesh.plans).allMatch(Optional::isEmpty);
        assertThat(joiner.events()).contains("join_failed").doesNotContain("mesh_joined");
    }

    @Test
    void saysWhyTheFetchFailed() {
        TestController one = controller(1);
        TestController two = controller(2);

        assertThat(failed(two, one).reason()).isEqualTo("no-keyset");
        one.keyset();
        JoinView wrong =
                done(
                        two.admin
                                .join()
                                .start(
                                        ACTOR,
                                        new JoinAdmin.Wish("10.1.0.1", "a wrong token", "", "")));
        assertThat(wrong.failure().orElseThrow().reason()).isEqualTo("refused-token");
        assertThat(wrong.steps().getFirst().progress()).isEqualTo(Progress.FAILED);
        network.remove("10.1.0.1");
        assertThat(failed(two, one).text())
                .startsWith("10.1.0.1:8000 cannot be reached: connection refused");
        assertIsUntouched(two);
    }

    @Test
    void guessesOfTheTokenCountAsThoseOfAFetch() {
        TestController one = first();
        TestController two = controller(2);
        for (int i = 0; i < 4; i++) {
            done(two.admin.join().start(ACTOR, new JoinAdmin.Wish("10.1.0.1", "guess", "", "")));
        }
        done(two.admin.keyset().start(ACTOR, fetch("10.1.0.1", "the fifth guess")));

        assertThat(failed(two, one).text()).contains("too many wrong security tokens");
    }

    @Test
    void aControllerOfATopologyJoinsNoOther() {
        TestController one = first();
        TestController two = controller(2);
        joined(two, one);

        assertThat(refused(two.admin.join().start(ACTOR, at(one))).message())
                .startsWith("This controller has a keyset already");
    }

    @Test
    void joinsUnderTheAddressThatItIsToldElseWhereItIsSeen() {
        TestController one = first();
        TestController two = controller(2);
        two.seenFrom = "203.0.113.2";
        TestController three = controller(3);
        var wish = new JoinAdmin.Wish("10.1.0.1", TOKEN, "three.example.net", "third");

        joined(two, one);
        done(three.admin.join().start(ACTOR, wish));

        assertThat(peers(one)).isEqualTo(Map.of(2, "203.0.113.2", 3, "three.example.net"));
        assertThat(three.admin.config().view().controllerName()).isEqualTo("third");
        assertThat(three.mesh.plan().clientEndpoint()).isEqualTo("three.example.net:51820");
        assertThat(two.mesh.plan().clientEndpoint()).isEqualTo("10.1.0.2:51820");
    }

    @Test
    void refusesAnAddressThatCannotBeRight() {
        TestController one = first();
        joined(controller(2), one);
        TestController three = controller(3);

        three.seenFrom = "127.0.0.1";
        assertThat(failed(three, one).text()).contains("it was seen from 127.0.0.1");
        three.seenFrom = "10.1.0.2";
        assertThat(failed(three, one).text()).contains("is the address of controller 2 already");
        three.seenFrom = "10.1.0.1";
        assertThat(failed(three, one).text()).contains("is the address of controller 1 itself");
        assertIsUntouched(three);
        assertThat(peers(one)).containsOnlyKeys(2);
        three.seenFrom = "10.1.0.3";
        joined(three, one);
    }

    @Test
    void checksWhatIsAskedFor() {
        TestController one = controller(1);

        assertThat(problem(one, "", TOKEN, "", "")).isEqualTo("source is missing");
        assertThat(problem(one, "a b", TOKEN, "", "")).startsWith("source is invalid: a b");
        assertThat(problem(one, "10.1.0.9", "", "", "")).isEqualTo("token is missing");
        assertThat(problem(one, "10.1.0.9", TOKEN, "1.2.3", "")).startsWith("address is invalid");
        assertThat(problem(one, "10.1.0.9", TOKEN, "10.1.0.9", ""))
                .contains("is the controller that is joined at");
        assertThat(problem(one, "10.1.0.9", TOKEN, "", "\"")).startsWith("name is invalid");
        assertThat(one.admin.join().view().state()).isEqualTo(State.NONE);
    }

    private static String problem(
            TestController at, String source, String token, String address, String name) {
        var wish = new JoinAdmin.Wish(source, token, address, name);
        return refused(at.admin.join().start(ACTOR, wish)).message();
    }

    @Test
    void aCrashHalfWayLeavesAControllerThatGetsTheSameIdNextTime() {
        TestController one = first();
        TestController two = controller(2);
        two.joinMessagesThatPass = 4; // a lease and an announcement
        failed(two, one);
        assertThat(peers(one)).containsOnlyKeys(2);
        joined(controller(3), one);

        two.restart();
        two.joinMessagesThatPass = Integer.MAX_VALUE;
        assertIsUntouched(two);
        joined(two, one);

        assertThat(id(two)).isEqualTo(2);
        assertThat(peers(two)).isEqualTo(Map.of(1, "10.1.0.1", 3, "10.1.0.3"));
    }

    @Test
    void anAttemptThatARestartCutsShortSaysSo() {
        TestController one = first();
        TestController two = controller(2);
        two.holdBack = true;
        assertThat(join(two, one).state()).isEqualTo(State.RUNNING);
        assertThat(refused(two.admin.keyset().start(ACTOR, fetch("10.1.0.1", TOKEN))))
                .isEqualTo(Problem.KEYSET_IN_PROGRESS);

        two.restart();

        JoinView view = two.admin.join().view();
        assertThat(view.state()).isEqualTo(State.FAILED);
        assertThat(view.failure().orElseThrow().reason()).isEqualTo("interrupted");
    }

    @Test
    void aRestartAfterwardsChangesNothing() {
        TestController one = first();
        TestController two = controller(2);
        joined(two, one);
        MeshPlan before = two.mesh.plan();

        one.restart();
        two.restart();

        assertThat(two.mesh.plan()).isEqualTo(before);
        assertThat(peers(one)).containsOnlyKeys(2);
    }

    @Test
    void anOperatorsOwnAddressOfAPeerStays() {
        TestController one = first();
        TestController two = controller(2);
        joined(two, one);
        done(two.admin.peering().putPeer(ACTOR, 3, "10.9.9.9", OptionalInt.empty()));

        joined(controller(3), one);
        carryOver(one, two);

        assertThat(peers(two)).containsEntry(3, "10.9.9.9");
        assertThat(two.events()).contains("member_conflict");
    }

    @Test
    void aNewMachineInThePlaceOfARemovedOneGetsItsIdEverywhere() {
        TestController one = first();
        TestController two = controller(2);
        joined(two, one);
        joined(controller(3), one);
        carryOver(one, two);
        done(one.admin.peering().removePeer(ACTOR, 3));
        one.advance(Duration.ofMillis(JoinLeases.LEASE_MILLIS));

        TestController anew = controller(33);
        joined(anew, one);
        carryOver(one, two);

        assertThat(id(anew)).isEqualTo(3);
        assertThat(peers(one)).containsEntry(3, "10.1.0.33");
        assertThat(peers(two)).containsEntry(3, "10.1.0.33");
    }

    @Test
    void idsThatOnlyOthersPeerWithAreNotFree() {
        TestController one = first();
        TestController two = controller(2);
        reach(one, 2, 3);
        two.onPause = one::advance;

        joined(two, one);

        assertThat(id(two)).isEqualTo(4);
    }

    @Test
    void aFetchByHandStaysWhatItWas() {
        TestController one = first();
        joined(controller(2), one);
        TestController three = controller(3);

        done(three.admin.keyset().start(ACTOR, fetch("10.1.0.1", TOKEN)));

        assertThat(three.admin.config().view().peered()).isFalse();
        assertThat(done(three.admin.peering().view()).rows())
                .allMatch(row -> row instanceof PeeringView.NotSet);
        assertThat(three.restarts).containsExactly("keyset fetched");
    }

    @Test
    void anExpiredLicenseTakesNobodyIn() {
        TestController one = controller(1);
        one.license(claims(4, 5, Optional.of(TestController.START.plusSeconds(100))));
        done(one.admin.keyset().start(ACTOR, generate(TOKEN)));
        TestController two = controller(2);
        one.now = one.now.plusSeconds(100);

        assertThat(failed(two, one).reason()).isEqualTo("license");
        assertThat(one.admin.config().view().peered()).isFalse();
    }
}
