package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.ConfigView;
import io.peermesh.admin.JoinAdmin;
import io.peermesh.admin.JoinView;
import io.peermesh.admin.KeysetView;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PeeringView;
import io.peermesh.admin.Problem;
import io.peermesh.admin.Role;
import io.peermesh.http.server.Answer;
import io.peermesh.web.view.JoinPageView;
import io.peermesh.web.view.JoinPageView.State;
import io.peermesh.web.view.Moment;
import io.peermesh.web.view.Pill;
import io.peermesh.web.view.Shell;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** <i>Join a mesh</i>: the set-up of a further controller in one step. */
final class JoinPage {
    private final Administration administration;
    private final PeerStates peers;
    private final InstantSource clock;
    private final Frame frame;
    private final LiveStreams live;

    JoinPage(
            Administration administration,
            PeerStates peers,
            InstantSource clock,
            Frame frame,
            LiveStreams live) {
        this.administration = administration;
        this.peers = peers;
        this.clock = clock;
        this.frame = frame;
        this.live = live;
    }

    void addTo(Door door) {
        door.get("/setup/join", Role.READ_ONLY, visit -> page(visit, 200, ""))
                .get("/live/join", Role.READ_ONLY, visit -> stream(visit, State.RUNNING))
                .get("/live/joined", Role.READ_ONLY, visit -> stream(visit, State.JOINED))
                .post("/setup/join", Role.ADMIN, this::start);
    }

    private Answer page(Visit visit, int status, String problem) {
        JoinPageView view = view();
        Shell shell = frame.shell(visit, "Join a mesh");
        var parameters = new HashMap<String, Object>();
        parameters.put("view", view);
        parameters.put("values", new Values(visit));
        parameters.put("problem", problem);
        return frame.page(
                visit,
                status,
                switch (view.state()) {
                    case RUNNING -> shell.live("/live/join");
                    case JOINED -> shell.live("/live/joined");
                    case FORM, MEMBER -> shell;
                },
                "join",
                parameters);
    }

    /** What is shown changes with the state as a whole, the menu included: the page is new then. */
    private Answer stream(Visit visit, State shown) {
        return live.stream(
                visit,
                () -> {
                    JoinPageView view = view();
                    return frame.part(
                            "part/join", Map.of("view", view, "reload", view.state() != shown));
                });
    }

    private JoinPageView view() {
        JoinView join = administration.join().view();
        boolean member = hasKeyset();
        State state =
                switch (join.state()) {
                    case RUNNING -> State.RUNNING;
                    case JOINED -> State.JOINED;
                    case NONE, FAILED -> member ? State.MEMBER : State.FORM;
                };
        return new JoinPageView(
                state,
                join.source(),
                join.steps().stream().map(JoinPage::step).toList(),
                member ? "" : join.failure().map(KeysetView.Failure::text).orElse(""),
                join.failure().map(failure -> Moment.of(failure.at(), clock.instant())),
                identity(),
                state == State.JOINED ? peers() : List.of());
    }

    private boolean hasKeyset() {
        return administration.keyset().view() instanceof Outcome.Done<KeysetView>(KeysetView view)
                && view.present();
    }

    private static JoinPageView.Step step(JoinView.Step step) {
        return new JoinPageView.Step(
                step.stage().label(),
                step.text(),
                switch (step.progress()) {
                    case OPEN -> Pill.plain("later");
                    case RUNNING -> Pill.wait("under way");
                    case DONE -> Pill.good("done");
                    case FAILED -> Pill.bad("failed");
                });
    }

    private String identity() {
        ConfigView config = administration.config().view();
        return config.controllerId().isEmpty()
                ? ""
                : "controller "
                        + config.controllerId().getAsInt()
                        + config.overlayAddress().map(address -> ", " + address).orElse("");
    }

    private List<JoinPageView.Peer> peers() {
        if (!(administration.peering().view()
                instanceof Outcome.Done<PeeringView>(PeeringView table))) {
            return List.of();
        }
        Map<Integer, String> addresses =
                table.rows().stream()
                        .filter(PeeringView.Peer.class::isInstance)
                        .map(PeeringView.Peer.class::cast)
                        .collect(Collectors.toMap(PeeringView.Peer::id, PeeringView.Peer::name));
        return peers.all().stream()
                .filter(state -> addresses.containsKey(state.id()))
                .map(state ->
                        new JoinPageView.Peer(
                                state.id(), addresses.getOrDefault(state.id(), ""), state))
                .toList();
    }

    private Answer start(Visit visit) {
        var wish =
                new JoinAdmin.Wish(
                        visit.field("source"),
                        visit.exactField("token"),
                        visit.field("address"),
                        visit.field("name"));
        return switch (administration.join().start(visit.actor(), wish)) {
            case Outcome.Done<JoinView> _ -> Replies.redirect("/setup/join");
            case Outcome.Refused<JoinView>(Problem problem) ->
                    page(visit, 422, Sentence.of(problem));
        };
    }
}
