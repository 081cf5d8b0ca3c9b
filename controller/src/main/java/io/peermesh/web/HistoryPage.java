package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.EventKind;
import io.peermesh.admin.EventQuery;
import io.peermesh.admin.EventView;
import io.peermesh.admin.MeshHistory.Sample;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PeeringView;
import io.peermesh.admin.Role;
import io.peermesh.http.server.Answer;
import io.peermesh.ip.IpAddress;
import io.peermesh.web.view.Choice;
import io.peermesh.web.view.HistoryPageView;
import io.peermesh.web.view.HistoryPageView.Link;
import io.peermesh.web.view.HistoryPageView.Row;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * <i>Link and event history</i>: when each link was up and how good it was, when clients were here,
 * and every event with cause and figures.
 */
final class HistoryPage {
    /** Events of one page. */
    static final int ROWS = 25;

    /** Clients that have a bar; of others one asks by their addresses. */
    static final int CLIENT_BARS = 8;

    private static final String PATH = "/overlay/events";

    /** Kinds that are looked at together. */
    private static final Map<String, List<EventKind>> GROUPS =
            Map.of(
                    "links",
                    List.of(
                            EventKind.PEER_UP,
                            EventKind.PEER_DOWN,
                            EventKind.PEER_REFUSED,
                            EventKind.CLOCKS_DIFFER,
                            EventKind.DRILL),
                    "clients",
                    List.of(
                            EventKind.CLIENTPACK_UP,
                            EventKind.CLIENTPACK_DOWN,
                            EventKind.CLIENT_MOVED,
                            EventKind.CLIENT_UNREACHABLE,
                            EventKind.PACK_ON_TWO_MACHINES,
                            EventKind.CLIENT_CLOCK_BACK));

    private final Administration administration;
    private final InstantSource clock;
    private final Frame frame;
    private final LiveStreams live;

    HistoryPage(Administration administration, InstantSource clock, Frame frame, LiveStreams live) {
        this.administration = administration;
        this.clock = clock;
        this.frame = frame;
        this.live = live;
    }

    /** What was asked for. */
    private record Wanted(Reach reach, String kind, String about, long before) {
        static Wanted of(Visit visit) {
            String before = visit.field("before");
            return new Wanted(
                    Reach.of(visit.field("span")),
                    visit.field("kind"),
                    visit.field("about"),
                    before.matches("[0-9]{1,18}") ? Long.parseLong(before) : Long.MAX_VALUE);
        }

        OptionalInt peer() {
            return about.matches("[0-9]{1,2}")
                    ? OptionalInt.of(Integer.parseInt(about))
                    : OptionalInt.empty();
        }

        Optional<IpAddress> client() {
            return IpAddress.parse(about.replace('_', '.'));
        }

        boolean isUnderstood() {
            return about.isEmpty() || peer().isPresent() || client().isPresent();
        }

        List<EventKind> kinds() {
            return GROUPS.getOrDefault(
                    kind,
                    Arrays.stream(EventKind.values())
                            .filter(each -> each.label().equals(kind))
                            .toList());
        }

        boolean isNewest() {
            return before == Long.MAX_VALUE;
        }

        String query() {
            return "?span=" + reach.word() + "&kind=" + encoded(kind) + "&about=" + encoded(about);
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }

    void addTo(Door door) {
        door.get(PATH, Role.READ_ONLY, this::show)
                .get("/live/events", Role.READ_ONLY, this::stream);
    }

    private Answer show(Visit visit) {
        Wanted wanted = Wanted.of(visit);
        List<EventView> found = find(wanted);
        var shell = frame.shell(visit, "Link and event history");
        return frame.page(
                visit,
                200,
                wanted.isNewest() ? shell.live("/live/events" + wanted.query()) : shell,
                "history",
                Map.of("view", view(wanted, found), "rows", rows(found)));
    }

    private Answer stream(Visit visit) {
        Wanted wanted = Wanted.of(visit);
        return live.stream(
                visit, () -> frame.part("part/events", Map.of("rows", rows(find(wanted)))));
    }

    private List<EventView> find(Wanted wanted) {
        if (!wanted.isUnderstood()) {
            return List.of();
        }
        return administration
                .events()
                .find(
                        new EventQuery(
                                Optional.empty(),
                                wanted.before(),
                                Optional.of(clock.instant().minus(wanted.reach().length())),
                                wanted.kinds(),
                                wanted.peer(),
                                wanted.client(),
                                ROWS));
    }

    private HistoryPageView view(Wanted wanted, List<EventView> found) {
        Instant end = clock.instant();
        Instant begin = wanted.reach().begin(end);
        List<IpAddress> clients =
                wanted.client()
                        .map(List::of)
                        .orElseGet(() -> administration.linkHistory().clientsSince(begin));
        var bars = new TimeBars(begin, end);
        return new HistoryPageView(
                links(wanted, begin, end),
                clients.stream()
                        .limit(CLIENT_BARS)
                        .map(client ->
                                bars.client(
                                        client.toString(),
                                        administration.linkHistory().timeline(client, begin, end)))
                        .toList(),
                Math.max(0, clients.size() - CLIENT_BARS),
                wanted.reach().choices(),
                kinds(wanted.kind()),
                wanted.about(),
                wanted.isUnderstood()
                        ? ""
                        : "Neither a controller id (1 to 10) nor a client's overlay address",
                found.size() < ROWS
                        ? ""
                        : PATH + wanted.query() + "&before=" + found.getLast().id(),
                wanted.isNewest());
    }

    private static List<Choice> kinds(String chosen) {
        var kinds = new ArrayList<Choice>();
        kinds.add(new Choice("", "Everything", chosen.isEmpty()));
        kinds.add(new Choice("links", "Links", chosen.equals("links")));
        kinds.add(new Choice("clients", "Clients", chosen.equals("clients")));
        for (EventKind kind : EventKind.values()) {
            kinds.add(
                    new Choice(
                            kind.label(),
                            "– " + EventWords.label(kind),
                            chosen.equals(kind.label())));
        }
        return kinds;
    }

    private List<Link> links(Wanted wanted, Instant begin, Instant end) {
        return administration.peering().view()
                        instanceof Outcome.Done<PeeringView>(PeeringView table)
                ? table.rows().stream()
                        .filter(PeeringView.Peer.class::isInstance)
                        .map(PeeringView.Row::id)
                        .filter(id -> wanted.peer().isEmpty() || wanted.peer().getAsInt() == id)
                        .map(id -> link(id, begin, end))
                        .toList()
                : List.of();
    }

    private Link link(int peer, Instant begin, Instant end) {
        var charts = new LinkCharts(begin, end);
        List<Sample> samples =
                administration.meshHistory().samples(peer, begin, end, charts.step());
        return new Link(
                new TimeBars(begin, end)
                        .link(
                                "Controller " + peer,
                                administration.linkHistory().timeline(peer, begin, end)),
                charts.rtt(samples),
                charts.loss(samples));
    }

    private List<Row> rows(List<EventView> found) {
        Instant now = clock.instant();
        return found.stream().map(event -> EventWords.row(event, now)).toList();
    }
}
