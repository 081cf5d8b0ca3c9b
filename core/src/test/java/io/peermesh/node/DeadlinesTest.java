package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final List<String> calls = new ArrayList<>();
    private long handshakes;
    private final Deadlines deadlines = new Deadlines(() -> handshakes);

    @Test
    void callsWhatIsDueInOrderOfTime() {
        add("late", 30);
        add("early", 10);
        add("future", 100);

        deadlines.run(50);

        assertThat(calls).containsExactly("early at 50", "late at 50");
        assertThat(deadlines.nextNanos()).isEqualTo(100);
    }

    @Test
    void anEarlierDeadlineReplacesTheOneThatIsHeld() {
        Task task = add("task", 100);
        task.deadline = 20;
        deadlines.reschedule(task);

        deadlines.run(20);
        deadlines.run(100);

        assertThat(calls).containsExactly("task at 20");
    }

    @Test
    void aLaterDeadlineIsFoundWhenTheHeldOneComes() {
        Task task = add("task", 10);
        task.deadline = 50;
        deadlines.reschedule(task);

        deadlines.run(10);
        assertThat(calls).isEmpty();
        deadlines.run(50);

        assertThat(calls).containsExactly("task at 50");
    }

    @Test
    void whatIsCancelledIsNotCalled() {
        Task task = add("task", 10);
        deadlines.cancel(task);
        task.deadline = Deadlines.NONE;

        deadlines.run(1_000);

        assertThat(calls).isEmpty();
    }

    @Test
    void callsEachOnceEvenIfItStaysDue() {
        Task task = add("stuck", 10);
        task.next = 10;

        deadlines.run(10);

        assertThat(calls).hasSize(1);
        assertThat(deadlines.nextNanos()).isEqualTo(10);
    }

    @Test
    void callsEverythingWhenItIsDueAndNothingElse() {
        for (long seed = 1; seed <= 100; seed++) {
            var random = new Random(seed);
            var heap = new Deadlines(() -> 0);
            var tasks = new ArrayList<Task>();
            for (int i = 0; i < 20; i++) {
                tasks.add(new Task("" + i));
            }
            for (long now = 0; now < 500; now++) {
                Task changed = tasks.get(random.nextInt(20));
                changed.deadline =
                        random.nextInt(4) == 0 ? Deadlines.NONE : now + random.nextLong(60);
                heap.reschedule(changed);
                var due = new ArrayList<String>();
                for (Task task : tasks) {
                    if (task.deadline <= now) {
                        due.add(task.name + " at " + now);
                    }
                }
                calls.clear();

                heap.run(now);

                assertThat(calls)
                        .as("seed %d, time %d", seed, now)
                        .containsExactlyInAnyOrderElementsOf(due);
            }
        }
    }

    @Test
    void thousandsThatAreDueForAHandshakeGetItInSmallTurnsAndLinksGoFirst() {
        int clients = 10_000;
        for (int i = 0; i < clients; i++) {
            deadlines.reschedule(new Client("client " + i, 10 + i));
        }
        add("link", clients + 100);

        deadlines.run(clients + 200);

        assertThat(calls).hasSize(1 + Deadlines.HANDSHAKES_PER_RUN);
        assertThat(calls).startsWith("link at 10200", "client 0 at 10200", "client 1 at 10200");
        assertThat(deadlines.nextNanos()).as("there is more to do").isLessThan(clients);
        for (int turns = 1; turns < clients / Deadlines.HANDSHAKES_PER_RUN; turns++) {
            deadlines.run(clients + 200);
        }
        assertThat(calls).hasSize(1 + clients);
        assertThat(deadlines.nextNanos()).isEqualTo(Deadlines.NONE);
    }

    @Test
    void clientsThatNeedNoHandshakeDoNotWait() {
        for (int i = 0; i < 100; i++) {
            deadlines.reschedule(
                    new Client("client " + i, 10) {
                        @Override
                        void onDue(long nowNanos) {
                            calls.add(name);
                            deadline = Deadlines.NONE;
                        }
                    });
        }

        deadlines.run(10);

        assertThat(calls).hasSize(100);
    }

    private Task add(String name, long deadline) {
        var task = new Task(name);
        task.deadline = deadline;
        deadlines.reschedule(task);
        return task;
    }

    /** Starts a handshake whenever it is called. */
    private class Client extends Task {
        Client(String name, long deadline) {
            super(name);
            this.deadline = deadline;
        }

        @Override
        boolean mayWait() {
            return true;
        }

        @Override
        void onDue(long nowNanos) {
            super.onDue(nowNanos);
            handshakes++;
        }
    }

    private class Task extends Timed {
        final String name;
        long deadline = Deadlines.NONE;
        long next = Deadlines.NONE;

        Task(String name) {
            this.name = name;
        }

        @Override
        void onDue(long nowNanos) {
            calls.add(name + " at " + nowNanos);
            deadline = next;
        }

        @Override
        long deadlineNanos() {
            return deadline;
        }
    }
}
