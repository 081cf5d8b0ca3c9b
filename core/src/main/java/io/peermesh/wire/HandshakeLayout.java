package io.peermesh.wire;

/**
 * Sizes of the handshake messages of the two dialects. They share types and order of fields; which
 * one applies follows from the socket.
 */
public enum HandshakeLayout {
    /** WireGuard, to the byte: initiation 148, response 92. */
    WIREGUARD(0, 12, 0, 0),
    /** Between controllers: an offer in clear, payloads in both messages. */
    LINK(LinkOffer.BYTES, LinkHello.BYTES, LinkWelcome.BYTES, 64);

    /** Length of a MAC field. */
    public static final int MAC_BYTES = 16;

    /** Both MAC fields at the end of a message. */
    public static final int MACS_BYTES = 2 * MAC_BYTES;

    /** Length of a cookie reply, in both dialects. */
    public static final int COOKIE_REPLY_BYTES = 64;

    /** The longest handshake message of all. */
    public static final int MAX_MESSAGE_BYTES = 512;

    private static final int EPHEMERAL_BYTES = 32;
    private static final int SEALED_STATIC_BYTES = 48;
    private static final int TAG_BYTES = 16;

    private final int offerBytes;
    private final int initiationPayloadBytes;
    private final int responsePayloadBytes;
    private final int growthBytes;

    HandshakeLayout(
            int offerBytes, int initiationPayloadBytes, int responsePayloadBytes, int growthBytes) {
        this.offerBytes = offerBytes;
        this.initiationPayloadBytes = initiationPayloadBytes;
        this.responsePayloadBytes = responsePayloadBytes;
        this.growthBytes = growthBytes;
    }

    /** Bytes in clear between the sender's index and the Noise message of an initiation. */
    public int offerBytes() {
        return offerBytes;
    }

    /** Length of an initiation. */
    public int initiationBytes() {
        return 8
                + offerBytes
                + EPHEMERAL_BYTES
                + SEALED_STATIC_BYTES
                + initiationPayloadBytes
                + TAG_BYTES
                + MACS_BYTES;
    }

    /** Length of a response. */
    public int responseBytes() {
        return 12 + EPHEMERAL_BYTES + responsePayloadBytes + TAG_BYTES + MACS_BYTES;
    }

    /** How much longer messages of a later version may be; their receiver ignores what is new. */
    public int growthBytes() {
        return growthBytes;
    }
}
