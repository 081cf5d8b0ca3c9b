package io.peermesh.web;

import io.peermesh.admin.DrainAdmin;
import io.peermesh.admin.DrillAdmin;
import io.peermesh.admin.EventDetail.Measure;
import io.peermesh.admin.MeshMap;
import io.peermesh.admin.MeshMap.Edge;
import io.peermesh.admin.MeshMap.LinkState;
import io.peermesh.admin.MeshMap.Member;
import io.peermesh.clients.FailureAnalysis.Consequence;
import io.peermesh.clients.FailureAnalysis.Failure;
import io.peermesh.runtime.DrillResult;
import io.peermesh.web.view.MeshPageView;
import io.peermesh.web.view.MeshPageView.Cell;
import io.peermesh.web.view.MeshPageView.Fact;
import io.peermesh.web.view.Moment;
import io.peermesh.web.view.Numbers;
import io.peermesh.web.view.Pill;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts into words what the page <i>Mesh</i> shows. */
final class MeshPageViews {
    private static final long NANOS_PER_MICRO = 1000;

    private MeshPageViews() {}

    static Pill pill(LinkState state) {
        return switch (state) {
            case UP -> Pill.good("up");
            case HELD -> Pill.wait("held down");
            case COMING -> Pill.wait("coming up");
            case DOWN -> Pill.bad("down");
            case ONE_SIDED -> Pill.wait("one end only");
        };
    }

    static Pill pill(Member member) {
        if (!member.reachable()) {
            return Pill.bad("not reachable");
        }
        return member.draining() ? Pill.wait("draining") : Pill.good("reachable");
    }

    static String clients(int clients) {
        return clients == 1 ? "1 client" : Numbers.count(clients) + " clients";
    }

    /** What is known of a link, most telling first; empty for one that is not up. */
    static List<String> figures(Edge edge, Map<Integer, LinkRates.Rate> rates) {
        if (edge.quality().isEmpty()) {
            return edge.state() == LinkState.UP ? List.of("cost " + edge.cost()) : List.of();
        }
        if (edge.state() != LinkState.UP && edge.state() != LinkState.HELD) {
            return List.of();
        }
        var figures = new ArrayList<String>();
        figures.add(Numbers.millis(edge.quality().get().rttNanos()));
        figures.add(Numbers.percent(edge.quality().get().loss()) + " loss");
        edge.own()
                .flatMap(link -> Optional.ofNullable(rates.get(link.peerId())))
                .ifPresent(rate -> {
                    figures.add("↑ " + Numbers.bitRate(rate.sent()));
                    figures.add("↓ " + Numbers.bitRate(rate.received()));
                });
        return figures;
    }

    /** Between whom a way is shown. */
    record Ends(int from, int to) {
        /** As wanted, if there are such controllers; else from this one to the next. */
        static Ends of(MeshMap map, Ends wanted) {
            List<Integer> ids = ids(map);
            int from = ids.contains(wanted.from()) ? wanted.from() : map.selfId();
            int to =
                    ids.contains(wanted.to()) && wanted.to() != from
                            ? wanted.to()
                            : ids.stream().filter(id -> id != from).findFirst().orElse(from);
            return new Ends(from, to);
        }

        Optional<MeshMap.Way> way(MeshMap map) {
            return from == to ? Optional.empty() : map.way(from, to);
        }
    }

    static List<Integer> ids(MeshMap map) {
        return map.members().stream().map(Member::id).toList();
    }

    static List<MeshPageView.Row> matrix(MeshMap map, Map<Integer, LinkRates.Rate> rates) {
        return map.members().stream()
                .map(row ->
                        new MeshPageView.Row(
                                name(map, row.id()),
                                pill(row),
                                map.members().stream()
                                        .map(column -> cell(map, row, column, rates))
                                        .toList()))
                .toList();
    }

    private static Cell cell(
            MeshMap map, Member row, Member column, Map<Integer, LinkRates.Rate> rates) {
        if (row.id() == column.id()) {
            return new Cell(Optional.empty(), List.of(clients(row.clients())));
        }
        Optional<Edge> edge = map.edge(row.id(), column.id());
        return edge.map(each -> new Cell(Optional.of(pill(each.state())), figures(each, rates)))
                .orElseGet(() -> new Cell(Optional.empty(), List.of("no link")));
    }

    static String name(MeshMap map, int id) {
        return id + (id == map.selfId() ? " (this)" : "");
    }

    static MeshPageView.Way way(int from, int to, Optional<MeshMap.Way> way) {
        if (from == to) {
            return new MeshPageView.Way(
                    from, to, Pill.plain("none"), "", "There is no other controller yet.");
        }
        if (way.isEmpty()) {
            return new MeshPageView.Way(
                    from, to, Pill.bad("no way"), "", "No links lead there now.");
        }
        String stops =
                way.get().stops().stream().map(String::valueOf).collect(Collectors.joining(" → "));
        boolean direct = way.get().stops().size() == 2;
        String shared =
                way.get().isShared()
                        ? " Flows are shared among several ways of this cost; all are drawn."
                        : "";
        return new MeshPageView.Way(
                from,
                to,
                direct ? Pill.good("direct") : Pill.wait("by way of others"),
                stops,
                "Cost " + way.get().cost() + ", from round-trip times and loss." + shared);
    }

    // ---- what if

    static MeshPageView.Failures failures(List<Consequence> all) {
        boolean harmless = all.stream().allMatch(Consequence::isHarmless);
        return new MeshPageView.Failures(
                all.isEmpty()
                        ? Pill.plain("nothing can fail yet")
                        : harmless
                                ? Pill.good("nobody is cut off by one failure")
                                : Pill.bad("one failure can cut somebody off"),
                failures(all, Failure.OfController.class),
                failures(all, Failure.OfLink.class));
    }

    private static List<MeshPageView.Failure> failures(
            List<Consequence> all, Class<? extends Failure> kind) {
        return all.stream()
                .filter(each -> kind.isInstance(each.failure()))
                .sorted(Comparator.comparing(Consequence::isHarmless))
                .map(MeshPageViews::failure)
                .toList();
    }

    static MeshPageView.Failure failure(Consequence consequence) {
        String what =
                switch (consequence.failure()) {
                    case Failure.OfController(int id) -> "Controller " + id;
                    case Failure.OfLink(int low, int high) -> "Link " + low + " – " + high;
                };
        return new MeshPageView.Failure(
                what,
                consequence.isHarmless() ? Pill.good("harmless") : Pill.bad("harm"),
                moves(consequence),
                consequence.cutOff().isEmpty()
                        ? "nobody"
                        : consequence.cutOff().stream()
                                .map(pair -> pair.low() + " from " + pair.high())
                                .collect(Collectors.joining(", ")),
                consequence.loadAfter().entrySet().stream()
                        .map(each -> each.getKey() + ": " + Numbers.count(each.getValue()))
                        .collect(Collectors.joining(", ")));
    }

    static String moves(Consequence consequence) {
        String moved =
                consequence.moved() == 0
                        ? "none moves"
                        : consequence.moves().entrySet().stream()
                                .map(each ->
                                        Numbers.count(each.getValue())
                                                + " to controller "
                                                + each.getKey())
                                .collect(Collectors.joining(", "));
        return consequence.stranded() == 0
                ? moved
                : moved + "; " + clients(consequence.stranded()) + " stranded";
    }

    // ---- drain and drill

    static MeshPageView.Drain drain(DrainAdmin.View view) {
        Pill state =
                !view.draining()
                        ? Pill.good("in service")
                        : view.safeToStop()
                                ? Pill.good("drained: it may be stopped")
                                : Pill.wait("draining");
        return new MeshPageView.Drain(
                view.draining(),
                state,
                clients(view.clientsLeft()),
                view.draining() ? view.obstacle() : "");
    }

    static List<MeshPageView.Target> targets(MeshMap map) {
        return map.edges().stream()
                .filter(edge -> edge.state() == LinkState.UP)
                .flatMap(edge -> edge.own().stream())
                .map(link -> new MeshPageView.Target(link.peerId(), "Controller " + link.peerId()))
                .toList();
    }

    static MeshPageView.Drill drill(DrillAdmin.View view, Instant now) {
        var facts = new ArrayList<Fact>();
        view.result().ifPresent(result -> facts.addAll(facts(result)));
        view.result()
                .filter(result -> result.ending() == DrillResult.Ending.OVER)
                .map(DrillResult::returnNanos)
                .ifPresent(nanos ->
                        facts.add(EventWords.fact(Measure.RETURN_MICROS, nanos / NANOS_PER_MICRO)));
        for (Measure measure : Measure.values()) {
            Optional.ofNullable(view.figures().get(measure))
                    .ifPresent(value -> facts.add(EventWords.fact(measure, value)));
        }
        return new MeshPageView.Drill(
                "Link to controller %d, %d s".formatted(view.peer(), view.seconds()),
                Moment.of(view.started(), now),
                state(view),
                facts);
    }

    private static Pill state(DrillAdmin.View view) {
        if (view.result().isEmpty()) {
            return Pill.wait("until the link is back");
        }
        DrillResult result = view.result().get();
        return switch (result.ending()) {
            case OVER -> result.outageNanos() < 0 ? Pill.plain("not measured") : Pill.good("over");
            case NOT_BACK -> Pill.bad("the link is not back");
            case NOT_CARRIED_OUT -> Pill.plain("not carried out");
        };
    }

    private static List<Fact> facts(DrillResult result) {
        if (result.outageNanos() < 0) {
            return List.of(new Fact("Not measured", result.obstacle()));
        }
        return List.of(
                EventWords.fact(Measure.OUTAGE_MICROS, result.outageNanos() / NANOS_PER_MICRO),
                new Fact("Echo requests lost", result.lost() + " of " + result.sent()));
    }
}
