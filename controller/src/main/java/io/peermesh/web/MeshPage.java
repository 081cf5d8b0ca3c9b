package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.MeshMap;
import io.peermesh.admin.MeshMap.Member;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Problem;
import io.peermesh.admin.Role;
import io.peermesh.clients.FailureAnalysis.Consequence;
import io.peermesh.clients.FailureAnalysis.Failure;
import io.peermesh.http.server.Answer;
import io.peermesh.web.MeshPageViews.Ends;
import io.peermesh.web.view.MeshPageView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * <i>Mesh</i>: a picture of controllers and links, now or at a past moment, the way that packets
 * take, what happens if one of them fails, and what an operator may do about it: drain this
 * controller, drill a link.
 */
final class MeshPage {
    private static final String PATH = "/overlay/mesh";
    private static final String DEFAULT_SECONDS = "5";

    private final Administration administration;
    private final InstantSource clock;
    private final Frame frame;
    private final LiveStreams live;
    private final MeshMoments moments;
    private final LinkRates rates = new LinkRates();

    MeshPage(Administration administration, InstantSource clock, Frame frame, LiveStreams live) {
        this.administration = administration;
        this.clock = clock;
        this.frame = frame;
        this.live = live;
        this.moments = new MeshMoments(administration, clock);
    }

    void addTo(Door door) {
        door.get(PATH, Role.READ_ONLY, this::show)
                .get("/live/mesh", Role.READ_ONLY, this::stream)
                .get(PATH + "/drain", Role.OPERATOR, visit -> confirmDrain(visit, 200, ""))
                .post(PATH + "/drain", Role.OPERATOR, this::drain)
                .post(PATH + "/undrain", Role.OPERATOR, this::undrain)
                .get(PATH + "/drill", Role.OPERATOR, visit -> confirmDrill(visit, 200, ""))
                .post(PATH + "/drill", Role.OPERATOR, this::drill);
    }

    // ---- the page

    private Answer show(Visit visit) {
        Ends ends = new Ends(number(visit, "from"), number(visit, "to"));
        Optional<Instant> at = moments.wanted(visit);
        var parameters = new HashMap<String, Object>();
        parameters.put("time", moments.slider(visit, ends, at));
        if (at.isPresent()) {
            parameters.put("view", moments.past(at.get(), ends));
            return frame.page(visit, "Mesh", "mesh-past", parameters);
        }
        parameters.putAll(parameters(visit, ends));
        String live = "/live/mesh?from=" + ends.from() + "&to=" + ends.to();
        return frame.page(visit, 200, frame.shell(visit, "Mesh").live(live), "mesh", parameters);
    }

    private Answer stream(Visit visit) {
        Ends ends = new Ends(number(visit, "from"), number(visit, "to"));
        return live.stream(visit, () -> frame.part("part/mesh", parameters(visit, ends)));
    }

    /** A controller id of the query; 0 for none that makes sense. */
    private static int number(Visit visit, String name) {
        String text = visit.field(name);
        return text.matches("[0-9]{1,2}") ? Integer.parseInt(text) : 0;
    }

    private Map<String, Object> parameters(Visit visit, Ends wanted) {
        return Map.of(
                "view",
                administration.status().map().map(map -> view(map, wanted)),
                "mayOperate",
                visit.mayOperate());
    }

    private MeshPageView view(MeshMap map, Ends wanted) {
        List<Integer> ids = MeshPageViews.ids(map);
        Ends ends = Ends.of(map, wanted);
        Optional<MeshMap.Way> way = ends.way(map);
        Map<Integer, LinkRates.Rate> now =
                rates.update(
                        map.nowNanos(),
                        map.edges().stream().flatMap(edge -> edge.own().stream()).toList());
        return new MeshPageView(
                MeshDrawing.draw(map, now, way),
                ids,
                MeshPageViews.way(ends.from(), ends.to(), way),
                ids.stream().map(String::valueOf).toList(),
                MeshPageViews.matrix(map, now),
                MeshPageViews.failures(consequences()),
                MeshPageViews.drain(administration.drain().view()),
                MeshPageViews.targets(map),
                administration
                        .drills()
                        .latest()
                        .map(drill -> MeshPageViews.drill(drill, clock.instant())));
    }

    private List<Consequence> consequences() {
        return administration.resilience().nMinusOne()
                        instanceof Outcome.Done<List<Consequence>>(List<Consequence> all)
                ? all
                : List.of();
    }

    private Optional<Consequence> consequence(Failure failure) {
        return consequences().stream().filter(each -> each.failure().equals(failure)).findFirst();
    }

    // ---- drain

    private Answer confirmDrain(Visit visit, int status, String problem) {
        Optional<MeshMap> map = administration.status().map();
        if (map.isEmpty()) {
            return notRunning(visit);
        }
        var parameters = new HashMap<String, Object>();
        parameters.put("problem", problem);
        parameters.put("name", "controller " + map.get().selfId());
        parameters.put("draining", administration.drain().view().draining());
        parameters.put(
                "needsForce", map.get().members().stream().filter(Member::reachable).count() < 2);
        parameters.put(
                "clients",
                MeshPageViews.clients(
                        map.get().member(map.get().selfId()).map(Member::clients).orElse(0)));
        parameters.put(
                "consequence",
                consequence(new Failure.OfController(map.get().selfId()))
                        .map(MeshPageViews::failure));
        return frame.page(
                visit,
                status,
                frame.shell(visit, "Drain this controller"),
                "mesh-drain",
                parameters);
    }

    private Answer drain(Visit visit) {
        boolean force = visit.field("force").equals("true");
        return switch (administration.drain().set(visit.actor(), true, force)) {
            case Outcome.Refused<?>(Problem problem) ->
                    confirmDrain(visit, 422, Sentence.of(problem));
            case Outcome.Done<?> _ ->
                    done(visit, "This controller drains. Below is how far it is.");
        };
    }

    private Answer undrain(Visit visit) {
        return switch (administration.drain().set(visit.actor(), false, false)) {
            case Outcome.Refused<?>(Problem problem) ->
                    frame.problem(visit, 422, "Mesh", Sentence.of(problem));
            case Outcome.Done<?> _ ->
                    done(visit, "This controller does not drain any more, and takes clients.");
        };
    }

    // ---- drill

    private Answer confirmDrill(Visit visit, int status, String problem) {
        Optional<MeshMap> map = administration.status().map();
        if (map.isEmpty()) {
            return notRunning(visit);
        }
        int self = map.get().selfId();
        int peer = number(visit, "peer");
        if (MeshPageViews.targets(map.get()).stream().noneMatch(each -> each.peer() == peer)) {
            return frame.problem(
                    visit,
                    404,
                    "Drill",
                    "There is no link to such a controller that is up, so there is nothing to learn"
                            + " from taking it down.");
        }
        var parameters = new HashMap<String, Object>();
        parameters.put("problem", problem);
        parameters.put("peer", peer);
        parameters.put(
                "seconds",
                visit.field("seconds").isEmpty() ? DEFAULT_SECONDS : visit.field("seconds"));
        Optional<Consequence> consequence =
                consequence(new Failure.OfLink(Math.min(self, peer), Math.max(self, peer)));
        parameters.put("needsForce", !consequence.map(Consequence::isHarmless).orElse(false));
        parameters.put("consequence", consequence.map(MeshPageViews::failure));
        return frame.page(
                visit,
                status,
                frame.shell(visit, "Drill the link to controller " + peer),
                "mesh-drill",
                parameters);
    }

    private Answer drill(Visit visit) {
        boolean force = visit.field("force").equals("true");
        int peer = number(visit, "peer");
        return switch (administration
                .drills()
                .start(visit.actor(), peer, number(visit, "seconds"), force)) {
            case Outcome.Refused<?>(Problem problem) ->
                    confirmDrill(visit, 422, Sentence.of(problem));
            case Outcome.Done<?> _ ->
                    done(visit, "The link to controller " + peer + " is silent now.");
        };
    }

    private static Answer done(Visit visit, String text) {
        visit.session().tell(text);
        return Replies.redirect(PATH);
    }

    private Answer notRunning(Visit visit) {
        return frame.problem(
                visit, 409, "Mesh", "This controller runs no mesh yet; finish the set-up first.");
    }
}
