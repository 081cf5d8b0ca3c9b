package io.peermesh.web;

import io.peermesh.admin.AuditLog;
import io.peermesh.admin.EventDetail;
import io.peermesh.admin.EventKind;
import io.peermesh.admin.EventLog;
import io.peermesh.admin.EventQuery;
import io.peermesh.admin.EventView;
import io.peermesh.admin.Role;
import io.peermesh.http.server.Answer;
import io.peermesh.ip.IpAddress;
import io.peermesh.web.view.Moment;
import io.peermesh.web.view.Numbers;
import io.peermesh.web.view.RecordView;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** What happened, and who changed what: <i>Event history</i> and <i>Audit trail</i>. */
final class RecordsPage {
    private static final int ROWS = 100;

    private final EventLog events;
    private final AuditLog audit;
    private final InstantSource clock;
    private final Frame frame;

    RecordsPage(EventLog events, AuditLog audit, InstantSource clock, Frame frame) {
        this.events = events;
        this.audit = audit;
        this.clock = clock;
        this.frame = frame;
    }

    void addTo(Door door) {
        door.get("/overlay/events", Role.READ_ONLY, this::events)
                .get("/system/audit", Role.READ_ONLY, this::audit);
    }

    private Answer events(Visit visit) {
        List<EventKind> kinds =
                Arrays.stream(EventKind.values())
                        .filter(kind -> kind.label().equals(visit.field("kind")))
                        .toList();
        Optional<IpAddress> client = IpAddress.parse(visit.field("about").replace('_', '.'));
        OptionalInt peer =
                visit.field("about").matches("[0-9]{1,2}")
                        ? OptionalInt.of(Integer.parseInt(visit.field("about")))
                        : OptionalInt.empty();
        long before = number(visit.field("before")).orElse(Long.MAX_VALUE);
        List<EventView> found =
                events.find(
                        new EventQuery(
                                Optional.empty(),
                                before,
                                Optional.empty(),
                                kinds,
                                peer,
                                client,
                                ROWS));
        var parameters = new HashMap<String, Object>();
        parameters.put("records", found.stream().map(this::record).toList());
        parameters.put("kinds", Arrays.stream(EventKind.values()).map(EventKind::label).toList());
        parameters.put("values", new Values(visit));
        parameters.put(
                "older",
                found.size() < ROWS
                        ? ""
                        : "/overlay/events?kind="
                                + kinds.stream().map(EventKind::label).findFirst().orElse("")
                                + "&about="
                                + client.map(Object::toString)
                                        .orElse(peer.isPresent() ? "" + peer.getAsInt() : "")
                                + "&before="
                                + found.getLast().id());
        return frame.page(visit, "Event history", "events", parameters);
    }

    private static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    private RecordView record(EventView event) {
        return new RecordView(
                Moment.of(event.at(), clock.instant()),
                event.kind().label(),
                event.text(),
                event.detail().cause(),
                figures(event.detail()));
    }

    private static String figures(EventDetail detail) {
        return detail.measures().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(RecordsPage::figure)
                .collect(Collectors.joining(" · "));
    }

    private static String figure(Map.Entry<EventDetail.Measure, Long> measure) {
        String name = measure.getKey().label();
        long value = measure.getValue();
        if (name.endsWith("_micros")) {
            return words(name.substring(0, name.length() - 7)) + " " + Numbers.millis(value * 1000);
        }
        return name.endsWith("_ppm")
                ? words(name.substring(0, name.length() - 4)) + " " + Numbers.percent(value / 1e6)
                : words(name) + " " + value;
    }

    private static String words(String name) {
        return name.replace('_', ' ');
    }

    private Answer audit(Visit visit) {
        return frame.page(
                visit,
                "Audit trail",
                "audit",
                Map.of(
                        "records",
                        audit.recent(500).stream()
                                .map(entry ->
                                        new RecordView(
                                                Moment.of(entry.at(), clock.instant()),
                                                entry.action(),
                                                entry.target(),
                                                entry.actor(),
                                                entry.source()))
                                .toList()));
    }
}
