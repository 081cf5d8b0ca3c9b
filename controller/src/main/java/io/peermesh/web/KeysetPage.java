package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.KeysetRequest;
import io.peermesh.admin.KeysetView;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Problem;
import io.peermesh.admin.Role;
import io.peermesh.http.server.Answer;
import io.peermesh.keyset.TokenPolicy;
import io.peermesh.web.view.KeysetPageView;
import io.peermesh.web.view.Moment;
import io.peermesh.web.view.Shell;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The keyset: generate it once, or fetch it from a controller that has it. */
final class KeysetPage {
    private final Administration administration;
    private final InstantSource clock;
    private final Frame frame;
    private final LiveStreams live;
    private final Setup setup;

    KeysetPage(
            Administration administration,
            InstantSource clock,
            Frame frame,
            LiveStreams live,
            Setup setup) {
        this.administration = administration;
        this.clock = clock;
        this.frame = frame;
        this.live = live;
        this.setup = setup;
    }

    void addTo(Door door) {
        door.get("/topology/keyset", Role.READ_ONLY, visit -> page(visit, 200, "", ""))
                .get(
                        "/live/keyset",
                        Role.READ_ONLY,
                        visit ->
                                live.stream(
                                        visit,
                                        () ->
                                                frame.part(
                                                        "part/keyset",
                                                        Map.of(
                                                                "view",
                                                                view(),
                                                                "wasRunning",
                                                                true))))
                .post("/topology/keyset/fetch", Role.ADMIN, visit -> start(visit, true))
                .post("/topology/keyset/generate", Role.ADMIN, visit -> start(visit, false));
    }

    private Answer page(Visit visit, int status, String fetchProblem, String generateProblem) {
        KeysetPageView view = view();
        Shell shell = frame.shell(visit, view.present() ? "Keyset" : "Fetch Keyset");
        var parameters = new HashMap<String, Object>();
        parameters.put("steps", setup.steps());
        parameters.put("view", view);
        parameters.put("values", new Values(visit));
        parameters.put("fetchProblem", fetchProblem);
        parameters.put("generateProblem", generateProblem);
        parameters.put("minCharacters", TokenPolicy.MIN_CHARACTERS);
        return frame.page(
                visit,
                status,
                view.inProgress() ? shell.live("/live/keyset") : shell,
                "keyset",
                parameters);
    }

    private KeysetPageView view() {
        boolean licensed = administration.config().view().licensed();
        return switch (administration.keyset().view()) {
            case Outcome.Refused<KeysetView> _ ->
                    new KeysetPageView(
                            licensed, false, false, 0, "", "", Optional.empty(), Optional.empty());
            case Outcome.Done<KeysetView>(KeysetView keyset) ->
                    new KeysetPageView(
                            licensed,
                            keyset.present(),
                            keyset.inProgress(),
                            keyset.runningSeconds(),
                            keyset.checksum().orElse(""),
                            keyset.failure().map(KeysetView.Failure::text).orElse(""),
                            keyset.failure()
                                    .map(failure -> Moment.of(failure.at(), clock.instant())),
                            keyset.createdAt().map(at -> Moment.of(at, clock.instant())));
        };
    }

    private Answer start(Visit visit, boolean fetch) {
        var request =
                new KeysetRequest(
                        Optional.of(visit.exactField("token")),
                        fetch ? Optional.of(visit.field("source")) : Optional.empty(),
                        Optional.empty());
        if (!fetch && !visit.exactField("token").equals(visit.exactField("repeated_token"))) {
            return page(visit, 422, "", "The two tokens differ.");
        }
        return switch (administration.keyset().start(visit.actor(), request)) {
            case Outcome.Done<KeysetView> _ -> Replies.redirect("/topology/keyset");
            case Outcome.Refused<KeysetView>(Problem problem) ->
                    page(
                            visit,
                            422,
                            fetch ? Sentence.of(problem) : "",
                            fetch ? "" : Sentence.of(problem));
        };
    }
}
