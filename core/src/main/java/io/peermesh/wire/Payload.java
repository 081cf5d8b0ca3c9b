package io.peermesh.wire;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the reliable stream of a link carries. Payloads may be merged in any order and any number of
 * times: for each key the newest record wins.
 */
public sealed interface Payload {
    /**
     * A part of what a controller tells of itself to all. Fragment 0 has the neighbors; every
     * fragment has some of the prefixes. A fragment that is no longer needed is told empty.
     *
     * @param origin controller id of the teller
     * @param fragment 0..{@link #MAX_FRAGMENTS} - 1
     * @param instance random id of the teller's process
     * @param sequence from 1, raised with each change
     * @param checksum topology checksum, {@link #CHECKSUM_BYTES} bytes as hex digits
     * @param clientEndpoint HOST:PORT for clients, may be empty
     * @param load how much it carries, and whether it wants to
     * @param neighbors cost of the link to each peer that it reaches directly
     * @param prefixes subnets behind it
     */
    record Advertisement(
            int origin,
            int fragment,
            long instance,
            long sequence,
            String checksum,
            String clientEndpoint,
            Load load,
            Map<Integer, Integer> neighbors,
            List<Prefix> prefixes)
            implements Payload {
        /** Bytes of a topology checksum. */
        public static final int CHECKSUM_BYTES = 20;

        /** Fragments of one controller. */
        public static final int MAX_FRAGMENTS = 16;

        /** Prefixes in one fragment. */
        public static final int MAX_PREFIXES = 40;

        /** Bytes of the client endpoint: a DNS name of 253 characters, colon, port. */
        public static final int MAX_ENDPOINT_BYTES = 259;

        /** Sequences end here; nobody gets there by changing, only by malice. */
        public static final long MAX_SEQUENCE = 1L << 62;

        /** Copies the collections. */
        public Advertisement {
            neighbors = Map.copyOf(neighbors);
            prefixes = List.copyOf(prefixes);
        }
    }

    /**
     * What other controllers go by when they choose ways and owners.
     *
     * @param draining it is to be emptied: no new clients, no transit where there is another path
     * @param clients connected to it now, about, see {@link #rounded}
     * @param weight its share when clients are spread, 1..{@link #MAX_WEIGHT}
     */
    record Load(boolean draining, int clients, int weight) {
        /** The largest share. */
        public static final int MAX_WEIGHT = 100;

        /** More clients than any license has. */
        public static final int MAX_CLIENTS = 1 << 20;

        /** Nothing to carry yet, and ready to. */
        public static final Load NONE = new Load(false, 0, MAX_WEIGHT);

        /** Checks the ranges. */
        public Load {
            if (clients < 0 || clients > MAX_CLIENTS || weight < 1 || weight > MAX_WEIGHT) {
                throw new IllegalArgumentException(
                        "%d clients, weight %d".formatted(clients, weight));
            }
        }

        /**
         * Rounds a number of clients down to its three highest bits, so that what is told to all
         * changes seldom: 0..7, 8, 10, 12, 14, 16, 20, 24, ...
         */
        public static int rounded(int clients) {
            int dropped = Math.max(0, 29 - Integer.numberOfLeadingZeros(clients));
            return Math.min(clients >> dropped << dropped, MAX_CLIENTS);
        }
    }

    /** Records of client ownership, some of those that changed. */
    record Ownerships(List<Ownership> records) implements Payload {
        /** Records in one message. */
        public static final int MAX_RECORDS = 15;

        /** Copies the list. */
        public Ownerships {
            records = List.copyOf(records);
        }
    }

    /**
     * Which controller a client is connected to.
     *
     * @param client overlay address
     * @param owner controller id, 0 for none
     * @param heir the controller that the owner asks to take the client over, 0 for none
     * @param active whether the client carried data lately: such clients are taken over first
     * @param epoch raised with each change of owner, 1..{@link #MAX_EPOCH}
     * @param revision raised by the owner when something else changes within the epoch
     * @param clientTimestamp of the last initiation of the client that an owner accepted; {@link
     *     Tai64n#NONE} while the client is connected nowhere, or started none of its sessions
     * @param gatewayTimestamp the highest that any controller has sent to the client; merged on its
     *     own, the higher wins
     * @param endpoint the client's outer address as the owner sees it
     */
    record Ownership(
            IpAddress client,
            int owner,
            int heir,
            boolean active,
            long epoch,
            int revision,
            Tai64n clientTimestamp,
            Tai64n gatewayTimestamp,
            Optional<Endpoint> endpoint) {
        /** Epochs end here; nobody gets there by moving, only by malice. */
        public static final long MAX_EPOCH = 1L << 62;

        /** The same with another client timestamp. */
        public Ownership withClientTimestamp(Tai64n timestamp) {
            return new Ownership(
                    client,
                    owner,
                    heir,
                    active,
                    epoch,
                    revision,
                    timestamp,
                    gatewayTimestamp,
                    endpoint);
        }

        /** The same with another gateway timestamp. */
        public Ownership withGatewayTimestamp(Tai64n timestamp) {
            return new Ownership(
                    client,
                    owner,
                    heir,
                    active,
                    epoch,
                    revision,
                    clientTimestamp,
                    timestamp,
                    endpoint);
        }
    }

    /**
     * What the teller's wall clock shows, told now and then, so that a clock that is wrong is
     * noticed where it does harm.
     *
     * @param epochNanos nanoseconds since 1970, positive
     */
    record Clock(long epochNanos) implements Payload {}

    /** Fields of the topology-wide state, some of those that changed. */
    record SharedFields(List<SharedField> fields) implements Payload {
        /** Copies the list. */
        public SharedFields {
            fields = List.copyOf(fields);
        }
    }

    /**
     * One field of the topology-wide state.
     *
     * @param key 1..{@link #MAX_KEY_BYTES} bytes UTF-8
     * @param value up to {@link #MAX_VALUE_BYTES} bytes UTF-8
     * @param counter orders the writings, 1..{@link #MAX_COUNTER}
     * @param controllerId where it was written, 0 for a controller that had no id then
     */
    record SharedField(String key, String value, long counter, int controllerId) {
        /** Longest key. */
        public static final int MAX_KEY_BYTES = 128;

        /** Longest value. */
        public static final int MAX_VALUE_BYTES = 512;

        /** Counters end here; nobody gets there by writing, only by malice. */
        public static final long MAX_COUNTER = 1L << 62;
    }

    /** Something that a newer version sends; acknowledged and skipped. */
    record Unknown(int type) implements Payload {}
}
