package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.TOKEN;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.fetch;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.JoinView.Progress;
import io.peermesh.runtime.MeshPlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Joining where it succeeds: alone, at once, with others away. */
class JoinTest extends JoinSetting {
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
}
