package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.replication.SharedEntry;
import io.peermesh.replication.SharedMap;
import io.peermesh.routing.LinkStateDatabase;
import io.peermesh.wire.Payload;
import io.peermesh.wire.Payload.Advertisement;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Payload.Ownerships;
import io.peermesh.wire.Payload.SharedField;
import io.peermesh.wire.Payload.SharedFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Merges what peers tell into the databases, and sees to it that the others hear of what was news:
 * newer content goes to every other peer, equal content need not be told back, and of older content
 * the teller hears from its own backlog.
 */
final class Exchange {
    /** That clocks differ is reported no more often, for each peer. */
    static final long CLOCK_NEWS_NANOS = 3_600_000_000_000L;

    private final Databases databases;
    private final Flood flood;
    private final Clients clients;
    private final Runnable topologyChanged;
    private final MeshClock clock;
    private final Effects effects;
    private final List<SharedEntry> sharedNews = new ArrayList<>();
    private final Map<Integer, Long> clockToldNanos = new HashMap<>();

    Exchange(
            Databases databases,
            Flood flood,
            Clients clients,
            Runnable topologyChanged,
            MeshClock clock,
            Effects effects) {
        this.clock = clock;
        this.effects = effects;
        this.databases = databases;
        this.flood = flood;
        this.clients = clients;
        this.topologyChanged = topologyChanged;
    }

    /** Takes in what the stream of a link brought. */
    void onPayload(PeerLink from, Payload payload, long nowNanos) {
        switch (payload) {
            case Advertisement advertisement -> onAdvertisement(from, advertisement, nowNanos);
            case Ownerships ownerships ->
                    ownerships.records().forEach(record -> onOwnership(from, record, nowNanos));
            case SharedFields fields ->
                    fields.fields().forEach(field -> onField(from, field, nowNanos));
            case Payload.Clock(long epochNanos) -> onClock(from, epochNanos, nowNanos);
            case Payload.Unknown _ -> {}
        }
    }

    private void onAdvertisement(PeerLink from, Advertisement heard, long nowNanos) {
        LinkStateDatabase.Key key = LinkStateDatabase.Key.of(heard);
        switch (databases.linkState().merge(heard, believed(nowNanos))) {
            case NEWER -> {
                from.backlog.remove(key);
                flood.advertisement(key, from.peerId);
                topologyChanged.run();
            }
            case SAME -> from.backlog.remove(key);
            case OLDER -> {} // the newer is told or under way
            case OVERTAKEN -> {
                flood.advertisement(key, Flood.TO_ALL);
                topologyChanged.run();
            }
            case ABSURD -> from.tooNew.add(key, heard.sequence(), heard);
        }
    }

    /** Sequences and counters, like epochs, are behind the wall clock, by about a million. */
    private long believed(long nowNanos) {
        return clock.limits(nowNanos).epochMillis();
    }

    private void onOwnership(PeerLink from, Ownership heard, long nowNanos) {
        OwnershipTable table = databases.ownership();
        Optional<Ownership> before = table.find(heard.client());
        long absurdBefore = table.absurd();
        switch (table.merge(heard, clock.limits(nowNanos))) {
            case NEWER -> {
                from.backlog.removeClient(heard.client());
                flood.client(heard.client(), from.peerId);
            }
            case MIXED -> flood.client(heard.client(), Flood.TO_ALL);
            case SAME -> from.backlog.removeClient(heard.client());
            case OLDER -> from.backlog.addClient(heard.client());
            case ABSURD ->
                    from.tooNew.add(heard.client(), heard.epoch(), new Ownerships(List.of(heard)));
            case REFUSED -> {}
        }
        if (table.absurd() > absurdBefore) {
            onClocksDiffer(from.peerId, aheadNanos(heard, nowNanos), nowNanos);
        }
        Optional<Ownership> after = table.find(heard.client());
        if (after.isPresent() && !after.equals(before)) {
            boolean moved = before.isEmpty() || !isSame(before.get(), after.get());
            if (moved) {
                clients.onRecord(after.get(), before, nowNanos);
            } else {
                clients.onCalledByOther(after.get(), nowNanos);
            }
        }
    }

    /** Whether the records differ at most in what was sent. */
    private static boolean isSame(Ownership one, Ownership other) {
        return one.withGatewayTimestamp(other.gatewayTimestamp()).equals(other);
    }

    private long aheadNanos(Ownership heard, long nowNanos) {
        long millis = heard.epoch() - clock.epochMillis(nowNanos);
        return Math.min(millis, Long.MAX_VALUE / 1_000_000L) * 1_000_000L;
    }

    private void onClock(PeerLink from, long epochNanos, long nowNanos) {
        clock.onHeard(from.peerId, epochNanos, nowNanos)
                .ifPresent(ahead -> onClocksDiffer(from.peerId, ahead, nowNanos));
        from.tooNew.take(believed(nowNanos)).forEach(payload -> onPayload(from, payload, nowNanos));
    }

    private void onClocksDiffer(int peerId, long aheadNanos, long nowNanos) {
        Long told = clockToldNanos.get(peerId);
        if (told == null || nowNanos - told >= CLOCK_NEWS_NANOS) {
            clockToldNanos.put(peerId, nowNanos);
            effects.report(new Report.ClocksDiffer(peerId, aheadNanos));
        }
    }

    private void onField(PeerLink from, SharedField field, long nowNanos) {
        SharedEntry heard = SharedMap.fromField(field);
        if (heard.counter() > believed(nowNanos)) {
            databases.shared().refuse();
            from.tooNew.add(heard.key(), heard.counter(), new SharedFields(List.of(field)));
            return;
        }
        switch (databases.shared().merge(heard)) {
            case NEWER -> {
                from.backlog.removeField(heard.key());
                flood.field(heard.key(), from.peerId);
                sharedNews.add(heard);
            }
            case SAME -> from.backlog.removeField(heard.key());
            case OLDER, REFUSED -> {}
        }
    }

    /** Merges what the store holds. */
    void onStored(List<SharedEntry> stored) {
        for (SharedEntry entry : stored) {
            if (databases.shared().merge(entry) == SharedMap.Merge.NEWER) {
                flood.field(entry.key(), Flood.TO_ALL);
            }
        }
    }

    /** Newer entries that came from peers since the last call. */
    List<SharedEntry> takeSharedNews() {
        List<SharedEntry> news = List.copyOf(sharedNews);
        sharedNews.clear();
        return news;
    }
}
