package io.peermesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.agent.Failover.Action;
import io.peermesh.agent.Failover.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The decisions, against controllers that are a set of those who answer, and a round trip each. */
class FailoverTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final long STEP = 5 * MILLISECOND;

    private final Failover machine = new Failover(Failover.PROBE_INTERVAL_NANOS, 1);
    private final Set<Integer> alive = new HashSet<>();
    private final Set<Integer> deafToPings = new HashSet<>();
    private final Map<Integer, Long> roundTrips = new HashMap<>();
    private final List<Action.Use> uses = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final List<Long> due = new ArrayList<>();
    private int lostProbes;
    private int handshakes;
    private long now = 1_000 * SECOND;

    private void controllers(int... ids) {
        for (int id : ids) {
            alive.add(id);
            roundTrips.put(id, 20 * MILLISECOND);
            machine.add(id, now);
        }
    }

    private void run(long nanos) {
        for (long end = now + nanos; now < end; now += STEP) {
            for (int i = 0; i < due.size(); i++) {
                if (due.get(i) <= now) {
                    due.remove(i);
                    later.remove(i--).run();
                }
            }
            if (machine.nextDeadlineNanos() <= now) {
                machine.onTimer(now);
            }
            act();
        }
    }

    private void act() {
        for (var next = machine.nextAction(); next.isPresent(); next = machine.nextAction()) {
            switch (next.get()) {
                case Action.Use use -> uses.add(use);
                case Action.Probe(int id, long number) -> {
                    if (lostProbes > 0) {
                        lostProbes--;
                    } else if (alive.contains(id) && !deafToPings.contains(id)) {
                        after(roundTrip(id), () -> machine.onAnswer(number, now));
                    }
                }
                case Action.Handshake(int id) -> {
                    handshakes++;
                    after(
                            roundTrip(id),
                            () -> {
                                if (alive.contains(id)) {
                                    machine.onHandshake(id, roundTrip(id), now);
                                }
                            });
                }
            }
        }
    }

    private long roundTrip(int id) {
        return roundTrips.getOrDefault(id, 20 * MILLISECOND);
    }

    private void after(long nanos, Runnable action) {
        due.add(now + nanos);
        later.add(action);
    }

    private void connected(int... ids) {
        controllers(ids);
        run(5 * SECOND);
        assertThat(machine.state()).isEqualTo(State.CONNECTED);
        uses.clear();
        handshakes = 0;
    }

    private void untilItMoves() {
        for (int i = 0; i < 10_000 && uses.isEmpty(); i++) {
            run(STEP);
        }
    }

    @Test
    void usesTheHomeControllerThoughAnotherAnswersFirst() {
        controllers(1, 2);
        roundTrips.put(1, 300 * MILLISECOND);

        run(2 * SECOND);

        assertThat(uses).containsExactly(new Action.Use(1, MoveCause.FIRST));
    }

    @Test
    void usesAnotherAfterTheHeadStartWhenHomeIsDead() {
        controllers(1, 2, 3);
        alive.remove(1);
        roundTrips.put(3, 10 * MILLISECOND);

        run(SECOND);

        assertThat(uses).containsExactly(new Action.Use(3, MoveCause.FIRST));
        assertThat(machine.state()).isEqualTo(State.CONNECTED);
    }

    @Test
    void movesToTheNearestThatStandsByAfterThreeAndAHalfIntervals() {
        connected(1, 2, 3);
        roundTrips.put(3, 5 * MILLISECOND);
        run(111 * SECOND); // renewals tell the new round trip
        alive.remove(1);
        long killed = now;

        untilItMoves();

        assertThat(uses).containsExactly(new Action.Use(3, MoveCause.SILENT));
        assertThat(now - killed).isBetween(500 * MILLISECOND, 910 * MILLISECOND);
        assertThat(machine.silentNanos()).isBetween(700 * MILLISECOND, 760 * MILLISECOND);
        run(SECOND);
        assertThat(machine.state()).isEqualTo(State.CONNECTED);
        assertThat(machine.switches()).isEqualTo(1);
    }

    @Test
    void fiveLostProbesInARowMoveNothing() {
        connected(1, 2);

        for (int i = 0; i < 20; i++) {
            lostProbes = 5;
            run(SECOND);
        }

        assertThat(uses).isEmpty();
    }

    @Test
    void aRoundTripOfSecondsIsNoSilence() {
        controllers(1, 2);
        roundTrips.put(1, 1_500 * MILLISECOND);
        roundTrips.put(2, 1_600 * MILLISECOND);

        run(60 * SECOND);

        assertThat(uses).containsExactly(new Action.Use(1, MoveCause.FIRST));
        assertThat(machine.state()).isEqualTo(State.CONNECTED);
    }

    @Test
    void whatDiedUnseenWhileItStoodByIsPassedOver() {
        connected(1, 2, 3);
        alive.remove(1);
        alive.remove(2);

        run(4 * SECOND);

        assertThat(uses)
                .containsExactly(
                        new Action.Use(2, MoveCause.SILENT), new Action.Use(3, MoveCause.SILENT));
        assertThat(machine.state()).isEqualTo(State.CONNECTED);
    }

    @Test
    void searchesWhenNobodyAnswersAndUsesTheFirstThatDoes() {
        connected(1, 2);
        alive.clear();
        run(60 * SECOND);
        State meanwhile = machine.state();

        alive.add(2);
        run(6 * SECOND);

        assertThat(meanwhile).isEqualTo(State.SEARCHING);
        assertThat(machine.state()).isEqualTo(State.CONNECTED);
        assertThat(machine.current()).hasValue(2);
        assertThat(handshakes).isLessThan(60);
    }

    @Test
    void doesNotGoBackWhenTheFormerOneReturns() {
        connected(1, 2);
        alive.remove(1);
        run(2 * SECOND);
        alive.add(1);

        run(3_600 * SECOND);

        assertThat(uses).containsExactly(new Action.Use(2, MoveCause.SILENT));
        assertThat(machine.candidate(1).isReady(now)).isTrue();
    }

    @Test
    void movesOnceToAControllerThatIsClearlyNearerAndHasBeenSo() {
        connected(1, 2);
        roundTrips.put(1, 80 * MILLISECOND);
        run(250 * SECOND);
        int early = uses.size();

        run(3_600 * SECOND);

        assertThat(early).isZero();
        assertThat(uses).containsExactly(new Action.Use(2, MoveCause.NEARER));
    }

    @Test
    void isTakenByAControllerThatStartsTheHandshakeAndStaysThere() {
        connected(1, 2);
        roundTrips.put(2, 100 * MILLISECOND);

        machine.onTaken(2, now);
        run(1_800 * SECOND);

        assertThat(uses).containsExactly(new Action.Use(2, MoveCause.TAKEN));
    }

    @Test
    void mayBeTakenByAControllerThatThePackDoesNotKnow() {
        connected(1, 2);

        alive.add(7);
        machine.onTaken(7, now);
        run(SECOND);

        assertThat(machine.current()).hasValue(7);
        assertThat(machine.state()).isEqualTo(State.CONNECTED);
    }

    @Test
    void timeInWhichNobodyCalledItIsNotTheControllersSilence() {
        connected(1, 2);

        now += 30 * SECOND; // stopped, and the answers of that time are lost
        later.clear();
        due.clear();
        run(5 * SECOND);

        assertThat(uses).isEmpty();
        assertThat(machine.state()).isEqualTo(State.CONNECTED);
    }

    @Test
    void aControllerThatDiedWhileItWasStoppedIsFoundOutSoon() {
        connected(1, 2);

        now += 30 * SECOND;
        alive.remove(1);
        later.clear();
        due.clear();
        run(SECOND);

        assertThat(uses).containsExactly(new Action.Use(2, MoveCause.SILENT));
    }

    @Test
    void afterSleepItAsksBeforeItJudges() {
        connected(1, 2);

        machine.onWake(now);
        boolean standsBy = machine.candidate(2).isReady(now);
        run(SECOND);

        assertThat(standsBy).isFalse();
        assertThat(uses).isEmpty();
        assertThat(machine.candidate(2).isReady(now)).isTrue();
    }

    @Test
    void packetsWithoutAnswersArePatientlyTakenForHalfALine() {
        connected(1, 2);
        deafToPings.add(1);
        long deaf = now;

        while (uses.isEmpty()) {
            machine.onHeard(now);
            run(STEP);
        }

        assertThat(uses).containsExactly(new Action.Use(2, MoveCause.SILENT));
        assertThat(now - deaf).isBetween(1_800 * MILLISECOND, 2_300 * MILLISECOND);
    }

    @Test
    void controllersThatNeverAnswerPingsAreUsedWithoutThem() {
        controllers(1, 2);
        deafToPings.addAll(List.of(1, 2));
        run(30 * SECOND);
        uses.clear();

        for (int i = 0; i < 600; i++) {
            machine.onHeard(now); // traffic, or the session's own handshakes
            run(SECOND);
        }

        assertThat(uses.size()).isLessThanOrEqualTo(2);
    }

    @Test
    void keysThatStandByAreRenewedBeforeTheyExpire() {
        connected(1, 2);

        for (int i = 0; i < 600; i++) {
            run(SECOND);
            assertThat(machine.candidate(2).isReady(now)).isTrue();
        }

        assertThat(handshakes).isBetween(5, 6);
    }

    @Test
    void ourOwnPacketLoopsDelayIsNotTheControllersSilence() {
        connected(1, 2);
        alive.remove(1);

        for (int i = 0; i < 400; i++) {
            machine.onOwnDelay(now);
            run(STEP);
        }

        assertThat(uses).isEmpty();
    }

    @Test
    void theOperatorsWishIsFollowedOnlyToOneThatStandsBy() {
        connected(1, 2, 3);
        alive.remove(3);
        run(300 * SECOND);

        boolean toDead = machine.onTold(3, now);
        boolean toLiving = machine.onTold(2, now);
        run(SECOND);

        assertThat(toDead).isFalse();
        assertThat(toLiving).isTrue();
        assertThat(uses).containsExactly(new Action.Use(2, MoveCause.TOLD));
    }

    @Test
    void aHintOfTheNetworkIsFollowedWithinATenthOfASecond() {
        connected(1, 2);
        alive.remove(1);
        run(30 * MILLISECOND); // answers that are under way
        machine.onHint(now);
        long hinted = now;

        untilItMoves();

        assertThat(uses).containsExactly(new Action.Use(2, MoveCause.UNREACHABLE));
        assertThat(now - hinted).isBetween(90 * MILLISECOND, 130 * MILLISECOND);
        assertThat(machine.silentNanos()).isPositive();
    }

    @Test
    void forgedHintsCostThreeProbesASecondAndMoveNothing() {
        connected(1, 2);
        long before = machine.probesSent();

        for (int i = 0; i < 1_000; i++) {
            machine.onHint(now);
            run(10 * MILLISECOND);
        }

        assertThat(uses).isEmpty();
        assertThat(machine.probesSent() - before).isLessThan(50 + 3 * 11);
    }

    @Test
    void aHintIsIgnoredOfOneThatNeverAnswersPings() {
        controllers(1, 2);
        deafToPings.addAll(List.of(1, 2));
        run(30 * SECOND);
        uses.clear();

        machine.onHint(now);
        machine.onHeard(now);
        run(SECOND);

        assertThat(uses).isEmpty();
    }

    @Test
    void rightAfterAMoveNoOtherMayTakeIt() {
        connected(1, 2, 3);
        alive.remove(1);
        boolean before = machine.mayTake(3, now);
        untilItMoves();

        boolean inTheSwitch = machine.mayTake(3, now);
        run(SECOND);
        boolean soonAfter = machine.mayTake(3, now);
        boolean theOneInUse = machine.mayTake(2, now);
        run(2 * SECOND);

        assertThat(before).isTrue();
        assertThat(inTheSwitch).isFalse();
        assertThat(soonAfter).isFalse();
        assertThat(theOneInUse).isTrue();
        assertThat(machine.mayTake(3, now)).isTrue();
        assertThat(machine.putOff()).isEqualTo(2);
    }

    @Test
    void whoMovedToOneThatIsDeadTooMayBeTaken() {
        connected(1, 2, 3);
        alive.clear();
        untilItMoves();

        run(250 * MILLISECOND);

        assertThat(machine.state()).isEqualTo(State.SWITCHING);
        assertThat(machine.mayTake(3, now)).isTrue();
    }

    @Test
    void waitsForOneThatIsAboutToTakeIt() {
        connected(1, 2, 3);
        alive.remove(1);
        run(450 * MILLISECOND);

        for (int i = 0; i < 9; i++) {
            machine.onCalled(3, now);
            run(50 * MILLISECOND);
        }
        boolean waited = uses.isEmpty();
        boolean another = machine.mayTake(2, now);
        machine.onTaken(3, now);
        run(SECOND);

        assertThat(waited).isTrue();
        assertThat(another).isFalse();
        assertThat(uses).containsExactly(new Action.Use(3, MoveCause.TAKEN));
    }

    @Test
    void doesNotWaitForLongForThoseThatCallInVain() {
        connected(1, 2, 3);
        alive.remove(1);
        run(400 * MILLISECOND);
        long called = now;

        for (int i = 0; i < 100 && uses.isEmpty(); i++) {
            machine.onCalled(3, now);
            run(50 * MILLISECOND);
        }

        assertThat(uses).containsExactly(new Action.Use(2, MoveCause.SILENT));
        assertThat(now - called)
                .isBetween(Callers.CALLED_NANOS, Callers.CALLED_NANOS + 200 * MILLISECOND);
    }
}
