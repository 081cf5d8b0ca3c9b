package io.peermesh.node;

import io.peermesh.ip.IpAddress;
import io.peermesh.replication.SharedEntry;
import io.peermesh.replication.SharedMap;
import io.peermesh.routing.LinkStateDatabase;
import io.peermesh.wire.Payload;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Payload.Ownerships;
import io.peermesh.wire.Payload.SharedField;
import io.peermesh.wire.Payload.SharedFields;
import io.peermesh.wire.PayloadCodec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What one peer has not been told yet: the keys, not the content, which is read when the message is
 * made. So many changes of one thing cost one message, and the backlog is never longer than the
 * databases. Links come first, then clients, then the rest.
 *
 * <p>In a mesh where everybody has a link to everybody, what one tells the others comes to each of
 * them from each. So what others have told of clients is passed on a little later: by then the peer
 * may have told it, too, and what is left goes into few messages.
 */
final class Backlog {
    private final Set<LinkStateDatabase.Key> advertisements = new LinkedHashSet<>();
    private final Set<IpAddress> clients = new LinkedHashSet<>();
    private final Set<IpAddress> relayed = new LinkedHashSet<>();
    private long relayedDueNanos = Deadlines.NONE;
    private final Set<String> fields = new LinkedHashSet<>();
    private Optional<Payload> clock = Optional.empty();

    void add(LinkStateDatabase.Key key) {
        advertisements.add(key);
    }

    void addClient(IpAddress client) {
        relayed.remove(client);
        clients.add(client);
    }

    /** What another peer has told: to be passed on in a while, see {@link #release}. */
    void addRelayed(IpAddress client) {
        if (!clients.contains(client)) {
            relayed.add(client);
        }
    }

    /** Lets go what has waited for so long since it was first seen here. */
    void release(long waitNanos, long nowNanos) {
        if (relayed.isEmpty()) {
            relayedDueNanos = Deadlines.NONE;
            return;
        }
        if (relayedDueNanos == Deadlines.NONE) {
            relayedDueNanos = nowNanos + waitNanos;
        }
        if (relayedDueNanos <= nowNanos) {
            relayedDueNanos = Deadlines.NONE;
            clients.addAll(relayed);
            relayed.clear();
        }
    }

    /** When {@link #release} has something to let go. */
    long deadlineNanos() {
        return relayedDueNanos;
    }

    void addField(String key) {
        fields.add(key);
    }

    /** Tells our clock, in the place of what was not told yet. */
    void tellClock(Payload.Clock now) {
        clock = Optional.of(now);
    }

    /** The peer has it already. */
    void remove(LinkStateDatabase.Key key) {
        advertisements.remove(key);
    }

    /** The peer has it already. */
    void removeClient(IpAddress client) {
        relayed.remove(client);
        clients.remove(client);
    }

    /** The peer has it already. */
    void removeField(String key) {
        fields.remove(key);
    }

    /** The peer knows nothing. */
    void addAll(Databases databases) {
        databases.linkState().all().forEach(each -> add(LinkStateDatabase.Key.of(each)));
        databases.ownership().all().forEach(record -> addClient(record.client()));
        databases.shared().all().forEach(entry -> addField(entry.key()));
    }

    /** Takes out as much as one message carries; empty when there is nothing to tell. */
    Optional<Payload> next(Databases databases) {
        while (!advertisements.isEmpty()) {
            var advertisement = databases.linkState().find(takeFirst(advertisements));
            if (advertisement.isPresent()) {
                return Optional.of(advertisement.get());
            }
        }
        if (clock.isPresent()) {
            Optional<Payload> told = clock;
            clock = Optional.empty();
            return told;
        }
        if (!clients.isEmpty()) {
            return Optional.of(nextOwnerships(databases));
        }
        return fields.isEmpty() ? Optional.empty() : Optional.of(nextFields(databases));
    }

    private Ownerships nextOwnerships(Databases databases) {
        var records = new ArrayList<Ownership>();
        while (!clients.isEmpty() && records.size() < Ownerships.MAX_RECORDS) {
            databases.ownership().find(takeFirst(clients)).ifPresent(records::add);
        }
        return new Ownerships(records);
    }

    private SharedFields nextFields(Databases databases) {
        var taken = new ArrayList<SharedField>();
        int bytes = 0;
        Iterator<String> keys = fields.iterator();
        while (keys.hasNext()) {
            Optional<SharedEntry> entry = databases.shared().find(keys.next());
            if (entry.isPresent()) {
                SharedField field = SharedMap.toField(entry.get());
                bytes += PayloadCodec.bytes(field);
                if (bytes > PayloadCodec.MAX_FIELD_BYTES) {
                    break;
                }
                taken.add(field);
            }
            keys.remove();
        }
        return new SharedFields(taken);
    }

    private static <T> T takeFirst(Set<T> set) {
        Iterator<T> iterator = set.iterator();
        T first = iterator.next();
        iterator.remove();
        return first;
    }
}
