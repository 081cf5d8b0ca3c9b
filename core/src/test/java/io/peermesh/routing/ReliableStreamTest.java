package io.peermesh.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.wire.ControlMessage.Segment;
import io.peermesh.wire.ControlMessage.Stream;
import io.peermesh.wire.Payload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReliableStreamTest {
    private static final long MS = 1_000_000L;
    private static final long RETRANSMIT = 100 * MS;

    @Test
    void saysHelloUntilThePeerIsKnown() {
        var end = new ReliableStream(1);
        end.resume(0);

        assertThat(end.onTimer(RETRANSMIT, 0)).containsExactly(empty(1, 0));
        assertThat(end.onTimer(RETRANSMIT, RETRANSMIT - 1)).isEmpty();
        assertThat(end.onTimer(RETRANSMIT, RETRANSMIT)).containsExactly(empty(1, 0));
        assertThat(end.hasRoom()).isFalse();

        end.onMessage(empty(2, 1), RETRANSMIT);

        assertThat(end.hasRoom()).isTrue();
        assertThat(end.nextDeadlineNanos()).isEqualTo(ReliableStream.NO_DEADLINE);
    }

    @Test
    void holdsNoMoreThanTheWindow() {
        ReliableStream end = paired(1, 2);

        for (int i = 0; i < ReliableStream.WINDOW; i++) {
            assertThat(end.hasRoom()).isTrue();
            end.send(payload(i), RETRANSMIT, 0);
        }

        assertThat(end.hasRoom()).isFalse();

        end.onMessage(new Stream(2, 1, 1, 0, Optional.empty()), 0);

        assertThat(end.hasRoom()).isTrue();
    }

    @Test
    void repeatsWhatIsNotAcknowledgedSlowerAndSlower() {
        ReliableStream end = paired(1, 2);
        end.send(payload(7), RETRANSMIT, 0);
        var repeats = new ArrayList<Long>();

        for (long now = 0; now <= 10_000 * MS; now += MS) {
            if (!end.onTimer(RETRANSMIT, now).isEmpty()) {
                repeats.add(now / MS);
            }
        }

        assertThat(repeats).startsWith(100L, 300L, 700L, 1500L, 3100L, 4700L);
    }

    @Test
    void repeatsAtOnceWhatThreeLaterOnesOvertook() {
        ReliableStream end = paired(1, 2);
        for (int i = 0; i < 5; i++) {
            end.send(payload(i), RETRANSMIT, 0);
        }

        end.onMessage(new Stream(2, 1, 0, 0b0011, Optional.empty()), MS);
        assertThat(end.onTimer(RETRANSMIT, MS)).isEmpty();
        end.onMessage(new Stream(2, 1, 0, 0b0111, Optional.empty()), 2 * MS);

        assertThat(end.onTimer(RETRANSMIT, 2 * MS))
                .extracting(message -> message.segment().orElseThrow().sequence())
                .containsExactly(1L);
    }

    @Test
    void keepsEverythingOverAnOutageAndSendsNothingMeanwhile() {
        ReliableStream end = paired(1, 2);
        end.send(payload(1), RETRANSMIT, 0);

        end.pause();

        assertThat(end.onTimer(RETRANSMIT, 60_000 * MS)).isEmpty();
        assertThat(end.nextDeadlineNanos()).isEqualTo(ReliableStream.NO_DEADLINE);

        end.resume(60_000 * MS);

        assertThat(end.onTimer(RETRANSMIT, 60_000 * MS)).hasSize(1);
    }

    @Test
    void noticesAPeerThatLostItsMemory() {
        ReliableStream end = paired(1, 2);
        end.send(payload(1), RETRANSMIT, 0);

        var received = end.onMessage(empty(3, 0), ReliableStream.RESTART_INTERVAL_NANOS);

        assertThat(received.restarted()).isTrue();
        assertThat(end.isIdle()).as("the old segments are void").isTrue();
        assertThat(end.takeAcknowledgement(ReliableStream.RESTART_INTERVAL_NANOS))
                .contains(empty(1, 3));
    }

    @Test
    void aPeerThatIsAnotherInEveryMessageMakesItTellEverythingFiveTimesASecond() {
        ReliableStream end = paired(1, 2);
        int restarts = 0;

        for (int i = 0; i < 1_000; i++) {
            restarts += end.onMessage(empty(3 + i, 1), i * MS).restarted() ? 1 : 0;
        }

        assertThat(restarts).isEqualTo(4);
        assertThat(end.ignored()).isEqualTo(996);
    }

    @Test
    void usesNothingThatIsMeantForAFormerSelf() {
        var end = new ReliableStream(9);
        end.resume(0);

        var received = end.onMessage(segment(2, 1, 1), 0);

        assertThat(received.payload()).isEmpty();
        assertThat(end.takeAcknowledgement(0)).contains(empty(9, 2));
    }

    @Test
    void deliversADuplicateOnceAndAcknowledgesItAgainAtOnce() {
        ReliableStream end = paired(1, 2);

        assertThat(end.onMessage(segment(2, 1, 1), 0).payload()).isPresent();
        assertThat(end.takeAcknowledgement(10 * MS)).isPresent();

        assertThat(end.onMessage(segment(2, 1, 1), 20 * MS).payload()).isEmpty();
        assertThat(end.takeAcknowledgement(20 * MS)).isPresent();
        assertThat(end.takeAcknowledgement(20 * MS)).isEmpty();
    }

    @Test
    void oneMessageAcknowledgesWhatArrivedWithinTenMilliseconds() {
        ReliableStream end = paired(1, 2);
        for (int i = 1; i <= 5; i++) {
            end.onMessage(segment(2, 1, i), i * MS);
            assertThat(end.takeAcknowledgement(i * MS)).isEmpty();
        }
        assertThat(end.nextDeadlineNanos()).isEqualTo(11 * MS);

        Stream message = end.takeAcknowledgement(11 * MS).orElseThrow();

        assertThat(message.acknowledged()).isEqualTo(5);
        assertThat(end.nextDeadlineNanos()).isEqualTo(ReliableStream.NO_DEADLINE);
    }

    @Test
    void manySegmentsAreAcknowledgedAtOnceAndAPayloadCarriesTheAcknowledgement() {
        ReliableStream end = paired(1, 2);
        for (int i = 1; i <= ReliableStream.ACKNOWLEDGE_EVERY; i++) {
            assertThat(end.takeAcknowledgement(0)).isEmpty();
            end.onMessage(segment(2, 1, i), 0);
        }
        assertThat(end.takeAcknowledgement(0)).isPresent();

        end.onMessage(segment(2, 1, 9), 0);
        assertThat(end.send(payload(1), RETRANSMIT, 0).acknowledged()).isEqualTo(9);
        assertThat(end.takeAcknowledgement(60_000 * MS)).isEmpty();
    }

    @Test
    void ignoresAbsurdSequencesAndAcknowledgements() {
        ReliableStream end = paired(1, 2);
        end.send(payload(1), RETRANSMIT, 0);

        assertThat(end.onMessage(segment(2, 1, 35), 0).payload()).isEmpty();
        assertThat(end.onMessage(segment(2, 1, Long.MAX_VALUE), 0).payload()).isEmpty();
        end.onMessage(new Stream(2, 1, 2, 0, Optional.empty()), 0);
        end.onMessage(new Stream(2, 1, Long.MAX_VALUE, -1, Optional.empty()), 0);
        end.onMessage(new Stream(2, 1, 0, -1, Optional.empty()), 0);

        assertThat(end.isIdle()).isFalse();
    }

    @Test
    void aLateOldAcknowledgementDoesNoHarm() {
        ReliableStream end = paired(1, 2);
        for (int i = 0; i < 30; i++) {
            end.send(payload(i), RETRANSMIT, 0);
        }
        end.onMessage(new Stream(2, 1, 30, 0, Optional.empty()), 0);
        for (int i = 30; i < 60; i++) {
            end.send(payload(i), RETRANSMIT, 0);
        }

        end.onMessage(new Stream(2, 1, 5, 0b1, Optional.empty()), 0); // 39 = 5 + 2 + 32

        assertThat(end.onTimer(RETRANSMIT, RETRANSMIT)).hasSize(30);
    }

    @Test
    void deliversEachPayloadOnceOverALineThatLosesDuplicatesAndReorders() {
        for (long seed = 1; seed <= 200; seed++) {
            var pair = new Pair(seed);

            pair.run(150);

            assertThat(sorted(pair.deliveredAtB)).as("seed %d", seed).isEqualTo(numbers(150));
            assertThat(sorted(pair.deliveredAtA)).as("seed %d", seed).isEqualTo(numbers(150));
        }
    }

    private static ReliableStream paired(long localId, long remoteId) {
        var end = new ReliableStream(localId);
        end.resume(0);
        end.onMessage(empty(remoteId, localId), 0);
        end.takeAcknowledgement(0);
        return end;
    }

    private static Stream empty(long from, long to) {
        return new Stream(from, to, 0, 0, Optional.empty());
    }

    private static Stream segment(long from, long to, long sequence) {
        return new Stream(from, to, 0, 0, Optional.of(new Segment(sequence, payload(1))));
    }

    private static Payload payload(int n) {
        return new Payload.Clock(n);
    }

    private static int number(Payload payload) {
        return (int) ((Payload.Clock) payload).epochNanos();
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static List<Integer> sorted(List<Integer> list) {
        return list.stream().sorted().toList();
    }

    /** Two ends and a bad line, on a virtual clock. */
    private static final class Pair {
        private record Arrival(long atNanos, boolean atA, Stream message) {}

        final Random random;
        final ReliableStream a = new ReliableStream(11);
        final ReliableStream b = new ReliableStream(22);
        final List<Integer> deliveredAtA = new ArrayList<>();
        final List<Integer> deliveredAtB = new ArrayList<>();
        final PriorityQueue<Arrival> line =
                new PriorityQueue<>(Comparator.comparingLong(Arrival::atNanos));
        int sentByA;
        int sentByB;
        long now;

        Pair(long seed) {
            random = new Random(seed);
            a.resume(0);
            b.resume(0);
        }

        void run(int payloads) {
            while (deliveredAtA.size() < payloads
                    || deliveredAtB.size() < payloads
                    || !a.isIdle()
                    || !b.isIdle()) {
                assertThat(now).as("still not done").isLessThan(600_000 * MS);
                now += MS;
                while (!line.isEmpty() && line.peek().atNanos <= now) {
                    arrive(line.remove());
                }
                sentByA = pump(a, false, sentByA, payloads);
                sentByB = pump(b, true, sentByB, payloads);
            }
        }

        private void arrive(Arrival arrival) {
            ReliableStream end = arrival.atA ? a : b;
            List<Integer> delivered = arrival.atA ? deliveredAtA : deliveredAtB;
            end.onMessage(arrival.message, now)
                    .payload()
                    .ifPresent(payload -> delivered.add(number(payload)));
        }

        private int pump(ReliableStream end, boolean towardsA, int sent, int payloads) {
            int next = sent;
            while (next < payloads && end.hasRoom()) {
                carry(end.send(payload(next++), RETRANSMIT, now), towardsA);
            }
            end.onTimer(RETRANSMIT, now).forEach(message -> carry(message, towardsA));
            end.takeAcknowledgement(now).ifPresent(message -> carry(message, towardsA));
            return next;
        }

        private void carry(Stream message, boolean towardsA) {
            int copies = random.nextInt(10) < 3 ? 0 : random.nextInt(10) == 0 ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                line.add(new Arrival(now + random.nextLong(1, 60) * MS, towardsA, message));
            }
        }
    }
}
