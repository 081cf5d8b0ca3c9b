package io.peermesh.web;

import io.peermesh.admin.MeshMap;
import io.peermesh.admin.MeshMap.Edge;
import io.peermesh.admin.MeshMap.Member;
import io.peermesh.web.view.MeshPicture;
import io.peermesh.web.view.MeshPicture.Label;
import io.peermesh.web.view.MeshPicture.Line;
import io.peermesh.web.view.MeshPicture.Spot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Draws the mesh: controllers on a circle, this one on top, so that its links, which have labels,
 * fan out below it. Made by the server, since a drawing of ten controllers needs no library.
 */
final class MeshDrawing {
    private static final double CENTER_X = MeshPicture.WIDTH / 2.0;
    private static final double RADIUS = 138;
    private static final double SPOT_RADIUS = 22;
    private static final double MARGIN = 28;
    private static final double LINE_HEIGHT = 13;

    /** With more controllers than these, links are labeled with the round-trip time alone. */
    private static final int ROOMY = 5;

    /** Where on a link its label stands, from this controller's end. */
    private static final double LABEL_AT = 0.56;

    private final MeshMap map;
    private final Map<Integer, LinkRates.Rate> rates;
    private final Map<Integer, Point> points = new HashMap<>();
    private final double height;

    private record Point(double x, double y) {
        Point towards(Point other, double part) {
            return new Point(x + (other.x - x) * part, y + (other.y - y) * part);
        }
    }

    private MeshDrawing(MeshMap map, Map<Integer, LinkRates.Rate> rates) {
        this.map = map;
        this.rates = rates;
        List<Integer> order = new ArrayList<>(map.members().stream().map(Member::id).toList());
        while (order.getFirst() != map.selfId()) {
            order.add(order.removeFirst());
        }
        double radius = order.size() == 1 ? 0 : RADIUS;
        double top = MARGIN + SPOT_RADIUS;
        for (int at = 0; at < order.size(); at++) {
            double angle = 2 * Math.PI * at / order.size();
            points.put(
                    order.get(at),
                    new Point(
                            CENTER_X + radius * Math.sin(angle),
                            top + radius - radius * Math.cos(angle)));
        }
        double lowest = points.values().stream().mapToDouble(Point::y).max().orElse(top);
        this.height = lowest + SPOT_RADIUS + MARGIN;
    }

    /** The drawing; {@code way} is stressed. */
    static MeshPicture draw(
            MeshMap map, Map<Integer, LinkRates.Rate> rates, Optional<MeshMap.Way> way) {
        var drawing = new MeshDrawing(map, rates);
        return new MeshPicture(
                number(drawing.height),
                drawing.description(),
                way.stream()
                        .flatMap(each -> each.steps().stream())
                        .sorted(
                                Comparator.comparingInt(MeshMap.Step::from)
                                        .thenComparingInt(MeshMap.Step::to))
                        .map(drawing::step)
                        .toList(),
                map.edges().stream().map(drawing::line).toList(),
                map.members().stream().map(drawing::spot).toList());
    }

    private String description() {
        long up = map.edges().stream().filter(e -> e.state() == MeshMap.LinkState.UP).count();
        return map.members().size()
                + " controllers, "
                + up
                + " of "
                + map.edges().size()
                + " links are up. The table below has the same in words.";
    }

    private Line step(MeshMap.Step step) {
        return between(step.from(), step.to(), "way", "", List.of());
    }

    private Line line(Edge edge) {
        String title =
                "Controller "
                        + edge.low()
                        + " – controller "
                        + edge.high()
                        + ": "
                        + MeshPageViews.pill(edge.state()).text()
                        + String.join("", figures(edge).stream().map(each -> ", " + each).toList());
        return between(
                edge.low(),
                edge.high(),
                MeshPageViews.pill(edge.state()).tone().style(),
                title,
                labels(edge));
    }

    /** From one circle's rim to the other's. */
    private Line between(int from, int to, String style, String title, List<Label> labels) {
        Point start = point(from);
        Point end = point(to);
        double part = SPOT_RADIUS / Math.hypot(end.x - start.x, end.y - start.y);
        Point one = start.towards(end, part);
        Point other = end.towards(start, part);
        return new Line(
                number(one.x),
                number(one.y),
                number(other.x),
                number(other.y),
                style,
                title,
                labels);
    }

    private List<String> figures(Edge edge) {
        return MeshPageViews.figures(edge, rates);
    }

    private List<Label> labels(Edge edge) {
        if (edge.low() != map.selfId() && edge.high() != map.selfId()) {
            return List.of();
        }
        List<String> texts = texts(edge);
        int peer = edge.low() == map.selfId() ? edge.high() : edge.low();
        Point middle = point(map.selfId()).towards(point(peer), LABEL_AT);
        double first = middle.y - (texts.size() - 1) * LINE_HEIGHT / 2 + LINE_HEIGHT / 3;
        var labels = new ArrayList<Label>();
        for (String text : texts) {
            labels.add(
                    new Label(
                            number(middle.x),
                            number(first + labels.size() * LINE_HEIGHT),
                            labels.isEmpty() ? "" : "more",
                            text));
        }
        return labels;
    }

    private List<String> texts(Edge edge) {
        List<String> figures = figures(edge);
        if (edge.state() != MeshMap.LinkState.UP || figures.isEmpty()) {
            return List.of(MeshPageViews.pill(edge.state()).text());
        }
        return map.members().size() > ROOMY ? figures.subList(0, 1) : lines(figures);
    }

    /** Round-trip time alone, as small screens show it; loss; both directions in a line. */
    private static List<String> lines(List<String> figures) {
        int own = Math.min(2, figures.size());
        var lines = new ArrayList<>(figures.subList(0, own));
        if (figures.size() > own) {
            lines.add(String.join("  ", figures.subList(own, figures.size())));
        }
        return lines;
    }

    private Spot spot(Member member) {
        Point at = point(member.id());
        boolean isSelf = member.id() == map.selfId();
        String state = MeshPageViews.pill(member).text();
        String clients = MeshPageViews.clients(member.clients());
        boolean above = isSelf && map.members().size() > 1;
        double labelY = above ? at.y - SPOT_RADIUS - 8 : at.y + SPOT_RADIUS + LINE_HEIGHT + 2;
        return new Spot(
                number(at.x),
                number(at.y),
                number(at.y + 6),
                MeshPageViews.pill(member).tone().style() + (isSelf ? " self" : ""),
                Integer.toString(member.id()),
                "Controller "
                        + member.id()
                        + (isSelf ? " (this one)" : "")
                        + ": "
                        + state
                        + ", "
                        + clients,
                new Label(number(at.x), number(labelY), "", member.reachable() ? clients : state));
    }

    private Point point(int id) {
        return points.getOrDefault(id, new Point(CENTER_X, MARGIN));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
