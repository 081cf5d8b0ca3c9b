package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StraysTest {
    private static final int CLIENTS = 2 * Strays.PER_STEP + 2;

    private final Clients clients = new Parts(new Pipe(1), 1, 3).clients;
    private final List<ClientSession> sessions = new ArrayList<>();
    private final List<Integer> told = new ArrayList<>();
    private final Strays strays =
            new Strays(() -> sessions, session -> told.add(session.client.sequentialId()));

    /** Those with an even number came from controller 2, the others from nobody. */
    StraysTest() {
        for (int k = 0; k < CLIENTS; k++) {
            var session =
                    new ClientSession(new Desired.Client(k, Pipe.client(k), 1, 1420), clients);
            session.connected = true;
            session.formerOwner = k % 2 == 0 ? 2 : 0;
            sessions.add(session);
        }
    }

    private void runUntil(long endNanos) {
        while (strays.deadlineNanos() <= endNanos) {
            strays.onDue(strays.deadlineNanos());
        }
    }

    @Test
    void whenAFormerOwnerIsLostAgainItsFormerClientsHearFromUs() {
        strays.onLost(2, 7);
        runUntil(7 + 10 * Strays.STEP_NANOS);

        assertThat(told).hasSize(CLIENTS / 2).allMatch(k -> k % 2 == 0).doesNotHaveDuplicates();
    }

    @Test
    void whenAFormerOwnerReturnsTheyHearFromUsASecondLater() {
        strays.onReturned(2, 0);
        runUntil(Strays.RETURN_NANOS - 1);
        assertThat(told).isEmpty();

        runUntil(2 * Strays.RETURN_NANOS);
        assertThat(told).hasSize(CLIENTS / 2);
        assertThat(strays.deadlineNanos()).isEqualTo(Deadlines.NONE);
    }

    @Test
    void manyAreToldInSteps() {
        strays.onLost(2, 0);
        strays.onDue(0);

        assertThat(told).hasSize(Strays.PER_STEP);
        assertThat(strays.deadlineNanos()).isEqualTo(Strays.STEP_NANOS);
    }

    @Test
    void whoHasLeftInTheMeantimeIsNotTold() {
        sessions.get(0).connected = false;
        strays.onLost(2, 0);
        runUntil(10 * Strays.STEP_NANOS);

        assertThat(told).doesNotContain(0);
    }
}
