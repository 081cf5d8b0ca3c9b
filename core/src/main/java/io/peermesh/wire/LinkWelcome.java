package io.peermesh.wire;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * The sealed payload of a response on a peer link. With a status other than {@link
 * LinkStatus#ACCEPTED} there are no keys: it is an authentic "no" with its reason.
 *
 * <pre>
 *  0                       16           24       25       26        27          28
 *  | installation uuid     | instance   | status | cipher | version | reserved 0 | ...
 * </pre>
 *
 * @param installation names the installation, for life
 * @param instance random, new at each start
 * @param status whether the link may come up
 * @param cipher the one chosen bit of the initiator's mask; 0 when refused
 * @param version the link protocol version to use, the highest that both speak; 0 when refused
 */
public record LinkWelcome(
        UUID installation, long instance, LinkStatus status, int cipher, int version) {
    /** Length in version 1. */
    public static final int BYTES = 28;

    /** Reads the fields; empty when too short or of an unknown status. The rest is ignored. */
    public static Optional<LinkWelcome> parse(byte[] payload) {
        if (payload.length < BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(payload);
        UUID installation = new UUID(in.getLong(), in.getLong());
        long instance = in.getLong();
        Optional<LinkStatus> status = LinkStatus.ofCode(in.get() & 0xff);
        int cipher = in.get() & 0xff;
        int version = in.get() & 0xff;
        return status.map(s -> new LinkWelcome(installation, instance, s, cipher, version));
    }

    /** The bytes of the diagram. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(installation.getMostSignificantBits())
                .putLong(installation.getLeastSignificantBits())
                .putLong(instance)
                .put((byte) status.code())
                .put((byte) cipher)
                .put((byte) version)
                .array();
    }
}
