package io.peermesh.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the initiation on a peer link says in clear, so that a mismatch has a name instead of
 * looking like noise. It enters the prologue, so whoever changes it breaks the handshake.
 *
 * <pre>
 *  0             1             2              3              4                    8
 *  | min version | max version | initiator id | responder id | generation (LE)    |
 * </pre>
 *
 * @param minVersion lowest link protocol version that the initiator speaks, 1..255
 * @param maxVersion highest, at least the lowest
 * @param initiatorId controller id of the initiator, 1..10
 * @param responderId controller id that the initiator takes the other side for, 1..10
 * @param generation of the keyset, from 1
 */
public record LinkOffer(
        int minVersion, int maxVersion, int initiatorId, int responderId, int generation) {
    /** Length on the wire. */
    public static final int BYTES = 8;

    /** The version of this build. */
    public static final int VERSION = 1;

    /** The lowest version that this build still speaks. */
    public static final int MIN_VERSION = 1;

    /** Reads {@link #BYTES} bytes; values out of range stay as they are, see {@link #isValid}. */
    static LinkOffer parse(byte[] message, int offset) {
        ByteBuffer in =
                ByteBuffer.wrap(message, offset, BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
        return new LinkOffer(
                in.get() & 0xff, in.get() & 0xff, in.get() & 0xff, in.get() & 0xff, in.getInt());
    }

    /** Whether every field is in its range. */
    public boolean isValid() {
        return minVersion >= 1
                && minVersion <= maxVersion
                && isController(initiatorId)
                && isController(responderId)
                && generation >= 1;
    }

    private static boolean isController(int id) {
        return id >= 1 && id <= LinkPorts.MAX_CONTROLLERS;
    }

    /** The bytes of the diagram. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) minVersion)
                .put((byte) maxVersion)
                .put((byte) initiatorId)
                .put((byte) responderId)
                .putInt(generation)
                .array();
    }
}
