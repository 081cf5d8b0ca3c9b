package io.peermesh.wire;

import java.util.Optional;

/**
 * What two controllers say to each other inside their peer link. The upper nibble of the first byte
 * is 0, so that no control message looks like an IP packet; each fits one packet ({@link
 * ControlCodec#MAX_BYTES}).
 *
 * <p>Probe, reply and goodbye stand alone and may be lost. Everything that must arrive is the
 * {@link Payload} of a {@link Stream} message.
 */
public sealed interface ControlMessage {
    /**
     * "Are you there?"
     *
     * @param sequence counts the sender's probes on this link, from 0; wraps
     * @param sentNanos the sender's clock, meaningless to the receiver, which echoes it
     */
    record Probe(int sequence, long sentNanos) implements ControlMessage {}

    /**
     * Answer to one probe, sent at once.
     *
     * @param sequence of the probe
     * @param echoNanos {@code sentNanos} of the probe
     * @param receivedProbes how many of the other's probes arrived so far; wraps. The difference
     *     between two replies tells the prober its loss on the way out
     */
    record ProbeReply(int sequence, long echoNanos, int receivedProbes) implements ControlMessage {}

    /** The sender takes its end of the link down on purpose. */
    record Goodbye(Cause cause) implements ControlMessage {
        /** Why. */
        public enum Cause {
            /** The controller stops. */
            STOPPING(1),
            /** The controller no longer has this peer, or changes its id or keyset. */
            UNPEERED(2);

            final int code;

            Cause(int code) {
                this.code = code;
            }
        }
    }

    /**
     * One message of the reliable stream of a link, or only an acknowledgement when there is no
     * segment.
     *
     * @param from random id of the sender's end, new whenever it has lost what it knew; never 0
     * @param to the other end's id as the sender knows it, 0 while it does not
     * @param acknowledged all segments up to this sequence were received; 0 for none
     * @param acknowledgedBeyond bit i: segment {@code acknowledged + 2 + i} was received as well
     */
    record Stream(
            long from,
            long to,
            long acknowledged,
            int acknowledgedBeyond,
            Optional<Segment> segment)
            implements ControlMessage {}

    /**
     * A payload with its place in the stream.
     *
     * @param sequence from 1, without gaps
     */
    record Segment(long sequence, Payload payload) {}
}
