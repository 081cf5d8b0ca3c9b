package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.ConfigView;
import io.peermesh.admin.KeysetView;
import io.peermesh.admin.LicenseView;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Role;
import io.peermesh.http.server.Answer;
import io.peermesh.web.view.SetupStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The guided set-up: where one stands, and the way to the next step. */
final class Setup {
    private final Administration administration;
    private final Frame frame;

    Setup(Administration administration, Frame frame) {
        this.administration = administration;
        this.frame = frame;
    }

    void addTo(Door door) {
        door.get("/setup", Role.READ_ONLY, this::show);
    }

    private Answer show(Visit visit) {
        boolean fresh = administration.license().view() instanceof Outcome.Refused<LicenseView>;
        String next =
                steps().stream()
                        .filter(step -> step.state().equals("current"))
                        .map(SetupStep::href)
                        .findFirst()
                        .orElse("/");
        return fresh
                ? frame.page(visit, "Set-up", "setup", Map.of("steps", steps()))
                : Replies.redirect(next);
    }

    /** All steps; empty once the set-up is complete, since pages show them only until then. */
    List<SetupStep> steps() {
        ConfigView config = administration.config().view();
        boolean uploaded = administration.license().view() instanceof Outcome.Done<LicenseView>;
        boolean keyset =
                administration.keyset().view() instanceof Outcome.Done<KeysetView>(KeysetView view)
                        && view.present();
        boolean[] done = {uploaded, config.licensed(), keyset, config.peered()};
        boolean complete = config.peered() && keyset;
        return complete
                ? List.of()
                : marked(
                        done,
                        List.of(
                                step("License", "what the topology may have", "/topology/license"),
                                step("Parameters", "its addresses", "/topology/license"),
                                step("Keyset", "generate or fetch", "/topology/keyset"),
                                step("Peering", "who is where", "/overlay/peering"),
                                step("Clients", "hand out clientpacks", "/overlay/clientpacks")));
    }

    private static SetupStep step(String label, String hint, String href) {
        return new SetupStep(label, hint, href, "open");
    }

    private static List<SetupStep> marked(boolean[] done, List<SetupStep> steps) {
        var marked = new ArrayList<SetupStep>();
        boolean earlierDone = true;
        for (int i = 0; i < steps.size(); i++) {
            boolean isDone = i < done.length && done[i];
            String state = isDone ? "done" : earlierDone ? "current" : "open";
            earlierDone = isDone;
            SetupStep step = steps.get(i);
            marked.add(new SetupStep(step.label(), step.hint(), step.href(), state));
        }
        return marked;
    }
}
