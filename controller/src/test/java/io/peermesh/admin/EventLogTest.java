package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.EventDetail.Measure;
import io.peermesh.ip.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    private static final IpAddress CLIENT = IpAddress.literal("10.199.0.1");

    @TempDir Path directory;
    private TestController controller;
    private EventLog log;

    @BeforeEach
    void start() {
        controller = new TestController(directory);
        log = controller.admin.events();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    private static EventQuery query(EventKind... kinds) {
        return new EventQuery(
                Optional.empty(),
                Long.MAX_VALUE,
                Optional.empty(),
                List.of(kinds),
                OptionalInt.empty(),
                Optional.empty(),
                100);
    }

    private static EventQuery after(long id) {
        return new EventQuery(
                Optional.of(id),
                Long.MAX_VALUE,
                Optional.empty(),
                List.of(),
                OptionalInt.empty(),
                Optional.empty(),
                100);
    }

    private long newest() {
        return log.find(EventQuery.newest(1)).getFirst().id();
    }

    @Test
    void keepsFiguresAcrossARestart() {
        EventDetail detail =
                EventDetail.ofPeer(3, "silence")
                        .withNanos(Measure.DETECT_MICROS, 150_400_000)
                        .withNanos(Measure.MOVE_MICROS, -1)
                        .with(Measure.LOST_PACKETS_AT_MOST, 7);
        log.record(EventKind.PEER_DOWN, "controller 3", "down", detail);

        controller.restart();

        EventView found = controller.admin.events().find(query(EventKind.PEER_DOWN)).getFirst();
        assertThat(found.detail()).isEqualTo(detail);
        assertThat(found.detail().measures())
                .isEqualTo(
                        Map.of(Measure.DETECT_MICROS, 150_400L, Measure.LOST_PACKETS_AT_MOST, 7L));
    }

    @Test
    void findsByEachConditionAndAllTogether() {
        log.record(EventKind.PEER_UP, "controller 2", "a", EventDetail.ofPeer(2, ""));
        controller.now = controller.now.plusSeconds(10);
        Instant later = controller.now;
        log.record(EventKind.PEER_DOWN, "controller 2", "b", EventDetail.ofPeer(2, "silence"));
        log.record(EventKind.PEER_DOWN, "controller 3", "c", EventDetail.ofPeer(3, "goodbye"));
        log.record(EventKind.CLIENTPACK_UP, "10_199_0_1", "d", EventDetail.ofClient(CLIENT, ""));

        assertThat(texts(query(EventKind.PEER_UP))).containsExactly("a");
        assertThat(texts(query(EventKind.PEER_UP, EventKind.PEER_DOWN)))
                .containsExactly("c", "b", "a");
        assertThat(texts(query().of(2, EventKind.PEER_DOWN))).containsExactly("b");
        EventQuery since =
                new EventQuery(
                        Optional.empty(),
                        Long.MAX_VALUE,
                        Optional.of(later),
                        List.of(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        100);
        assertThat(texts(since)).containsExactly("d", "c", "b");
        EventQuery client =
                new EventQuery(
                        Optional.empty(),
                        Long.MAX_VALUE,
                        Optional.of(later),
                        List.of(EventKind.CLIENTPACK_UP, EventKind.PEER_DOWN),
                        OptionalInt.empty(),
                        Optional.of(CLIENT),
                        100);
        assertThat(texts(client)).containsExactly("d");
        assertThat(texts(after(newest() - 2))).containsExactly("c", "d");
    }

    private List<String> texts(EventQuery query) {
        return log.find(query).stream().map(EventView::text).toList();
    }

    @Test
    void forgetsOldEventsAndCountsThem() {
        log.record(EventKind.PEER_UP, "controller 2", "old");
        controller.now = controller.now.plus(EventLog.MAX_AGE).plusSeconds(1);

        log.record(EventKind.PEER_UP, "controller 2", "new");

        assertThat(texts(query())).containsExactly("new");
        assertThat(log.pruned()).isEqualTo(2);
    }

    @Test
    void keepsAtMostSoMany() {
        controller.holdBack = true;
        for (int round = 0; round * EventLog.MAX_WAITING <= EventLog.MAX_EVENTS; round++) {
            for (int i = 0; i < EventLog.MAX_WAITING; i++) {
                log.record(EventKind.PEER_UP, "controller 2", "x");
            }
            newest(); // reading writes what waits
        }

        long newest = newest();
        List<EventView> oldest = log.find(after(0));

        assertThat(oldest.getFirst().id()).isEqualTo(newest - EventLog.MAX_EVENTS + 1);
        assertThat(log.pruned()).isEqualTo(newest - EventLog.MAX_EVENTS);
        assertThat(log.lost()).isZero();
    }

    @Test
    void wakesAFollowerWhenSomethingHappens() throws Exception {
        long seen = newest();
        var follower =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return log.awaitNewer(seen, Duration.ofSeconds(60));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });

        log.record(EventKind.PEER_UP, "controller 2", "news");

        assertThat(follower.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(texts(after(seen))).containsExactly("news");
        assertThat(log.awaitNewer(newest(), Duration.ofMillis(1))).isFalse();
    }

    @Test
    void tellsTheHistoryOfALinkByAnyNameOfThePeer() {
        controller.ready();
        done(controller.admin.peering().putPeer(ACTOR, 2, "c2.example", OptionalInt.empty()));
        log.record(EventKind.PEER_UP, "controller 2", "a", EventDetail.ofPeer(2, ""));
        log.record(EventKind.PEER_DOWN, "controller 2", "b", EventDetail.ofPeer(2, "silence"));
        log.record(EventKind.PEER_UP, "controller 3", "c", EventDetail.ofPeer(3, ""));
        LinkHistory history = controller.admin.linkHistory();

        for (String remote : List.of("c2.example", "10.199.0.252", "2", " 2 ")) {
            assertThat(done(history.of(remote)))
                    .as(remote)
                    .extracting(EventView::text)
                    .containsExactly("b", "a");
        }
        assertThat(done(history.of("192.0.2.1"))).isEmpty();
        assertThat(refused(history.of("nobody")).message()).isEqualTo("bad or invalid remote");
    }
}
