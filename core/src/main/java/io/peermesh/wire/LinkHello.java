package io.peermesh.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.UUID;

/**
 * The sealed payload of an initiation on a peer link.
 *
 * <pre>
 *  0            12                       28           36            40
 *  | TAI64N     | installation uuid      | instance   | ciphers (LE) | (later versions) ...
 * </pre>
 *
 * @param timestamp grows with each initiation; against replays
 * @param installation names the installation, for life
 * @param instance random, new at each start
 * @param ciphers bit mask of offered transport ciphers: 1 ChaCha20-Poly1305, 2 AES-256-GCM
 */
public record LinkHello(Tai64n timestamp, UUID installation, long instance, int ciphers) {
    /** Length in version 1. */
    public static final int BYTES = 40;

    /** Reads the fields; empty when the payload is too short. What follows them is ignored. */
    public static Optional<LinkHello> parse(byte[] payload) {
        if (payload.length < BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(payload, Tai64n.BYTES, BYTES - Tai64n.BYTES);
        UUID installation = new UUID(in.getLong(), in.getLong());
        long instance = in.getLong();
        int ciphers = in.order(ByteOrder.LITTLE_ENDIAN).getInt();
        return Optional.of(
                new LinkHello(Tai64n.parse(payload, 0), installation, instance, ciphers));
    }

    /** The bytes of the diagram. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .put(timestamp.toBytes())
                .putLong(installation.getMostSignificantBits())
                .putLong(installation.getLeastSignificantBits())
                .putLong(instance)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(ciphers)
                .array();
    }
}
