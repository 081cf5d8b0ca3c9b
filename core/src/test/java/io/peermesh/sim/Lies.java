package io.peermesh.sim;

import static io.peermesh.sim.World.SECOND;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.testing.Bytes;
import io.peermesh.wire.ControlCodec;
import io.peermesh.wire.ControlMessage.Goodbye;
import io.peermesh.wire.ControlMessage.Probe;
import io.peermesh.wire.ControlMessage.ProbeReply;
import io.peermesh.wire.ControlMessage.Segment;
import io.peermesh.wire.ControlMessage.Stream;
import io.peermesh.wire.LinkPorts;
import io.peermesh.wire.Payload;
import io.peermesh.wire.Payload.Advertisement;
import io.peermesh.wire.Payload.Load;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Payload.Ownerships;
import io.peermesh.wire.Payload.SharedField;
import io.peermesh.wire.Payload.SharedFields;
import io.peermesh.wire.PayloadCodec;
import io.peermesh.wire.Tai64n;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What a compromised controller may say: well-formed content that is wrong, made of what it has
 * heard, and messages that are neither. Drawn from the world's seed.
 */
final class Lies {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final int RELAY = 0x05;
    private static final int[] NUMBERS_NEAR = {0, 1, 2, 1000};

    private final SimMesh mesh;
    private final World world;
    private final SplittableRandom random;
    private final Map<IpAddress, Ownership> records = new HashMap<>();
    private final Map<String, Advertisement> advertisements = new HashMap<>();
    private final Map<String, SharedField> fields = new HashMap<>();

    /** Lies about this mesh. */
    Lies(SimMesh mesh) {
        this.mesh = mesh;
        this.world = mesh.world();
        this.random = world.random();
    }

    /** Takes in what a peer has told: the best lies are nearly true. */
    void learn(Payload payload) {
        switch (payload) {
            case Advertisement told ->
                    advertisements.put(told.origin() + "/" + told.fragment(), told);
            case Ownerships told ->
                    told.records().forEach(record -> records.put(record.client(), record));
            case SharedFields told ->
                    told.fields().forEach(field -> fields.put(field.key(), field));
            case Payload.Clock _, Payload.Unknown _ -> {}
        }
    }

    // ---- well-formed

    /** Something that a peer will take for the content of a stream. */
    Payload payload() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> advertisement();
            case 3, 4, 5, 6 -> ownerships();
            case 7, 8 -> sharedFields();
            default -> new Payload.Clock(1 + random.nextLong(Long.MAX_VALUE));
        };
    }

    private Advertisement advertisement() {
        int origin = anyController();
        int fragment = random.nextBoolean() ? 0 : random.nextInt(Advertisement.MAX_FRAGMENTS);
        var known = Optional.ofNullable(advertisements.get(origin + "/" + fragment));
        return new Advertisement(
                origin,
                fragment,
                random.nextBoolean() ? known.map(Advertisement::instance).orElse(1L) : anyLong(),
                number(known.map(Advertisement::sequence).orElse(1L), Advertisement.MAX_SEQUENCE),
                known.map(Advertisement::checksum).orElse("ab".repeat(20)),
                random.nextBoolean() ? "" : "x".repeat(random.nextInt(200)) + ":1",
                new Load(
                        random.nextBoolean(),
                        random.nextInt(Load.MAX_CLIENTS + 1),
                        1 + random.nextInt(Load.MAX_WEIGHT)),
                neighbors(origin),
                prefixes());
    }

    private Map<Integer, Integer> neighbors(int origin) {
        var neighbors = new TreeMap<Integer, Integer>();
        for (int id = 1; id <= LinkPorts.MAX_CONTROLLERS; id++) {
            if (id != origin && random.nextInt(3) > 0) {
                neighbors.put(
                        id, random.nextBoolean() ? 1 : 1 + random.nextInt(PayloadCodec.MAX_COST));
            }
        }
        return neighbors;
    }

    private List<Prefix> prefixes() {
        var prefixes = new ArrayList<Prefix>();
        for (int i = random.nextInt(4); i > 0; i--) {
            prefixes.add(
                    switch (random.nextInt(5)) {
                        case 0 -> SimMesh.subnet(anyController());
                        case 1 -> Prefix.literal("0.0.0.0/0");
                        case 2 -> Prefix.host(anyClient());
                        case 3 -> Prefix.literal("::/0");
                        default -> Prefix.literal(random.nextInt(1, 224) + ".0.0.0/8");
                    });
        }
        return prefixes;
    }

    private Ownerships ownerships() {
        var lies = new ArrayList<Ownership>();
        for (int i = random.nextInt(Ownerships.MAX_RECORDS + 1); i > 0; i--) {
            lies.add(ownership());
        }
        return new Ownerships(lies);
    }

    private Ownership ownership() {
        IpAddress client = anyClient();
        var known = Optional.ofNullable(records.get(client));
        return new Ownership(
                client,
                random.nextInt(LinkPorts.MAX_CONTROLLERS + 1),
                random.nextInt(LinkPorts.MAX_CONTROLLERS + 1),
                random.nextBoolean(),
                number(known.map(Ownership::epoch).orElse(1L), Ownership.MAX_EPOCH),
                random.nextInt(10) == 0 ? Integer.MAX_VALUE : random.nextInt(100),
                timestamp(known.map(Ownership::clientTimestamp).orElse(Tai64n.NONE)),
                timestamp(known.map(Ownership::gatewayTimestamp).orElse(Tai64n.NONE)),
                endpoint(known));
    }

    private Tai64n timestamp(Tai64n known) {
        return switch (random.nextInt(5)) {
            case 0 -> known;
            case 1 -> Tai64n.NONE;
            case 2 -> new Tai64n(-1L, -1);
            default -> Tai64n.of(world.epochNanos() + random.nextLong(-90, 90) * SECOND);
        };
    }

    private Optional<Endpoint> endpoint(Optional<Ownership> known) {
        return switch (random.nextInt(4)) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(mesh.client(1 + random.nextInt(mesh.clients().size())).local());
            case 2 ->
                    Optional.of(
                            new Endpoint(
                                    mesh.host(random.nextInt(1, 200)), 1 + random.nextInt(65_535)));
            default -> known.flatMap(Ownership::endpoint);
        };
    }

    private SharedFields sharedFields() {
        var lies = new ArrayList<SharedField>();
        for (int i = random.nextInt(5); i > 0; i--) {
            String key =
                    random.nextBoolean()
                            ? "pack/" + anyClient() + "/disabled"
                            : "junk/" + random.nextInt(1000);
            long counter =
                    Optional.ofNullable(fields.get(key)).map(SharedField::counter).orElse(1L);
            lies.add(
                    new SharedField(
                            key,
                            random.nextBoolean() ? "1" : "x".repeat(random.nextInt(100)),
                            number(counter, SharedField.MAX_COUNTER),
                            random.nextInt(LinkPorts.MAX_CONTROLLERS + 1)));
        }
        return new SharedFields(lies);
    }

    /** Near what is known, as far ahead as the clocks allow or a little further, or the last. */
    private long number(long known, long last) {
        long wallMillis = world.epochNanos() / World.MILLISECOND;
        long near = known + NUMBERS_NEAR[random.nextInt(NUMBERS_NEAR.length)];
        return switch (random.nextInt(6)) {
            case 0 -> last - random.nextInt(3);
            case 1 -> wallMillis + HOUR_MILLIS + random.nextInt(-60_000, 60_000);
            case 2 -> wallMillis;
            default -> Math.clamp(near, 1, last);
        };
    }

    private long anyLong() {
        return random.nextBoolean() ? -1 : random.nextLong();
    }

    private int anyController() {
        int all = random.nextInt(3) == 0 ? LinkPorts.MAX_CONTROLLERS : mesh.controllers().size();
        return 1 + random.nextInt(all);
    }

    /** Mostly one that there is; sometimes one of nobody, of a controller, or of elsewhere. */
    private IpAddress anyClient() {
        return switch (random.nextInt(8)) {
            case 0 -> SimMesh.controllerAddress(anyController());
            case 1 -> IpAddress.v4(IpAddress.literal("10.199.7.0").v4Bits() + random.nextInt(256));
            case 2 -> IpAddress.v4(random.nextInt());
            default -> SimMesh.clientAddress(1 + random.nextInt(mesh.clients().size()));
        };
    }

    // ---- and not

    /** The plain text of a message outside of the stream, or of none at all. */
    byte[] message() {
        return switch (random.nextInt(9)) {
            case 0 -> junk(random.nextInt(1, ControlCodec.MAX_BYTES));
            case 1 -> cut(segment());
            case 2 -> changed(segment());
            case 3 -> segment();
            case 4 -> relay();
            case 5 -> ControlCodec.encode(new Probe(random.nextInt(), random.nextLong()));
            case 6 ->
                    ControlCodec.encode(
                            new ProbeReply(random.nextInt(), random.nextLong(), random.nextInt()));
            case 7 ->
                    random.nextInt(50) == 0
                            ? ControlCodec.encode(new Goodbye(Goodbye.Cause.STOPPING))
                            : junk(random.nextInt(1, 50));
            default -> stream();
        };
    }

    private byte[] junk(int bytes) {
        byte[] junk = Bytes.random(bytes, random);
        junk[0] &= 0x0f;
        return junk;
    }

    private byte[] segment() {
        var segment = Optional.of(new Segment(1 + random.nextInt(1000), payload()));
        return ControlCodec.encode(
                new Stream(1 + random.nextInt(5), anyLong(), random.nextInt(100), 0, segment));
    }

    private byte[] stream() {
        return ControlCodec.encode(
                new Stream(
                        1 + random.nextInt(1000),
                        random.nextLong(),
                        random.nextLong(Long.MAX_VALUE),
                        random.nextInt(),
                        Optional.empty()));
    }

    private byte[] cut(byte[] message) {
        return Arrays.copyOf(message, 1 + random.nextInt(message.length));
    }

    private byte[] changed(byte[] message) {
        message[random.nextInt(1, message.length)] ^= (byte) (1 << random.nextInt(8));
        return message;
    }

    /** A datagram that a client is said to have sent, for whichever controller. */
    private byte[] relay() {
        byte[] message = Bytes.random(60 + random.nextInt(200), random);
        message[0] = RELAY;
        message[1] = (byte) (1 + random.nextInt(LinkPorts.MAX_CONTROLLERS));
        Arrays.fill(message, 20, 24, (byte) 0);
        message[20] = (byte) (1 + random.nextInt(4));
        return message;
    }
}
