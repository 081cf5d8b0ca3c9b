package io.peermesh.wire;

import io.peermesh.wire.ControlMessage.Goodbye;
import io.peermesh.wire.ControlMessage.Probe;
import io.peermesh.wire.ControlMessage.ProbeReply;
import io.peermesh.wire.ControlMessage.Segment;
import io.peermesh.wire.ControlMessage.Stream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Bytes of {@link ControlMessage}s. Numbers are big-endian; reserved bytes are zero, and refused
 * otherwise.
 *
 * <pre>
 * Probe         0      1          4          8
 *               | 0x01 | reserved | sequence | sent nanos (8) |
 *
 * Probe reply   0      1          4          8                16
 *               | 0x02 | reserved | sequence | echo nanos (8) | received probes (4) |
 *
 * Goodbye       0      1       2
 *               | 0x03 | cause | reserved (2) |      cause 1: stopping, 2: unpeered
 *
 * Stream        0      1              2              4                       8
 *               | 0x04 | payload type | reserved (2) | acknowledged beyond   | from (8) |
 *               16       24               32             40
 *               | to (8) | acknowledged (8) | sequence (8) | payload, see PayloadCodec ... |
 *
 * A stream message with payload type 0 ends at 32: it only acknowledges.
 * </pre>
 */
public final class ControlCodec {
    /** The longest control message: it fits the smallest inner MTU of a link, 1280 bytes. */
    public static final int MAX_BYTES = 1200;

    private static final int PROBE = 0x01;
    private static final int PROBE_REPLY = 0x02;
    private static final int GOODBYE = 0x03;
    private static final int STREAM = 0x04;
    private static final int STREAM_HEADER_BYTES = 40;

    /** The longest payload of a stream message. */
    public static final int MAX_PAYLOAD_BYTES = MAX_BYTES - STREAM_HEADER_BYTES;

    private ControlCodec() {}

    /** What decoding gives. */
    public sealed interface Decoded {
        /** Well-formed. */
        record Message(ControlMessage message) implements Decoded {}

        /** Not a control message; {@code reason} for counters and logs. */
        record Malformed(String reason) implements Decoded {}
    }

    /** The bytes of a message. Limits are the caller's duty; a message beyond them is a bug. */
    public static byte[] encode(ControlMessage message) {
        ByteBuffer to = ByteBuffer.allocate(MAX_BYTES);
        switch (message) {
            case Probe probe ->
                    to.putInt(PROBE << 24).putInt(probe.sequence()).putLong(probe.sentNanos());
            case ProbeReply reply ->
                    to.putInt(PROBE_REPLY << 24)
                            .putInt(reply.sequence())
                            .putLong(reply.echoNanos())
                            .putInt(reply.receivedProbes());
            case Goodbye goodbye -> to.putInt(GOODBYE << 24 | goodbye.cause().code << 16);
            case Stream stream -> encode(stream, to);
        }
        byte[] bytes = new byte[to.position()];
        to.flip().get(bytes);
        return bytes;
    }

    private static void encode(Stream stream, ByteBuffer to) {
        int type = stream.segment().map(segment -> PayloadCodec.type(segment.payload())).orElse(0);
        to.putInt(STREAM << 24 | type << 16)
                .putInt(stream.acknowledgedBeyond())
                .putLong(stream.from())
                .putLong(stream.to())
                .putLong(stream.acknowledged());
        if (stream.segment().isPresent()) {
            to.putLong(stream.segment().get().sequence());
            PayloadCodec.encode(stream.segment().get().payload(), to);
        }
    }

    /** Reads a message that came through a link; never throws. */
    public static Decoded decode(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return new Decoded.Malformed("longer than " + MAX_BYTES + " bytes");
        }
        ByteReader from = new ByteReader(bytes);
        Optional<ControlMessage> message = decode(from);
        from.end();
        return from.failure().isPresent() || message.isEmpty()
                ? new Decoded.Malformed(from.failure().orElse("unknown type"))
                : new Decoded.Message(message.get());
    }

    private static Optional<ControlMessage> decode(ByteReader from) {
        return switch (from.u8()) {
            case PROBE -> {
                from.reserved(3);
                yield Optional.of(new Probe(from.i32(), from.i64()));
            }
            case PROBE_REPLY -> {
                from.reserved(3);
                yield Optional.of(new ProbeReply(from.i32(), from.i64(), from.i32()));
            }
            case GOODBYE -> Optional.of(new Goodbye(cause(from)));
            case STREAM -> Optional.of(stream(from));
            default -> {
                from.fail("unknown type");
                yield Optional.empty();
            }
        };
    }

    private static Goodbye.Cause cause(ByteReader from) {
        int code = from.u8();
        from.reserved(2);
        for (Goodbye.Cause cause : Goodbye.Cause.values()) {
            if (cause.code == code) {
                return cause;
            }
        }
        from.fail("unknown cause");
        return Goodbye.Cause.STOPPING;
    }

    private static Stream stream(ByteReader from) {
        int type = from.u8();
        from.reserved(2);
        int beyond = from.i32();
        long sender = from.i64();
        long receiver = from.i64();
        long acknowledged = from.i64();
        from.require(sender != 0, "stream without sender");
        from.require(acknowledged >= 0, "negative acknowledgement");
        Optional<Segment> segment = Optional.empty();
        if (type != 0) {
            long sequence = from.i64();
            from.require(sequence >= 1, "sequence below 1");
            segment = Optional.of(new Segment(sequence, PayloadCodec.decode(type, from)));
        }
        return new Stream(sender, receiver, acknowledged, beyond, segment);
    }
}
