package io.peermesh.node;

import static io.peermesh.node.Pipe.MS;
import static io.peermesh.node.Pipe.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.forward.DataEvent;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.node.NodeStatus.LinkState;
import io.peermesh.node.Report.LinkCause;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How links fall, what is known then, and how they come back. */
class LinkFaultTest {
    @Test
    void aDrillSilencesALinkForItsTimeAndHealsByItself() {
        Pipe pipe = Pipe.settled(3, 0);
        Pipe.Controller one = pipe.controller(1);

        one.node.mute(2, 2 * SECOND, pipe.now);
        pipe.run(250 * MS);

        assertThat(one.via("10.0.0.2")).isEqualTo("link 3");
        assertThat(pipe.controller(2).via("10.0.0.1")).as("the other end").isEqualTo("link 3");
        assertThat(one.link(2).reason()).isEqualTo("kept silent for a drill, for 2 s more");

        pipe.run(2 * SECOND);

        assertThat(one.via("10.0.0.2")).isEqualTo("link 2");
        assertThat(one.link(2).reason()).isEmpty();
    }

    @Test
    void aDrillHasAnEndAndAPeer() {
        Pipe pipe = Pipe.settled(2, 0);
        Node node = pipe.controller(1).node;

        assertThat(node.mute(7, SECOND, pipe.now)).as("no such peer").isFalse();
        assertThatThrownBy(() -> node.mute(2, 61 * SECOND, pipe.now))
                .hasMessage("a drill lasts 0 to 60 s, not 61000000000 ns");
        assertThatThrownBy(() -> node.mute(2, -1, pipe.now)).hasMessageContaining("0 to 60 s");

        assertThat(node.mute(2, 60 * SECOND, pipe.now)).isTrue();
        pipe.run(SECOND);
        assertThat(node.mute(2, 0, pipe.now)).as("healed at once").isTrue();
        pipe.run(SECOND);
        assertThat(pipe.controller(1).isUp(2)).isTrue();
    }

    @Test
    void aFallIsReportedWithWhatIsKnownOfIt() {
        Pipe pipe = Pipe.settled(3, 0);
        pipe.run(10 * SECOND);
        pipe.controller(1).reports.clear();

        pipe.controller(1).node.mute(2, 2 * SECOND, pipe.now);
        pipe.run(3 * SECOND);

        Report.LinkDown down = falls(pipe.controller(1)).getFirst();
        assertThat(down.peerId()).isEqualTo(2);
        assertThat(down.why()).isEqualTo(LinkCause.SILENCE);
        assertThat(down.evidence().silentNanos() / MS).isBetween(150L, 200L);
        assertThat(down.evidence().repairNanos()).as("in the same turn").isZero();
        assertThat(down.evidence().lostAtMost()).as("the probes").isBetween(3L, 20L);
        assertThat(down.evidence().holdNanos()).isZero();
        Report.LinkUp up =
                pipe.controller(1).reports.stream()
                        .filter(Report.LinkUp.class::isInstance)
                        .map(Report.LinkUp.class::cast)
                        .toList()
                        .getFirst();
        assertThat(up.downNanos() / MS).isBetween(1_800L, 2_200L);
        assertThat(up.heldNanos()).isZero();
    }

    @Test
    void pathsAreRepairedInTheTurnOfTheFallHoweverLateRoutesAre() {
        Pipe pipe = Pipe.settled(3, 0);
        pipe.run(10 * SECOND);
        long before = pipe.controller(1).path.published;
        pipe.controller(1).node.mute(2, 2 * SECOND, pipe.now);

        pipe.runUntil(() -> !falls(pipe.controller(1)).isEmpty(), SECOND);

        assertThat(pipe.controller(1).via("10.0.0.2")).isEqualTo("link 3");
        assertThat(pipe.controller(1).path.published - before).isEqualTo(1);
    }

    @Test
    void aLinkThatFlapsIsALastResortUntilItHasAnsweredForLong() {
        Pipe pipe = Pipe.settled(3, 0);
        flap(pipe, 4);

        assertThat(pipe.controller(1).link(2).state()).isEqualTo(LinkState.HELD);
        assertThat(pipe.controller(1).link(2).health().flaps()).isEqualTo(4);
        assertThat(pipe.controller(1).link(2).reason()).contains("nothing else leads");
        assertThat(pipe.controller(1).via("10.0.0.2")).as("around it").isEqualTo("link 3");

        pipe.controller(1).node.mute(3, 10 * SECOND, pipe.now);
        pipe.run(300 * MS);
        assertThat(pipe.controller(1).via("10.0.0.2")).as("nothing else").isEqualTo("link 2");

        pipe.run(5 * SECOND);
        assertThat(pipe.controller(1).link(2).state()).isEqualTo(LinkState.UP);
    }

    @Test
    void inAMeshOfTwoAFlappingLinkIsUsedAsSoonAsItAnswers() {
        Pipe pipe = Pipe.settled(2, 0);

        flap(pipe, 4);

        assertThat(pipe.controller(1).link(2).state()).isEqualTo(LinkState.HELD);
        assertThat(pipe.controller(1).via("10.0.0.2")).isEqualTo("link 2");
    }

    @Test
    void anHonestHintFindsADeadPeerAtOnceAndAForgedOneNothing() {
        Pipe pipe = Pipe.settled(3, 0);
        pipe.run(10 * SECOND);
        Pipe.Controller one = pipe.controller(1);
        one.reports.clear();

        one.node.onEvent(new DataEvent.Unreachable(3), pipe.now); // nothing is wrong with it
        pipe.controller(2).node.mute(1, 5 * SECOND, pipe.now);
        one.node.onEvent(new DataEvent.Unreachable(2), pipe.now);
        pipe.run(50 * MS);

        assertThat(one.via("10.0.0.2")).isEqualTo("link 3");
        assertThat(falls(one)).hasSize(1);
        assertThat(falls(one).getFirst().why()).isEqualTo(LinkCause.UNREACHABLE);
        assertThat(one.isUp(3)).isTrue();
        one.node.onEvent(new DataEvent.Unreachable(9), pipe.now); // no such link
    }

    @Test
    void aSlowerProfileTakesEffectAtOnceAndIsSlower() {
        Pipe pipe = Pipe.settled(3, 0);
        Pipe.Controller one = pipe.controller(1);
        Desired slow = Change.of(one.desired).probing(ProbeProfile.NORMAL).desired();
        one.node.configure(slow, pipe.now);
        pipe.run(5 * SECOND);
        one.reports.clear();

        one.node.mute(2, 2 * SECOND, pipe.now);
        pipe.run(3 * SECOND);

        long silentNanos = falls(one).getFirst().evidence().silentNanos();
        assertThat(silentNanos / MS).isBetween(600L, 850L);
    }

    /** The last of so many flaps is over, and the link answers again. */
    private static void flap(Pipe pipe, int times) {
        for (int i = 0; i < times; i++) {
            if (i > 0) {
                assertThat(pipe.runUntil(() -> pipe.controller(1).isUp(2), 5 * SECOND)).isTrue();
            }
            pipe.controller(1).node.mute(2, 300 * MS, pipe.now);
            pipe.run(500 * MS);
        }
    }

    private static List<Report.LinkDown> falls(Pipe.Controller controller) {
        List<Report.LinkDown> falls = new ArrayList<>();
        for (Report report : controller.reports) {
            if (report instanceof Report.LinkDown down) {
                falls.add(down);
            }
        }
        return falls;
    }
}
