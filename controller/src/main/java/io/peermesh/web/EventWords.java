package io.peermesh.web;

import io.peermesh.admin.EventDetail.Measure;
import io.peermesh.admin.EventKind;
import io.peermesh.admin.EventView;
import io.peermesh.web.view.HistoryPageView.Row;
import io.peermesh.web.view.MeshPageView.Fact;
import io.peermesh.web.view.Moment;
import io.peermesh.web.view.Numbers;
import io.peermesh.web.view.Pill;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** What events say, as people read it. */
final class EventWords {
    private static final long NANOS_PER_MICRO = 1000;
    private static final double PPM = 1e6;

    private EventWords() {}

    /** A kind as a word of a page. */
    static String label(EventKind kind) {
        String words = kind.label().replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1).toLowerCase(Locale.ROOT);
    }

    /** Good news or bad. */
    static Pill pill(EventKind kind) {
        String label = label(kind);
        return switch (kind) {
            case PEER_UP,
                    CLIENTPACK_UP,
                    DRAINED,
                    KEYSET_GENERATED,
                    KEYSET_FETCHED,
                    CONTROLLER_JOINED,
                    MESH_JOINED ->
                    Pill.good(label);
            case PEER_DOWN,
                    PEER_REFUSED,
                    CLIENT_UNREACHABLE,
                    PACK_ON_TWO_MACHINES,
                    KEYSET_FAILED,
                    KEYSET_REFUSED,
                    JOIN_FAILED,
                    JOIN_REFUSED,
                    MEMBER_CONFLICT ->
                    Pill.bad(label);
            case CLIENT_MOVED,
                    CLIENT_CLOCK_BACK,
                    CLOCKS_DIFFER,
                    DRAIN_CHANGED,
                    DRILL,
                    LOGIN_THROTTLED ->
                    Pill.wait(label);
            default -> Pill.plain(label);
        };
    }

    /** An event as a row of a list. */
    static Row row(EventView event, Instant now) {
        return new Row(
                Moment.of(event.at(), now),
                pill(event.kind()),
                event.text(),
                event.detail().cause().replace('_', ' '),
                event.detail().measures().entrySet().stream()
                        .filter(each -> each.getValue() > 0)
                        .sorted(Map.Entry.comparingByKey())
                        .map(each -> fact(each.getKey(), each.getValue()))
                        .toList());
    }

    /** A figure with its unit. */
    static Fact fact(Measure measure, long value) {
        return switch (measure) {
            case SILENT_MICROS -> time("Silent for", value);
            case DETECT_MICROS -> time("Detected in", value);
            case MOVE_MICROS -> time("Moved in", value);
            case HOLD_DOWN_MICROS -> time("Held down for", value);
            case RTT_MICROS -> time("RTT", value);
            case OUTAGE_MICROS -> time("Outage", value);
            case RETURN_MICROS -> time("Link back after", value);
            case LOSS_PPM -> new Fact("Loss", Numbers.percent(value / PPM));
            case LOST_PACKETS_AT_MOST -> new Fact("Packets lost at most", Numbers.count(value));
            case FROM_CONTROLLER -> new Fact("From controller", Long.toString(value));
            case TO_CONTROLLER -> new Fact("To controller", Long.toString(value));
        };
    }

    private static Fact time(String name, long micros) {
        return new Fact(name, Numbers.duration(micros * NANOS_PER_MICRO));
    }
}
