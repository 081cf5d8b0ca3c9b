package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines deadlines = new Deadlines();
    private final List<String> calls = new ArrayList<>();

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
            var heap = new Deadlines();
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

    private Task add(String name, long deadline) {
        var task = new Task(name);
        task.deadline = deadline;
        deadlines.reschedule(task);
        return task;
    }

    private final class Task extends Timed {
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
