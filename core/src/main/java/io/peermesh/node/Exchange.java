package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.replication.SharedEntry;
import io.peermesh.replication.SharedMap;
import io.peermesh.routing.LinkStateDatabase;
import io.peermesh.wire.Payload;
import io.peermesh.wire.Payload.Advertisement;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Payload.SharedField;
import java.util.ArrayList;
import java.util.List;

/**
 * Merges what peers tell into the databases, and sees to it that the others hear of what was news:
 * newer content goes to every other peer, equal content need not be told back, and of older content
 * the teller hears from its own backlog.
 */
final class Exchange {
    private final Databases databases;
    private final Flood flood;
    private final Clients clients;
    private final Runnable topologyChanged;
    private final List<SharedEntry> sharedNews = new ArrayList<>();

    Exchange(Databases databases, Flood flood, Clients clients, Runnable topologyChanged) {
        this.databases = databases;
        this.flood = flood;
        this.clients = clients;
        this.topologyChanged = topologyChanged;
    }

    /** Takes in what the stream of a link brought. */
    void onPayload(PeerLink from, Payload payload, long nowNanos) {
        switch (payload) {
            case Advertisement advertisement -> onAdvertisement(from, advertisement);
            case Payload.Ownerships ownerships ->
                    ownerships.records().forEach(record -> onOwnership(from, record, nowNanos));
            case Payload.SharedFields fields ->
                    fields.fields().forEach(field -> onField(from, field));
            case Payload.Clock _, Payload.Unknown _ -> {}
        }
    }

    private void onAdvertisement(PeerLink from, Advertisement heard) {
        LinkStateDatabase.Key key = LinkStateDatabase.Key.of(heard);
        switch (databases.linkState().merge(heard)) {
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
        }
    }

    private void onOwnership(PeerLink from, Ownership heard, long nowNanos) {
        switch (databases.ownership().merge(heard, OwnershipTable.Limits.NONE)) {
            case NEWER -> {
                from.backlog.removeClient(heard.client());
                flood.client(heard.client(), from.peerId);
                clients.onRecord(heard, nowNanos);
            }
            case MIXED -> {
                flood.client(heard.client(), Flood.TO_ALL);
                clients.onRecord(heard, nowNanos);
            }
            case SAME -> from.backlog.removeClient(heard.client());
            case OLDER -> from.backlog.addClient(heard.client());
            case REFUSED, ABSURD -> {}
        }
    }

    private void onField(PeerLink from, SharedField field) {
        SharedEntry heard = SharedMap.fromField(field);
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
