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
import io.peermesh.node.Report;
import io.peermesh.replication.SharedEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Joining where something is in the way: the reason is told, and nothing stays behind. */
class JoinRefusalTest extends JoinSetting {
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
