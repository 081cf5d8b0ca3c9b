package io.peermesh.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.LinkTimeline.Span;
import io.peermesh.admin.LinkTimeline.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a link was up. */
class LinkTimelineTest {
    private static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant END = at(3600);

    private static Instant at(long seconds) {
        return BEGIN.plusSeconds(seconds);
    }

    private static EventView event(long id, long seconds, EventKind kind) {
        return new EventView(id, at(seconds), kind, "controller 2", "", EventDetail.NONE);
    }

    private static LinkTimeline timeline(List<EventView> ups, EventView... started) {
        return LinkTimeline.of(ups, List.of(started), BEGIN, END);
    }

    @Test
    void withoutEventsNothingIsKnown() {
        assertThat(timeline(List.of()).spans())
                .containsExactly(new Span(BEGIN, END, State.UNKNOWN));
    }

    @Test
    void whatWasBeforeTheBeginTellsHowItBegan() {
        LinkTimeline timeline =
                timeline(
                        List.of(
                                event(3, 1060, EventKind.PEER_UP),
                                event(2, 1000, EventKind.PEER_DOWN),
                                event(1, -500, EventKind.PEER_UP)));

        assertThat(timeline.spans())
                .containsExactly(
                        new Span(BEGIN, at(1000), State.UP),
                        new Span(at(1000), at(1060), State.DOWN),
                        new Span(at(1060), END, State.UP));
        assertThat(timeline.falls()).isEqualTo(1);
        assertThat(timeline.total(State.DOWN)).isEqualTo(Duration.ofSeconds(60));
        assertThat(timeline.total(State.UP)).isEqualTo(Duration.ofMinutes(59));
    }

    @Test
    void aLinkIsDownFromAStartOfTheControllerOn() {
        LinkTimeline timeline =
                timeline(
                        List.of(event(3, 110, EventKind.PEER_UP), event(1, 10, EventKind.PEER_UP)),
                        event(2, 100, EventKind.CONTROLLER_STARTED));

        assertThat(timeline.spans())
                .containsExactly(
                        new Span(BEGIN, at(10), State.UNKNOWN),
                        new Span(at(10), at(100), State.UP),
                        new Span(at(100), at(110), State.DOWN),
                        new Span(at(110), END, State.UP));
        assertThat(timeline.starts()).containsExactly(at(100));
        assertThat(timeline.falls()).isZero();
    }

    @Test
    void aClientIsHereFromItsComingOrItsMoveUntilItGoes() {
        LinkTimeline timeline =
                timeline(
                        List.of(
                                event(1, 0, EventKind.CLIENTPACK_UP),
                                event(2, 600, EventKind.CLIENTPACK_DOWN),
                                event(3, 900, EventKind.CLIENT_MOVED)));

        assertThat(timeline.spans())
                .containsExactly(
                        new Span(BEGIN, at(600), State.UP),
                        new Span(at(600), at(900), State.DOWN),
                        new Span(at(900), END, State.UP));
        assertThat(timeline.falls()).isEqualTo(1);
    }

    @Test
    void eventsAfterTheEndDoNotCount() {
        LinkTimeline timeline =
                timeline(
                        List.of(
                                event(1, 0, EventKind.PEER_UP),
                                event(2, 3600, EventKind.PEER_DOWN)));

        assertThat(timeline.spans()).containsExactly(new Span(BEGIN, END, State.UP));
        assertThat(timeline.falls()).isZero();
    }
}
