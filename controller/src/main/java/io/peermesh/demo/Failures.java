package io.peermesh.demo;

import io.peermesh.demo.Demonstration.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Breaks a mesh on purpose while a ping runs every 10 ms and one TCP connection moves data, and
 * says for how long each failure interrupted them: a silently cut link, a killed controller, a
 * drain. One thread.
 */
final class Failures {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int STEADY = 50;

    private final Deployment deployment;
    private final Progress progress;
    private final WireguardClient alice;
    private final WireguardClient bob;

    Failures(Deployment deployment, Progress progress, WireguardClient alice, WireguardClient bob) {
        this.deployment = deployment;
        this.progress = progress;
        this.alice = alice;
        this.bob = bob;
    }

    /** All three, in a row, under one transfer. */
    List<Step> run() {
        var steps = new ArrayList<Step>();
        var transfer = TransferRun.start(bob, "receive-steadily");
        Path end = alice.machine().rig().folder().resolve("transfer-ends");
        Child sender =
                alice.machine().start("send-steadily", Map.of(), transfer.steady(end.toString()));
        steps.add(cutLink());
        steps.add(killController());
        steps.add(drain());
        alice.machine().must("touch", end.toString());
        sender.awaitExit(LIMIT);
        steps.add(transfer.outcome("the same TCP connection", sender.logTail(1).strip()));
        return steps;
    }

    private Step cutLink() {
        ControllerProcess one = deployment.ownerOf(alice);
        ControllerProcess other = deployment.ownerOf(bob);
        progress.say("Cutting everything between %s and %s, silently".formatted(one, other));
        Rig rig = alice.machine().rig();
        Step step =
                measured(
                        "link cut, silently",
                        () -> {
                            rig.cut(one.machine(), other.machine());
                            return "";
                        });
        rig.heal(one.machine(), other.machine());
        return step;
    }

    private Step killController() {
        ControllerProcess victim = deployment.ownerOf(alice);
        progress.say("Killing %s, where alice is connected, with SIGKILL".formatted(victim));
        Step step =
                measured(
                        "controller killed",
                        () -> {
                            victim.kill();
                            return "";
                        });
        ControllerProcess heir = deployment.ownerOf(alice, victim);
        victim.startAgain();
        victim.awaitApi();
        deployment.awaitLinks();
        return new Step(step.name(), step.ok(), step.detail() + "; " + heir + " took alice over");
    }

    private Step drain() {
        ControllerProcess owner = deployment.ownerOf(bob);
        progress.say("Draining %s, where bob is connected".formatted(owner));
        Step step =
                measured(
                        "controller drained",
                        () -> {
                            Deployment.setDraining(owner, true);
                            boolean empty = Waiting.untilTrue(LIMIT, () -> isSafeToStop(owner));
                            return empty ? "; safe to stop" : "; still not empty";
                        });
        Deployment.setDraining(owner, false);
        return step;
    }

    private static boolean isSafeToStop(ControllerProcess controller) {
        return controller
                .api()
                .tryGet("/api/mesh/v1/drain")
                .map(answer -> answer.response().path("safe_to_stop").asBoolean(false))
                .orElse(false);
    }

    /** Does something harmful under pings; {@code harm} gives words to add. */
    private Step measured(String name, Supplier<String> harm) {
        try (var watch = PingWatch.start(alice.machine(), bob.address())) {
            watch.awaitMore(STEADY, LIMIT);
            String words = harm.get();
            boolean back = watch.awaitMore(2 * STEADY, LIMIT);
            Outage outage = watch.stop();
            return new Step(name, back, outage.text() + words);
        }
    }
}
