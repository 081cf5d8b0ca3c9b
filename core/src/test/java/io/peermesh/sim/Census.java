package io.peermesh.sim;

import io.peermesh.frame.Mem;
import io.peermesh.wire.MessageType;
import io.peermesh.wire.TransportHeader;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a world's datagrams are, counted while they are made: when there are too many of them it
 * says which. Those of controllers are told apart by their plain text, before it is sealed.
 */
final class Census {
    /** What a datagram is. */
    enum Kind {
        INITIATION,
        RESPONSE,
        COOKIE,
        /** Nothing inside. */
        KEEPALIVE,
        PACKET,
        PROBE,
        PROBE_REPLY,
        GOODBYE,
        ACKNOWLEDGEMENT,
        ADVERTISEMENT,
        OWNERSHIPS,
        SHARED_FIELDS,
        CLOCK,
        RELAYED,
        OTHER
    }

    private static final Kind[] CONTROL = {
        Kind.OTHER, Kind.PROBE, Kind.PROBE_REPLY, Kind.GOODBYE, Kind.OTHER, Kind.RELAYED
    };
    private static final Kind[] STREAM = {
        Kind.ACKNOWLEDGEMENT, Kind.ADVERTISEMENT, Kind.OWNERSHIPS, Kind.SHARED_FIELDS, Kind.CLOCK
    };
    private static final int CONTROL_STREAM = 4;

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

    /** A controller or client seals a plain text. */
    void onSealed(long from, int bytes) {
        count(kind(from, bytes));
    }

    private static Kind kind(long from, int bytes) {
        if (bytes == 0) {
            return Kind.KEEPALIVE;
        }
        int type = Mem.u8(from);
        if (type >>> 4 != 0) {
            return Kind.PACKET;
        }
        int payload = bytes > 1 ? Mem.u8(from + 1) : 0;
        return type == CONTROL_STREAM ? of(STREAM, payload) : of(CONTROL, type);
    }

    private static Kind of(Kind[] kinds, int code) {
        return code < kinds.length ? kinds[code] : Kind.OTHER;
    }

    /** The network takes a datagram; what was sealed is counted already. */
    void onCarried(byte[] datagram) {
        int type = datagram.length < TransportHeader.MIN_MESSAGE_BYTES ? 0 : datagram[0];
        switch (type) {
            case MessageType.INITIATION -> count(Kind.INITIATION);
            case MessageType.RESPONSE -> count(Kind.RESPONSE);
            case MessageType.COOKIE_REPLY -> count(Kind.COOKIE);
            default -> {}
        }
    }

    private void count(Kind kind) {
        counts.merge(kind, 1L, Long::sum);
    }

    /** Begins anew. */
    void clear() {
        counts.clear();
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
