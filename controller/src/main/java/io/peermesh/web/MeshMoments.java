package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.EventKind;
import io.peermesh.admin.EventQuery;
import io.peermesh.admin.MeshHistory;
import io.peermesh.admin.MeshMap;
import io.peermesh.web.MeshPageViews.Ends;
import io.peermesh.web.view.HistoryPageView;
import io.peermesh.web.view.MeshPastView;
import io.peermesh.web.view.MeshTimeView;
import io.peermesh.web.view.Moment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The mesh at past moments, and the slider that leads there. */
final class MeshMoments {
    /** What had happened before the moment: so many events. */
    private static final int EVENTS = 8;

    private static final EventKind[] KINDS = {
        EventKind.PEER_UP,
        EventKind.PEER_DOWN,
        EventKind.PEER_REFUSED,
        EventKind.CLIENT_MOVED,
        EventKind.DRAIN_CHANGED,
        EventKind.DRILL,
        EventKind.CONTROLLER_STARTED
    };

    private final Administration administration;
    private final InstantSource clock;

    MeshMoments(Administration administration, InstantSource clock) {
        this.administration = administration;
        this.clock = clock;
    }

    /** The moment that was asked for, in seconds since 1970; empty for now. */
    Optional<Instant> wanted(Visit visit) {
        String text = visit.field("at");
        long now = clock.instant().getEpochSecond();
        return text.matches("[0-9]{1,11}")
                ? Optional.of(Long.parseLong(text))
                        .filter(second -> second < now)
                        .map(Instant::ofEpochSecond)
                : Optional.empty();
    }

    /** The slider, standing at a moment; empty for now. */
    MeshTimeView slider(Visit visit, Ends ends, Optional<Instant> at) {
        Instant now = clock.instant();
        Duration back = at.map(moment -> Duration.between(moment, now)).orElse(Duration.ZERO);
        Reach reach = Reach.of(visit.field("span")).upTo(back);
        Instant begin = reach.begin(now);
        MeshHistory history = administration.meshHistory();
        Instant shown =
                at.filter(moment -> moment.isAfter(begin)).orElse(at.isEmpty() ? now : begin);
        return new MeshTimeView(
                begin.getEpochSecond(),
                now.getEpochSecond(),
                shown.getEpochSecond(),
                new TimeBars(begin, now).mesh(history.stretches(begin, now)),
                reach.choices(),
                reach.word(),
                ends.from(),
                ends.to(),
                history.changeBefore(shown.plusMillis(1)).map(MeshMoments::secondBefore),
                at.flatMap(history::changeAfter).map(MeshMoments::secondAfter));
    }

    /** The last whole second that did not have this change yet. */
    private static long secondBefore(Instant change) {
        return change.minusMillis(1).getEpochSecond();
    }

    /** The first whole second that has this change. */
    private static long secondAfter(Instant change) {
        return change.plusMillis(999).getEpochSecond();
    }

    /** How the mesh looked, and what had happened. */
    MeshPastView past(Instant at, Ends wanted) {
        Instant now = clock.instant();
        return new MeshPastView(
                Moment.of(at, now),
                administration.meshHistory().at(at).map(past -> mesh(past, wanted, now)),
                events(at, now));
    }

    private static MeshPastView.Mesh mesh(MeshHistory.Past past, Ends wanted, Instant now) {
        MeshMap map = past.map();
        Ends ends = Ends.of(map, wanted);
        Optional<MeshMap.Way> way = ends.way(map);
        List<Integer> ids = MeshPageViews.ids(map);
        return new MeshPastView.Mesh(
                Moment.of(past.since(), now),
                MeshDrawing.draw(map, Map.of(), way),
                ids,
                MeshPageViews.way(ends.from(), ends.to(), way),
                ids.stream().map(String::valueOf).toList(),
                MeshPageViews.matrix(map, Map.of()));
    }

    private List<HistoryPageView.Row> events(Instant at, Instant now) {
        EventQuery query = EventQuery.newest(EVENTS).of(KINDS);
        return administration.events().findAt(query, at).stream()
                .map(event -> EventWords.row(event, now))
                .toList();
    }
}
