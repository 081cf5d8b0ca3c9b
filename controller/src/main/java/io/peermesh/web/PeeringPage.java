package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.ConnectionTest;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PeeringAdmin;
import io.peermesh.admin.PeeringTable;
import io.peermesh.admin.PeeringTable.Choice;
import io.peermesh.admin.PeeringView;
import io.peermesh.admin.Problem;
import io.peermesh.admin.Role;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.web.view.PeerStateView;
import io.peermesh.web.view.PeeringRowView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** <i>Controller Peering</i>: which controller this is, and where the others are. */
final class PeeringPage {
    private final Administration administration;
    private final PeerStates states;
    private final Frame frame;
    private final LiveStreams live;
    private final Setup setup;

    PeeringPage(
            Administration administration,
            PeerStates states,
            Frame frame,
            LiveStreams live,
            Setup setup) {
        this.administration = administration;
        this.states = states;
        this.frame = frame;
        this.live = live;
        this.setup = setup;
    }

    void addTo(Door door) {
        door.get("/overlay/peering", Role.READ_ONLY, this::show)
                .get("/live/peering", Role.READ_ONLY, visit -> live.stream(visit, this::part))
                .post("/overlay/peering", Role.OPERATOR, this::save)
                .post("/overlay/peering/test/{id}", Role.OPERATOR, this::test);
    }

    private Answer show(Visit visit) {
        return switch (administration.peering().view()) {
            case Outcome.Refused<PeeringView> _ ->
                    frame.page(
                            visit,
                            "Controller Peering",
                            "peering-early",
                            Map.of("steps", setup.steps()));
            case Outcome.Done<PeeringView>(PeeringView table) ->
                    page(visit, 200, "", table.rows().stream().map(PeeringPage::row).toList());
        };
    }

    private Answer page(Visit visit, int status, String problem, List<PeeringRowView> rows) {
        var parameters = new HashMap<String, Object>();
        parameters.put("steps", setup.steps());
        parameters.put("problem", problem);
        parameters.put("rows", rows);
        parameters.put(
                "states",
                states.all().stream().collect(Collectors.toMap(PeerStateView::id, each -> each)));
        return frame.page(
                visit,
                status,
                frame.shell(visit, "Controller Peering").live("/live/peering"),
                "peering",
                parameters);
    }

    private static PeeringRowView row(PeeringView.Row row) {
        String usualMtu = Integer.toString(PeeringAdmin.DEFAULT_MTU_BYTES);
        String overlay = row.overlayAddress().toString();
        return switch (row) {
            case PeeringView.Self self ->
                    new PeeringRowView(self.id(), overlay, "self", "", usualMtu, "", "", true);
            case PeeringView.NotSet unset ->
                    new PeeringRowView(unset.id(), overlay, "unset", "", usualMtu, "", "", true);
            case PeeringView.Peer peer ->
                    new PeeringRowView(
                            peer.id(),
                            overlay,
                            "address",
                            peer.name(),
                            Integer.toString(peer.outerMtuBytes()),
                            "",
                            "",
                            true);
        };
    }

    private String part() {
        return states.all().stream()
                .map(state -> frame.part("part/peer-state", Map.of("state", state)))
                .collect(Collectors.joining());
    }

    private Answer save(Visit visit) {
        List<PeeringRowView> typed = typed(visit);
        PeeringTable.Result result =
                administration
                        .peeringTable()
                        .replace(visit.actor(), typed.stream().map(PeeringPage::request).toList());
        return switch (result) {
            case PeeringTable.Result.Saved() -> {
                visit.session().tell("Saved. Each row shows how its tunnel comes up.");
                yield Replies.redirect("/overlay/peering");
            }
            case PeeringTable.Result.Wrong(String table, var wrong) ->
                    page(
                            visit,
                            422,
                            Sentence.of(Problem.argument(table)),
                            typed.stream()
                                    .map(row ->
                                            row.withWrong(
                                                    Optional.ofNullable(wrong.get(row.id()))
                                                            .orElse("")))
                                    .toList());
        };
    }

    /** What the form holds, for each controller of the license. */
    private List<PeeringRowView> typed(Visit visit) {
        if (!(administration.peering().view()
                instanceof Outcome.Done<PeeringView>(PeeringView table))) {
            return List.of();
        }
        return table.rows().stream()
                .map(row ->
                        new PeeringRowView(
                                row.id(),
                                row.overlayAddress().toString(),
                                choice(visit.field("choice_" + row.id())),
                                visit.field("address_" + row.id()),
                                visit.field("mtu_" + row.id()),
                                "",
                                "",
                                true))
                .toList();
    }

    private static String choice(String text) {
        return text.equals("self") || text.equals("address") ? text : "unset";
    }

    private static PeeringTable.Row request(PeeringRowView row) {
        Choice choice =
                switch (row.choice()) {
                    case "self" -> Choice.SELF;
                    case "address" -> Choice.ADDRESS;
                    default -> Choice.NOT_SET;
                };
        return new PeeringTable.Row(row.id(), choice, row.address(), row.mtu());
    }

    /** Tests what is typed, saves nothing; the whole page, or for a script only the answer. */
    private Answer test(Visit visit) {
        int id = id(visit.request().pathParameter("id"));
        ConnectionTest.Result result =
                administration.connectionTest().run(id, visit.field("address_" + id));
        List<PeeringRowView> rows =
                typed(visit).stream()
                        .map(row ->
                                row.id() == id ? row.withTest(result.isGood(), result.text()) : row)
                        .toList();
        Optional<PeeringRowView> row = rows.stream().filter(each -> each.id() == id).findFirst();
        if (visit.request().header("hx-request").isPresent() && row.isPresent()) {
            return Replies.html(200, frame.part("part/peer-test", Map.of("row", row.get())));
        }
        return page(visit, 200, "", rows);
    }

    private static int id(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException malformed) {
            throw new BadArgument("there is no controller " + text);
        }
    }
}
