package io.peermesh.clients;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.wire.Payload.Ownership;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which controller each client is connected to, as far as this controller knows. Records of the
 * same client are ordered by epoch, then the lower owner wins, then the higher revision; all
 * controllers that exchange records therefore agree.
 *
 * <p>An epoch is never below the wall clock (in milliseconds) of the controller that began it, so
 * that a controller that restarted and knows no epochs still begins newer ones; and always above
 * the epochs that it knows, so that a clock that is ahead somewhere locks nobody out.
 */
public final class OwnershipTable {
    /** The most clients that are remembered; records of more are refused and counted. */
    public static final int MAX_RECORDS = 65_536;

    /** The owner of a client that is connected nowhere. */
    public static final int NOBODY = 0;

    private final int selfId;
    private final Prefix overlay;
    private final Map<IpAddress, Ownership> records = new HashMap<>();
    private long refused;

    /** An empty table of the controller {@code selfId}. */
    public OwnershipTable(int selfId, Prefix overlay) {
        this.selfId = selfId;
        this.overlay = overlay;
    }

    /** What {@link #merge} did. */
    public enum Merge {
        /** It was newer and is taken over. */
        NEWER,
        /** It is what we have. */
        SAME,
        /** We have a newer one. */
        OLDER,
        /** Not of this overlay, or the table is full: ignored. */
        REFUSED
    }

    /**
     * Begins a new epoch in which the client is ours.
     *
     * @param wallMillis wall clock, milliseconds since 1970
     */
    public Ownership claim(IpAddress client, Optional<Endpoint> endpoint, long wallMillis) {
        return put(new Ownership(client, selfId, nextEpoch(client, wallMillis), 0, endpoint));
    }

    /** Begins a new epoch in which the client is nobody's. */
    public Ownership release(IpAddress client, long wallMillis) {
        Optional<Endpoint> last = find(client).flatMap(Ownership::endpoint);
        return put(new Ownership(client, NOBODY, nextEpoch(client, wallMillis), 0, last));
    }

    private long nextEpoch(IpAddress client, long wallMillis) {
        long known = find(client).map(Ownership::epoch).orElse(0L);
        return Math.min(Math.max(wallMillis, known + 1), Ownership.MAX_EPOCH);
    }

    /** Notes another outer address of a client that is ours; empty when nothing changes. */
    public Optional<Ownership> roamed(IpAddress client, Endpoint endpoint) {
        return find(client)
                .filter(record -> record.owner() == selfId)
                .filter(record -> !record.endpoint().equals(Optional.of(endpoint)))
                .map(record ->
                        put(
                                new Ownership(
                                        client,
                                        selfId,
                                        record.epoch(),
                                        record.revision() + 1,
                                        Optional.of(endpoint))));
    }

    private Ownership put(Ownership record) {
        records.put(record.client(), record);
        return record;
    }

    /** Takes in what a neighbor told. */
    public Merge merge(Ownership heard) {
        Ownership known = records.get(heard.client());
        if (known == null && (!overlay.contains(heard.client()) || records.size() >= MAX_RECORDS)) {
            refused++;
            return Merge.REFUSED;
        }
        if (known == null || isNewer(heard, known)) {
            records.put(heard.client(), heard);
            return Merge.NEWER;
        }
        return isNewer(known, heard) ? Merge.OLDER : Merge.SAME;
    }

    private static boolean isNewer(Ownership one, Ownership other) {
        if (one.epoch() != other.epoch()) {
            return one.epoch() > other.epoch();
        }
        if (one.owner() != other.owner()) {
            return one.owner() < other.owner();
        }
        return one.revision() > other.revision();
    }

    /** What is known of a client. */
    public Optional<Ownership> find(IpAddress client) {
        return Optional.ofNullable(records.get(client));
    }

    /** Who owns the client; {@link #NOBODY} when nobody is known to. */
    public int ownerOf(IpAddress client) {
        Ownership record = records.get(client);
        return record == null ? NOBODY : record.owner();
    }

    /** All records, in no order; a view. */
    public Collection<Ownership> all() {
        return Collections.unmodifiableCollection(records.values());
    }

    /** How many records were refused. */
    public long refused() {
        return refused;
    }
}
