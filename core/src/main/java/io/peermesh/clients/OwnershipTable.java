package io.peermesh.clients;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Tai64n;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which controller each client is connected to, as far as this controller knows. Records of the
 * same client are ordered by epoch, then the later client timestamp wins, then the lower owner,
 * then the higher revision; the gateway timestamp is merged on its own, the higher wins. All
 * controllers that exchange records therefore agree.
 *
 * <p>An epoch is never below the wall clock (in milliseconds) of the controller that began it, so
 * that a controller that restarted and knows no epochs still begins newer ones; and always above
 * the epochs that it knows, so that a clock that is ahead somewhere locks nobody out. What is
 * further ahead than {@link Limits} allow is not believed, so that nobody can use the numbers up.
 */
public final class OwnershipTable {
    /** The most clients that are remembered; records of more are refused and counted. */
    public static final int MAX_RECORDS = 65_536;

    /** The owner of a client that is connected nowhere. */
    public static final int NOBODY = 0;

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final int selfId;
    private final Prefix overlay;
    private final Map<IpAddress, Ownership> records = new HashMap<>();
    private long refused;
    private long absurd;

    /** An empty table of the controller {@code selfId}. */
    public OwnershipTable(int selfId, Prefix overlay) {
        this.selfId = selfId;
        this.overlay = overlay;
    }

    /** What {@link #merge} did. */
    public enum Merge {
        /** It was newer and is taken over. */
        NEWER,
        /** Each had something newer: the result is news to the teller, too. */
        MIXED,
        /** It is what we have. */
        SAME,
        /** We have a newer one. */
        OLDER,
        /** Not of this overlay, or the table is full: ignored. */
        REFUSED,
        /** Further ahead than any honest clock: ignored. */
        ABSURD
    }

    /**
     * The latest that is believed.
     *
     * @param epochMillis of epochs
     * @param gateway of gateway timestamps
     */
    public record Limits(long epochMillis, Tai64n gateway) {
        /** Believes everything. */
        public static final Limits NONE =
                new Limits(Ownership.MAX_EPOCH, new Tai64n(-1L, -1)); // both unsigned

        /**
         * Of client timestamps: those of epochs. A client whose clock is further ahead can be
         * answered again by another controller when its initiation is replayed, which changes
         * nothing; but nobody can lock a client out by a timestamp that it never reaches.
         */
        Tai64n client() {
            return epochMillis >= Ownership.MAX_EPOCH
                    ? new Tai64n(-1L, -1)
                    : Tai64n.of(epochMillis * NANOS_PER_MILLI);
        }
    }

    /**
     * Begins a new epoch in which the client is ours.
     *
     * @param clientTimestamp of the initiation that proved it; {@link Tai64n#NONE} keeps the known
     * @param wallMillis wall clock, milliseconds since 1970
     */
    public Ownership claim(
            IpAddress client,
            Optional<Endpoint> endpoint,
            Tai64n clientTimestamp,
            long wallMillis) {
        Draft draft = draft(client);
        draft.owner = selfId;
        draft.heir = NOBODY;
        draft.clientTimestamp = Tai64n.max(draft.clientTimestamp, clientTimestamp);
        draft.endpoint = endpoint;
        return put(draft.nextEpoch(wallMillis));
    }

    /** Begins a new epoch in which the client is nobody's, and its timestamp forgotten. */
    public Ownership release(IpAddress client, long wallMillis) {
        Draft draft = draft(client);
        draft.owner = NOBODY;
        draft.heir = NOBODY;
        draft.active = false;
        draft.clientTimestamp = Tai64n.NONE;
        return put(draft.nextEpoch(wallMillis));
    }

    /** Begins a new epoch of the same owner, in which any timestamp of the client is good. */
    public Optional<Ownership> forgetTimestamp(IpAddress client, long wallMillis) {
        return find(client)
                .map(known -> {
                    Draft draft = draft(client);
                    draft.clientTimestamp = Tai64n.NONE;
                    return put(draft.nextEpoch(wallMillis));
                });
    }

    /** Notes another outer address of a client that is ours; empty when nothing changes. */
    public Optional<Ownership> roamed(IpAddress client, Endpoint endpoint) {
        return revise(client, draft -> draft.endpoint = Optional.of(endpoint));
    }

    /** Notes that a client of ours has begun a session of its own at this timestamp. */
    public Optional<Ownership> accepted(IpAddress client, Tai64n timestamp) {
        return revise(
                client,
                draft -> draft.clientTimestamp = Tai64n.max(draft.clientTimestamp, timestamp));
    }

    /** Notes whether a client of ours carries data. */
    public Optional<Ownership> active(IpAddress client, boolean active) {
        return revise(client, draft -> draft.active = active);
    }

    /** Asks another controller to take a client of ours over; {@link #NOBODY} takes it back. */
    public Optional<Ownership> bequeath(IpAddress client, int heir) {
        return revise(client, draft -> draft.heir = heir);
    }

    private Optional<Ownership> revise(IpAddress client, Consumer<Draft> change) {
        Ownership known = records.get(client);
        if (known == null || known.owner() != selfId) {
            return Optional.empty();
        }
        Draft draft = draft(client);
        change.accept(draft);
        return draft.build().equals(known)
                ? Optional.empty()
                : Optional.of(put(draft.nextRevision()));
    }

    /** Notes that a timestamp went out to the client, whoever owns it; empty when it is no news. */
    public Optional<Ownership> sent(IpAddress client, Tai64n timestamp) {
        return find(client)
                .filter(known -> known.gatewayTimestamp().compareTo(timestamp) < 0)
                .map(known -> put(known.withGatewayTimestamp(timestamp)));
    }

    private Draft draft(IpAddress client) {
        return new Draft(client, records.get(client));
    }

    private Ownership put(Ownership record) {
        records.put(record.client(), record);
        return record;
    }

    /** Takes in what a neighbor told. */
    public Merge merge(Ownership heard, Limits limits) {
        Ownership known = records.get(heard.client());
        if (known == null && (!overlay.contains(heard.client()) || records.size() >= MAX_RECORDS)) {
            refused++;
            return Merge.REFUSED;
        }
        if (heard.epoch() > limits.epochMillis()) {
            absurd++;
            return Merge.ABSURD;
        }
        Ownership credible = credible(heard, known, limits);
        if (known == null) {
            put(credible);
            return Merge.NEWER;
        }
        return join(credible, known);
    }

    /** Timestamps beyond the limits are not believed; the rest of the record is. */
    private Ownership credible(Ownership heard, @Nullable Ownership known, Limits limits) {
        Ownership credible = heard;
        if (heard.clientTimestamp().compareTo(limits.client()) > 0) {
            credible = credible.withClientTimestamp(Tai64n.NONE);
        }
        if (heard.gatewayTimestamp().compareTo(limits.gateway()) > 0) {
            absurd++;
            Tai64n sent = known == null ? Tai64n.NONE : known.gatewayTimestamp();
            credible = credible.withGatewayTimestamp(sent);
        }
        return credible;
    }

    private Merge join(Ownership heard, Ownership known) {
        int order = order(heard, known);
        int sent = heard.gatewayTimestamp().compareTo(known.gatewayTimestamp());
        if (order <= 0 && sent <= 0) {
            return order == 0 && sent == 0 ? Merge.SAME : Merge.OLDER;
        }
        Tai64n timestamp = sent > 0 ? heard.gatewayTimestamp() : known.gatewayTimestamp();
        put((order > 0 ? heard : known).withGatewayTimestamp(timestamp));
        return order >= 0 && sent >= 0 ? Merge.NEWER : Merge.MIXED;
    }

    /** Above 0 when the first one is newer. */
    private static int order(Ownership one, Ownership other) {
        if (one.epoch() != other.epoch()) {
            return Long.compare(one.epoch(), other.epoch());
        }
        int timestamps = one.clientTimestamp().compareTo(other.clientTimestamp());
        if (timestamps != 0) {
            return timestamps;
        }
        return one.owner() != other.owner()
                ? Integer.compare(other.owner(), one.owner())
                : Integer.compare(one.revision(), other.revision());
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

    /** How many records were not believed, wholly or in part. */
    public long absurd() {
        return absurd;
    }

    /** A record that is being changed. */
    private static final class Draft {
        private final IpAddress client;
        private final long epoch;
        private final int revision;
        private final Tai64n gatewayTimestamp;
        private int owner;
        private int heir;
        private boolean active;
        private Tai64n clientTimestamp = Tai64n.NONE;
        private Optional<Endpoint> endpoint = Optional.empty();

        Draft(IpAddress client, @Nullable Ownership known) {
            this.client = client;
            epoch = known == null ? 0 : known.epoch();
            revision = known == null ? 0 : known.revision();
            gatewayTimestamp = known == null ? Tai64n.NONE : known.gatewayTimestamp();
            if (known != null) {
                owner = known.owner();
                heir = known.heir();
                active = known.active();
                clientTimestamp = known.clientTimestamp();
                endpoint = known.endpoint();
            }
        }

        Ownership build() {
            return build(epoch, revision);
        }

        Ownership nextEpoch(long wallMillis) {
            return build(Math.min(Math.max(wallMillis, epoch + 1), Ownership.MAX_EPOCH), 0);
        }

        Ownership nextRevision() {
            return build(epoch, revision == Integer.MAX_VALUE ? revision : revision + 1);
        }

        private Ownership build(long newEpoch, int newRevision) {
            return new Ownership(
                    client,
                    owner,
                    heir,
                    active,
                    newEpoch,
                    newRevision,
                    clientTimestamp,
                    gatewayTimestamp,
                    endpoint);
        }
    }
}
