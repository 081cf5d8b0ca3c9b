package io.peermesh.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * The handshake messages, parsed but not yet believed. {@code noise} is the message of the Noise
 * protocol as its specification lays it out; the MACs are the last 32 bytes of the datagram and are
 * checked on the datagram itself.
 *
 * <pre>
 * initiation  0        1          4              8                 8+o        148+o+p-12-32  ..  end
 *             | type 1 | 0  0  0  | sender (LE)  | offer (links)   | noise 96+p | mac1 16 | mac2 16 |
 *
 * response    0        1          4              8                 12           60+q              end
 *             | type 2 | 0  0  0  | sender (LE)  | receiver (LE)   | noise 48+q | mac1 16 | mac2 16 |
 *
 * cookie      0        1          4              8                 32                     64
 * reply       | type 3 | 0  0  0  | receiver (LE)| nonce 24        | sealed cookie 32     |
 *
 *               offer o   payload p   payload q   initiation   response
 *   WireGuard   0         12          0           148          92
 *   links       8         40          28          184          120     (up to 64 more: later versions)
 * </pre>
 */
public sealed interface HandshakeMessage {
    /**
     * The first message.
     *
     * @param sender index that the response shall bear
     * @param offer present on links
     */
    record Initiation(int sender, Optional<LinkOffer> offer, byte[] noise)
            implements HandshakeMessage {
        /** The datagram with both MAC fields zero. */
        public byte[] toBytes() {
            byte[] clear = offer.map(LinkOffer::toBytes).orElseGet(() -> new byte[0]);
            return start(8 + clear.length + noise.length, MessageType.INITIATION)
                    .putInt(sender)
                    .put(clear)
                    .put(noise)
                    .array();
        }
    }

    /**
     * The second message.
     *
     * @param sender index for the initiator's transport messages
     * @param receiver the initiation's sender index
     */
    record Response(int sender, int receiver, byte[] noise) implements HandshakeMessage {
        /** The datagram with both MAC fields zero. */
        public byte[] toBytes() {
            return start(12 + noise.length, MessageType.RESPONSE)
                    .putInt(sender)
                    .putInt(receiver)
                    .put(noise)
                    .array();
        }
    }

    /**
     * Asks the sender to prove its address first.
     *
     * @param receiver the sender index of the message that is answered
     * @param nonce 24 bytes
     * @param sealedCookie 32 bytes
     */
    record CookieReply(int receiver, byte[] nonce, byte[] sealedCookie)
            implements HandshakeMessage {
        /** Length of {@link #nonce}. */
        public static final int NONCE_BYTES = 24;

        /** The datagram. */
        public byte[] toBytes() {
            return ByteBuffer.allocate(HandshakeLayout.COOKIE_REPLY_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(MessageType.COOKIE_REPLY)
                    .putInt(receiver)
                    .put(nonce)
                    .put(sealedCookie)
                    .array();
        }
    }

    /** Not a handshake message of this layout. */
    record Malformed(String reason) implements HandshakeMessage {}

    /** Reads a datagram. */
    static HandshakeMessage parse(HandshakeLayout layout, byte[] datagram) {
        if (datagram.length < 8) {
            return new Malformed("shorter than any message");
        }
        ByteBuffer in = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
        int first = in.getInt(); // type and three zero bytes at once
        return switch (first) {
            case MessageType.INITIATION -> initiation(layout, datagram, in);
            case MessageType.RESPONSE -> response(layout, datagram, in);
            case MessageType.COOKIE_REPLY -> cookieReply(datagram, in);
            default -> new Malformed("not a handshake type, or reserved bytes set");
        };
    }

    private static HandshakeMessage initiation(
            HandshakeLayout layout, byte[] datagram, ByteBuffer in) {
        if (!isLength(datagram, layout.initiationBytes(), layout.growthBytes())) {
            return new Malformed("wrong length of an initiation");
        }
        Optional<LinkOffer> offer =
                layout.offerBytes() == 0
                        ? Optional.empty()
                        : Optional.of(LinkOffer.parse(datagram, 8));
        if (offer.isPresent() && !offer.get().isValid()) {
            return new Malformed("offer out of range");
        }
        return new Initiation(in.getInt(), offer, noise(datagram, 8 + layout.offerBytes()));
    }

    private static HandshakeMessage response(
            HandshakeLayout layout, byte[] datagram, ByteBuffer in) {
        if (!isLength(datagram, layout.responseBytes(), layout.growthBytes())) {
            return new Malformed("wrong length of a response");
        }
        return new Response(in.getInt(), in.getInt(), noise(datagram, 12));
    }

    private static HandshakeMessage cookieReply(byte[] datagram, ByteBuffer in) {
        if (datagram.length != HandshakeLayout.COOKIE_REPLY_BYTES) {
            return new Malformed("wrong length of a cookie reply");
        }
        int receiver = in.getInt();
        int cookie = 8 + CookieReply.NONCE_BYTES;
        return new CookieReply(
                receiver,
                Arrays.copyOfRange(datagram, 8, cookie),
                Arrays.copyOfRange(datagram, cookie, datagram.length));
    }

    private static boolean isLength(byte[] datagram, int least, int growth) {
        return datagram.length >= least && datagram.length <= least + growth;
    }

    private static byte[] noise(byte[] datagram, int from) {
        return Arrays.copyOfRange(datagram, from, datagram.length - HandshakeLayout.MACS_BYTES);
    }

    private static ByteBuffer start(int bytesBeforeMacs, int type) {
        return ByteBuffer.allocate(bytesBeforeMacs + HandshakeLayout.MACS_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type);
    }
}
