package io.peermesh.wire;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.wire.Payload.Advertisement;
import io.peermesh.wire.Payload.Load;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Payload.Ownerships;
import io.peermesh.wire.Payload.SharedField;
import io.peermesh.wire.Payload.SharedFields;
import io.peermesh.wire.Payload.Unknown;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Bytes of {@link Payload}s, inside a stream message. Addresses take 16 bytes, IPv4 in its mapped
 * form; numbers are big-endian.
 *
 * <pre>
 * Advertisement   0        1          2           10         18            38
 * (type 1)        | origin | fragment | instance  | sequence | checksum(20)| text length (2) |
 *                 40            41          45         46
 *                 | draining 0/1 | clients (4)| weight   | client endpoint
 *                 | n (1) | n x [ id (1) | cost (4) ] | m (1) | m x [ bits (1) | address (16) ] |
 *
 * Ownerships      0       1
 * (type 2)        | n (1) | n x [ client (16) | owner (1) | heir (1) | flags (1), bit 0: active
 *                               | epoch (8) | revision (4) | client timestamp (12)
 *                               | gateway timestamp (12) | outer address (16)
 *                               | outer port (2), 0: not known ] |
 *
 * Shared fields   0       1
 * (type 3)        | n (1) | n x [ key length (1) | value length (2) | counter (8)
 *                               | controller id (1) | key | value ] |
 *
 * Clock           0
 * (type 4)        | nanoseconds since 1970 (8) |
 * </pre>
 */
public final class PayloadCodec {
    /** The most expensive link. */
    public static final int MAX_COST = 1 << 24;

    private static final int ADVERTISEMENT = 1;
    private static final int OWNERSHIPS = 2;
    private static final int SHARED_FIELDS = 3;
    private static final int CLOCK = 4;
    private static final int ACTIVE = 1;
    private static final int FIELD_OVERHEAD_BYTES = 12;

    private PayloadCodec() {}

    /** The most bytes of {@link SharedField}s in one message, each as long as {@link #bytes}. */
    public static final int MAX_FIELD_BYTES = ControlCodec.MAX_PAYLOAD_BYTES - 1;

    /** How long a field is on the wire. */
    public static int bytes(SharedField field) {
        return FIELD_OVERHEAD_BYTES + utf8(field.key()).length + utf8(field.value()).length;
    }

    static int type(Payload payload) {
        return switch (payload) {
            case Advertisement _ -> ADVERTISEMENT;
            case Ownerships _ -> OWNERSHIPS;
            case SharedFields _ -> SHARED_FIELDS;
            case Payload.Clock _ -> CLOCK;
            case Unknown unknown -> unknown.type();
        };
    }

    static void encode(Payload payload, ByteBuffer to) {
        switch (payload) {
            case Advertisement advertisement -> encode(advertisement, to);
            case Ownerships ownerships -> encode(ownerships, to);
            case SharedFields fields -> encode(fields, to);
            case Payload.Clock clock -> to.putLong(clock.epochNanos());
            case Unknown _ -> throw new IllegalArgumentException("nothing to encode");
        }
    }

    private static void encode(Advertisement advertisement, ByteBuffer to) {
        byte[] endpoint = utf8(advertisement.clientEndpoint());
        byte[] checksum = HexFormat.of().parseHex(advertisement.checksum());
        check(endpoint.length <= Advertisement.MAX_ENDPOINT_BYTES, "client endpoint too long");
        check(checksum.length == Advertisement.CHECKSUM_BYTES, "checksum of another length");
        check(advertisement.prefixes().size() <= Advertisement.MAX_PREFIXES, "too many prefixes");
        to.put((byte) advertisement.origin())
                .put((byte) advertisement.fragment())
                .putLong(advertisement.instance())
                .putLong(advertisement.sequence())
                .put(checksum)
                .putShort((short) endpoint.length)
                .put((byte) (advertisement.load().draining() ? 1 : 0))
                .putInt(advertisement.load().clients())
                .put((byte) advertisement.load().weight())
                .put(endpoint)
                .put((byte) advertisement.neighbors().size());
        new TreeMap<>(advertisement.neighbors())
                .forEach((id, cost) -> to.put((byte) (int) id).putInt(cost));
        to.put((byte) advertisement.prefixes().size());
        for (Prefix prefix : advertisement.prefixes()) {
            put(prefix.address(), to.put((byte) prefix.bits()));
        }
    }

    private static void encode(Ownerships ownerships, ByteBuffer to) {
        check(ownerships.records().size() <= Ownerships.MAX_RECORDS, "too many records");
        to.put((byte) ownerships.records().size());
        for (Ownership ownership : ownerships.records()) {
            put(ownership.client(), to);
            to.put((byte) ownership.owner())
                    .put((byte) ownership.heir())
                    .put((byte) (ownership.active() ? ACTIVE : 0))
                    .putLong(ownership.epoch())
                    .putInt(ownership.revision())
                    .put(ownership.clientTimestamp().toBytes())
                    .put(ownership.gatewayTimestamp().toBytes());
            put(ownership.endpoint().map(Endpoint::address).orElse(IpAddress.UNSPECIFIED), to);
            to.putShort((short) (int) ownership.endpoint().map(Endpoint::port).orElse(0));
        }
    }

    private static void encode(SharedFields fields, ByteBuffer to) {
        to.put((byte) fields.fields().size());
        for (SharedField field : fields.fields()) {
            byte[] key = utf8(field.key());
            byte[] value = utf8(field.value());
            check(key.length <= SharedField.MAX_KEY_BYTES, "key too long");
            check(value.length <= SharedField.MAX_VALUE_BYTES, "value too long");
            to.put((byte) key.length)
                    .putShort((short) value.length)
                    .putLong(field.counter())
                    .put((byte) field.controllerId())
                    .put(key)
                    .put(value);
        }
    }

    /** Reads a payload; when it is malformed the reader has failed, and the result is void. */
    static Payload decode(int type, ByteReader from) {
        return switch (type) {
            case ADVERTISEMENT -> advertisement(from);
            case OWNERSHIPS -> ownerships(from);
            case SHARED_FIELDS -> sharedFields(from);
            case CLOCK -> clock(from);
            default -> {
                from.skipRest();
                yield new Unknown(type);
            }
        };
    }

    private static Advertisement advertisement(ByteReader from) {
        int origin = controllerId(from, 1);
        int fragment = from.u8();
        from.require(fragment < Advertisement.MAX_FRAGMENTS, "fragment out of range");
        long instance = from.i64();
        long sequence = from.i64();
        from.require(
                sequence >= 1 && sequence <= Advertisement.MAX_SEQUENCE, "sequence out of range");
        String checksum = HexFormat.of().formatHex(from.bytes(Advertisement.CHECKSUM_BYTES));
        int textBytes = from.u16();
        from.require(textBytes <= Advertisement.MAX_ENDPOINT_BYTES, "client endpoint too long");
        Load load = load(from);
        String endpoint = from.text(Math.min(textBytes, Advertisement.MAX_ENDPOINT_BYTES));
        from.require(endpoint.chars().allMatch(c -> c > ' ' && c < 127), "endpoint not printable");
        return new Advertisement(
                origin,
                fragment,
                instance,
                sequence,
                checksum,
                endpoint,
                load,
                neighbors(origin, from),
                prefixes(from));
    }

    private static Load load(ByteReader from) {
        int draining = from.u8();
        int clients = from.i32();
        int weight = from.u8();
        boolean inRange =
                draining <= 1
                        && clients >= 0
                        && clients <= Load.MAX_CLIENTS
                        && weight >= 1
                        && weight <= Load.MAX_WEIGHT;
        from.require(inRange, "load out of range");
        return inRange ? new Load(draining == 1, clients, weight) : Load.NONE;
    }

    private static Map<Integer, Integer> neighbors(int origin, ByteReader from) {
        var neighbors = new TreeMap<Integer, Integer>();
        int count = from.count(LinkPorts.MAX_CONTROLLERS - 1, "neighbors");
        for (int i = 0; i < count; i++) {
            int id = controllerId(from, 1);
            int cost = from.i32();
            from.require(cost >= 1 && cost <= MAX_COST, "cost out of range");
            from.require(id != origin, "neighbor of itself");
            from.require(neighbors.put(id, cost) == null, "neighbor twice");
        }
        return neighbors;
    }

    private static List<Prefix> prefixes(ByteReader from) {
        var prefixes = new ArrayList<Prefix>();
        int count = from.count(Advertisement.MAX_PREFIXES, "prefixes");
        for (int i = 0; i < count; i++) {
            int bits = from.u8();
            IpAddress address = from.address();
            if (bits > 128 || (address.isV4() && bits < 96)) {
                from.fail("prefix length out of range");
                continue;
            }
            Prefix prefix = new Prefix(address, bits);
            from.require(prefix.address().equals(address), "host bits set");
            prefixes.add(prefix);
        }
        return prefixes;
    }

    private static Ownerships ownerships(ByteReader from) {
        var records = new ArrayList<Ownership>();
        int count = from.count(Ownerships.MAX_RECORDS, "records");
        for (int i = 0; i < count; i++) {
            records.add(ownership(from));
        }
        return new Ownerships(records);
    }

    private static Ownership ownership(ByteReader from) {
        IpAddress client = from.address();
        int owner = controllerId(from, 0);
        int heir = controllerId(from, 0);
        int flags = from.u8();
        from.require((flags & ~ACTIVE) == 0, "unknown flag");
        long epoch = from.i64();
        from.require(epoch >= 1 && epoch <= Ownership.MAX_EPOCH, "epoch out of range");
        int revision = from.i32();
        from.require(revision >= 0, "negative revision");
        return new Ownership(
                client,
                owner,
                heir,
                flags == ACTIVE,
                epoch,
                revision,
                timestamp(from),
                timestamp(from),
                endpoint(from));
    }

    private static Tai64n timestamp(ByteReader from) {
        return new Tai64n(from.i64(), from.i32());
    }

    private static Optional<Endpoint> endpoint(ByteReader from) {
        IpAddress address = from.address();
        int port = from.u16();
        return port == 0 ? Optional.empty() : Optional.of(new Endpoint(address, port));
    }

    private static Payload.Clock clock(ByteReader from) {
        long epochNanos = from.i64();
        from.require(epochNanos > 0, "clock out of range");
        return new Payload.Clock(epochNanos);
    }

    private static SharedFields sharedFields(ByteReader from) {
        var fields = new ArrayList<SharedField>();
        int count = from.u8();
        for (int i = 0; i < count && from.failure().isEmpty(); i++) {
            int keyBytes = from.u8();
            int valueBytes = from.u16();
            long counter = from.i64();
            int controllerId = controllerId(from, 0);
            from.require(
                    keyBytes >= 1 && keyBytes <= SharedField.MAX_KEY_BYTES, "key of wrong length");
            from.require(valueBytes <= SharedField.MAX_VALUE_BYTES, "value too long");
            from.require(
                    counter >= 1 && counter <= SharedField.MAX_COUNTER, "counter out of range");
            fields.add(
                    new SharedField(
                            from.text(keyBytes), from.text(valueBytes), counter, controllerId));
        }
        return new SharedFields(fields);
    }

    private static int controllerId(ByteReader from, int lowest) {
        int id = from.u8();
        from.require(id >= lowest && id <= LinkPorts.MAX_CONTROLLERS, "controller id out of range");
        return id;
    }

    private static void put(IpAddress address, ByteBuffer to) {
        to.putLong(address.hi()).putLong(address.lo());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
