package io.peermesh.session;

import io.peermesh.wire.LinkOffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What both sides must know alike before the first byte, mixed into the handshake's hash. */
final class Prologues {
    private static final byte[] WIREGUARD =
            "WireGuard v1 zx2c4 Jason@zx2c4.com".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINK = "peermesh link".getBytes(StandardCharsets.US_ASCII);

    private Prologues() {}

    /** WireGuard's identifier (whitepaper §5.4). */
    static byte[] wireGuard() {
        return WIREGUARD.clone();
    }

    /** Label, the offer as it went over the wire, and the keyset's uuid (big-endian). */
    static byte[] link(LinkOffer offer, UUID keyset) {
        return ByteBuffer.allocate(LINK.length + LinkOffer.BYTES + 16)
                .put(LINK)
                .put(offer.toBytes())
                .putLong(keyset.getMostSignificantBits())
                .putLong(keyset.getLeastSignificantBits())
                .array();
    }
}
