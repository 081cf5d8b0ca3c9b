package io.peermesh.admin;

import io.peermesh.admin.JoinView.Progress;
import io.peermesh.admin.JoinView.Stage;
import io.peermesh.admin.JoinView.State;
import io.peermesh.admin.JoinView.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** How far an attempt to join is: an immutable value, whose changes are new values. */
record JoinProgress(JoinView view) {
    static JoinProgress start(String source) {
        List<Step> steps =
                Arrays.stream(Stage.values())
                        .map(stage -> new Step(stage, Progress.OPEN, ""))
                        .toList();
        return new JoinProgress(
                new JoinView(State.RUNNING, source, steps, OptionalInt.empty(), Optional.empty()));
    }

    /** At a stage: those before it are done, it runs, the others are still open. */
    JoinProgress at(Stage stage, String text) {
        return with(
                State.RUNNING,
                view.controllerId(),
                Optional.empty(),
                step -> {
                    int order = step.stage().compareTo(stage);
                    if (order == 0) {
                        return new Step(stage, Progress.RUNNING, text);
                    }
                    return new Step(
                            step.stage(),
                            order < 0 ? Progress.DONE : Progress.OPEN,
                            order < 0 ? step.text() : "");
                });
    }

    /** The same with other words for a stage. */
    JoinProgress says(Stage stage, String text) {
        return with(
                view.state(),
                view.controllerId(),
                view.failure(),
                step -> step.stage() == stage ? new Step(stage, step.progress(), text) : step);
    }

    JoinProgress withId(int id) {
        return with(view.state(), OptionalInt.of(id), view.failure(), UnaryOperator.identity());
    }

    JoinProgress joined(String text) {
        return with(
                        State.JOINED,
                        view.controllerId(),
                        Optional.empty(),
                        step -> new Step(step.stage(), Progress.DONE, step.text()))
                .says(Stage.PEER, text);
    }

    JoinProgress failed(KeysetView.Failure failure) {
        return with(
                State.FAILED,
                OptionalInt.empty(),
                Optional.of(failure),
                step ->
                        step.progress() == Progress.RUNNING
                                ? new Step(step.stage(), Progress.FAILED, step.text())
                                : step);
    }

    private JoinProgress with(
            State state,
            OptionalInt id,
            Optional<KeysetView.Failure> failure,
            UnaryOperator<Step> change) {
        return new JoinProgress(
                new JoinView(
                        state,
                        view.source(),
                        view.steps().stream().map(change).toList(),
                        id,
                        failure));
    }
}
