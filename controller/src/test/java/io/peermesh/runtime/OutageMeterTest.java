package io.peermesh.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Drills in simulated time. */
class OutageMeterTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final long NEVER = Long.MAX_VALUE;

    private long now = 77 * SECOND;
    private long downNanos = NEVER;
    private long echoReturnsNanos = NEVER; // after the link went down
    private long linkReturnsNanos = NEVER; // the same
    private boolean exists = true;
    private final OutageMeter meter = new OutageMeter(() -> now);

    /** Answers after 1 ms, while the network does. */
    private final class FakeEcho implements Echo {
        private final boolean answers;
        private int asked = -1;

        FakeEcho(boolean answers) {
            this.answers = answers;
        }

        @Override
        public void send(int sequence) {
            boolean passes = downNanos == NEVER || now - downNanos >= echoReturnsNanos;
            asked = answers && passes ? sequence : -1;
        }

        @Override
        public int receive(int timeoutMillis) {
            int answer = asked;
            now += answer >= 0 ? MILLISECOND : timeoutMillis * MILLISECOND;
            asked = -1;
            return answer;
        }

        @Override
        public void close() {}
    }

    private final class FakeLink implements OutageMeter.Link {
        @Override
        public boolean takeDown() {
            downNanos = now;
            return exists;
        }

        @Override
        public boolean answersAfter(long nanos) {
            return now > nanos && now - downNanos >= linkReturnsNanos;
        }
    }

    private DrillResult drill(boolean answers, String obstacle) {
        return meter.measure(
                new FakeEcho(answers), obstacle, Duration.ofSeconds(5), new FakeLink());
    }

    @Test
    void measuresTheOutageAndLastsUntilTheLinkIsBack() {
        echoReturnsNanos = 150 * MILLISECOND;
        linkReturnsNanos = 5 * SECOND + 300 * MILLISECOND;

        DrillResult result = drill(true, "");

        assertThat(result.outageNanos()).isBetween(140 * MILLISECOND, 175 * MILLISECOND);
        assertThat(result.lost()).isBetween(13, 17);
        assertThat(result.returnNanos()).isBetween(300 * MILLISECOND, 315 * MILLISECOND);
        assertThat(now - downNanos).isGreaterThanOrEqualTo(linkReturnsNanos);
        assertThat(result.obstacle()).isEmpty();
    }

    @Test
    void lastsUntilTheLinkIsBackThoughNothingCanBeMeasured() {
        linkReturnsNanos = 5 * SECOND + 300 * MILLISECOND;
        long started = now;

        DrillResult result = drill(false, "there is no TUN");

        assertThat(downNanos).isEqualTo(started);
        assertThat(result.done()).isTrue();
        assertThat(result.outageNanos()).isEqualTo(-1);
        assertThat(result.obstacle()).isEqualTo("there is no TUN");
        assertThat(result.returnNanos()).isBetween(300 * MILLISECOND, 315 * MILLISECOND);
    }

    @Test
    void aPeerThatNeverAnswersAnEchoIsDrilledWithoutAMeasure() {
        linkReturnsNanos = 5 * SECOND;

        DrillResult result = drill(false, "");

        assertThat(result.obstacle()).contains("does not answer an echo", "--tun none");
        assertThat(result.ending()).isEqualTo(DrillResult.Ending.OVER);
        assertThat(now - downNanos).isGreaterThanOrEqualTo(5 * SECOND);
    }

    @Test
    void givesUpWaitingForALinkThatStaysAway() {
        echoReturnsNanos = 150 * MILLISECOND;

        DrillResult result = drill(true, "");

        assertThat(result.ending()).isEqualTo(DrillResult.Ending.NOT_BACK);
        assertThat(result.outageNanos()).isPositive();
        assertThat(now - downNanos)
                .isBetween(
                        5 * SECOND + OutageMeter.RETURN_NANOS,
                        6 * SECOND + OutageMeter.RETURN_NANOS);
    }

    @Test
    void waitsForAnAnswerThoughTheLinkIsBack() {
        echoReturnsNanos = 7 * SECOND;
        linkReturnsNanos = 5 * SECOND;

        DrillResult result = drill(true, "");

        assertThat(result.outageNanos())
                .isBetween(7 * SECOND - 20 * MILLISECOND, 7 * SECOND + 20 * MILLISECOND);
    }

    @Test
    void saysThatAPeerIsLostForGood() {
        linkReturnsNanos = 5 * SECOND;

        DrillResult result = drill(true, "");

        assertThat(result.obstacle()).isEqualTo("no answer came any more after the drill");
        assertThat(result.ending()).isEqualTo(DrillResult.Ending.OVER);
    }

    @Test
    void aLinkThatIsGoneIsNotDrilled() {
        exists = false;

        DrillResult result = drill(true, "");

        assertThat(result.ending()).isEqualTo(DrillResult.Ending.NOT_CARRIED_OUT);
        assertThat(result.obstacle()).contains("taken out of the configuration");
    }
}
