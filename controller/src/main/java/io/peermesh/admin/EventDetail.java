package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an event says in figures, beside its text for people. Immutable.
 *
 * @param cause one of few words, such as {@code silence}; empty for none
 * @param peer the controller that it is about
 * @param client overlay address of the client that it is about
 * @param measures only those that are known
 */
public record EventDetail(
        String cause, OptionalInt peer, Optional<IpAddress> client, Map<Measure, Long> measures) {
    /** Nothing but the text. */
    public static final EventDetail NONE =
            new EventDetail("", OptionalInt.empty(), Optional.empty(), Map.of());

    /** Copies the map. */
    public EventDetail {
        measures = Map.copyOf(measures);
    }

    /** A figure; times are microseconds. The lower-case name is part of the API. */
    public enum Measure {
        /** Since the other side was last heard, when the event was noticed. */
        SILENT_MICROS,
        /** From the last sign of life to the decision. */
        DETECT_MICROS,
        /** From the decision until packets go the new way. */
        MOVE_MICROS,
        /** How long a link that has returned is not used yet. */
        HOLD_DOWN_MICROS,
        /** Round-trip time. */
        RTT_MICROS,
        /** Without an answer, as measured from outside: last reply before to first one after. */
        OUTAGE_MICROS,
        /** From the end of a drill until the peer answered on the link again. */
        RETURN_MICROS,
        /** Probes that were lost, of a million. */
        LOSS_PPM,
        /** Sent towards the dead hop since it was last heard: an upper bound of those lost. */
        LOST_PACKETS_AT_MOST,
        /** Where a client was. */
        FROM_CONTROLLER,
        /** Where a client is. */
        TO_CONTROLLER;

        /** The name outside of the program. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** About a peer. */
    public static EventDetail ofPeer(int controllerId, String cause) {
        return new EventDetail(cause, OptionalInt.of(controllerId), Optional.empty(), Map.of());
    }

    /** About a client. */
    public static EventDetail ofClient(IpAddress client, String cause) {
        return new EventDetail(cause, OptionalInt.empty(), Optional.of(client), Map.of());
    }

    /** The same with a figure more. */
    public EventDetail with(Measure measure, long value) {
        var more = new EnumMap<Measure, Long>(Measure.class);
        more.putAll(measures);
        more.put(measure, value);
        return new EventDetail(cause, peer, client, more);
    }

    /** The same with a time more, given in nanoseconds; a negative one is unknown. */
    public EventDetail withNanos(Measure measure, long nanos) {
        return nanos < 0 ? this : with(measure, nanos / 1000);
    }
}
