package io.peermesh.routing;

import io.peermesh.wire.ControlMessage.Segment;
import io.peermesh.wire.ControlMessage.Stream;
import io.peermesh.wire.Payload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Carries payloads over one peer link: each arrives exactly once as long as both ends keep their
 * memory. They are handed over as they arrive, not in the order of sending: payloads merge in any
 * order (the newest record wins), and so a lost one holds up nothing behind it.
 *
 * <p>Each end has a random id, new when the end is made anew. A stream is the pair of both ids:
 *
 * <pre>
 *   UNKNOWN PEER  -- any message -------------------&gt;  PAIRED   (everything is to be sent)
 *   PAIRED        -- message from another id -------&gt;  PAIRED   (the peer lost its memory:
 *                                                               everything is to be sent again)
 * </pre>
 *
 * <p>UNKNOWN PEER: says hello, that is an empty message, until the peer's id is known. PAIRED:
 * sends segments, up to {@link #WINDOW} unacknowledged ones, and repeats what stays unacknowledged;
 * yet another end is not believed for {@link #RESTART_INTERVAL_NANOS}, its repetitions are then. A
 * message that is not meant for our id is answered with ours, and nothing else of it is used. While
 * the link is down nothing is sent, and nothing is forgotten.
 */
public final class ReliableStream {
    /** Segments under way, at most: as many as one acknowledgement can name. */
    public static final int WINDOW = 32;

    /**
     * What arrived is acknowledged after this time at the latest, so that one message names many
     * segments; who repeats allows for it.
     */
    public static final long ACKNOWLEDGE_NANOS = 10_000_000L;

    /** And at once when so many have arrived. */
    static final int ACKNOWLEDGE_EVERY = 8;

    /** Repeating slows down to this many times the first delay. */
    static final int MAX_BACKOFF = 16;

    /** A segment that this many later ones overtook is repeated at once. */
    static final int OVERTAKEN_BY = 3;

    /**
     * The peer loses its memory no more often: each time costs a whole window of messages, and
     * datagrams of its former life may still be under way.
     */
    static final long RESTART_INTERVAL_NANOS = 200_000_000L;

    /** {@link #nextDeadlineNanos} when nothing is due. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private static final long UNKNOWN_PEER = 0;

    private final long localId;
    private long remoteId = UNKNOWN_PEER;
    private final Deque<InFlight> inFlight = new ArrayDeque<>();
    private long nextSequence = 1;
    private long received; // all up to here
    private int receivedBeyond; // bit i: received + 2 + i as well
    private int unacknowledged; // segments that arrived since the last message of ours
    private long acknowledgeDueNanos = NO_DEADLINE;
    private boolean active;
    private long helloDueNanos = NO_DEADLINE;
    private long pairedNanos;
    private long ignored;

    /** An end with the given random id, which is not 0. */
    public ReliableStream(long localId) {
        if (localId == UNKNOWN_PEER) {
            throw new IllegalArgumentException("0 stands for an unknown peer");
        }
        this.localId = localId;
    }

    private static final class InFlight {
        final Segment segment;
        long dueNanos;
        int sent = 1;
        boolean acknowledged;

        InFlight(Segment segment, long dueNanos) {
            this.segment = segment;
            this.dueNanos = dueNanos;
        }
    }

    /**
     * What a message brought.
     *
     * @param payload something new
     * @param restarted the peer has lost its memory: everything that it must know is to be sent
     */
    public record Received(Optional<Payload> payload, boolean restarted) {}

    /** The link is up: repeats at once what is unacknowledged, or says hello. */
    public void resume(long nowNanos) {
        active = true;
        helloDueNanos = nowNanos;
        for (InFlight segment : inFlight) {
            segment.dueNanos = nowNanos;
            segment.sent = 0;
        }
    }

    /** The link is down: keeps everything and sends nothing. */
    public void pause() {
        active = false;
    }

    /** Whether {@link #send} may be called. */
    public boolean hasRoom() {
        return active && isPaired() && inFlight.size() < WINDOW;
    }

    /** Takes a payload and gives the message to send; only when {@link #hasRoom}. */
    public Stream send(Payload payload, long retransmitNanos, long nowNanos) {
        if (!hasRoom()) {
            throw new IllegalStateException("no room in the stream");
        }
        Segment segment = new Segment(nextSequence++, payload);
        inFlight.add(new InFlight(segment, nowNanos + retransmitNanos));
        return message(Optional.of(segment));
    }

    /** Gives the messages that are due again. */
    public List<Stream> onTimer(long retransmitNanos, long nowNanos) {
        var due = new ArrayList<Stream>();
        if (active && !isPaired() && helloDueNanos <= nowNanos) {
            helloDueNanos = nowNanos + retransmitNanos;
            due.add(message(Optional.empty()));
        }
        for (InFlight segment : active ? inFlight : List.<InFlight>of()) {
            if (!segment.acknowledged && segment.dueNanos <= nowNanos) {
                int backoff = Math.min(1 << Math.min(segment.sent, 4), MAX_BACKOFF);
                segment.dueNanos = nowNanos + retransmitNanos * backoff;
                segment.sent++;
                due.add(message(Optional.of(segment.segment)));
            }
        }
        return due;
    }

    /** Takes in a message. */
    public Received onMessage(Stream message, long nowNanos) {
        boolean restarted = message.from() != remoteId;
        if (restarted && isPaired() && nowNanos - pairedNanos < RESTART_INTERVAL_NANOS) {
            ignored++;
            return new Received(Optional.empty(), false);
        }
        if (restarted) {
            forget(message.from());
            pairedNanos = nowNanos;
        }
        if (message.to() != localId) {
            acknowledgeDueNanos = nowNanos;
            return new Received(Optional.empty(), restarted);
        }
        acknowledge(message.acknowledged(), message.acknowledgedBeyond(), nowNanos);
        Optional<Payload> payload =
                message.segment()
                        .filter(segment -> isFirst(segment.sequence(), nowNanos))
                        .map(Segment::payload);
        return new Received(payload, restarted);
    }

    private boolean isPaired() {
        return remoteId != UNKNOWN_PEER;
    }

    /** How many messages came from yet another end too soon. */
    public long ignored() {
        return ignored;
    }

    private void forget(long newRemoteId) {
        remoteId = newRemoteId;
        inFlight.clear();
        nextSequence = 1;
        received = 0;
        receivedBeyond = 0;
    }

    private void acknowledge(long upTo, int beyond, long nowNanos) {
        long highest = upTo + 1 + (Integer.SIZE - Integer.numberOfLeadingZeros(beyond));
        if (upTo >= nextSequence || (beyond != 0 && highest >= nextSequence)) {
            return; // acknowledges what was never sent
        }
        for (InFlight segment : inFlight) {
            long distance = segment.segment.sequence() - upTo;
            boolean named = distance >= 2 && distance <= WINDOW + 1;
            if (distance <= 0 || (named && (beyond >>> (int) (distance - 2) & 1) != 0)) {
                segment.acknowledged = true;
            }
        }
        while (!inFlight.isEmpty() && inFlight.peek().acknowledged) {
            inFlight.remove();
        }
        repeatOvertaken(nowNanos);
    }

    private void repeatOvertaken(long nowNanos) {
        int later = (int) inFlight.stream().filter(segment -> segment.acknowledged).count();
        for (InFlight segment : inFlight) {
            if (segment.acknowledged) {
                later--;
            } else if (later >= OVERTAKEN_BY && segment.sent == 1) {
                segment.dueNanos = nowNanos;
            }
        }
    }

    /** Notes a sequence; false when it was received before, or lies beyond any honest window. */
    private boolean isFirst(long sequence, long nowNanos) {
        long distance = sequence - received;
        boolean beyond = distance >= 2;
        int bit = beyond ? 1 << (int) (distance - 2) : 0;
        boolean first = distance >= 1 && distance <= WINDOW + 1 && (receivedBeyond & bit) == 0;
        owe(first, nowNanos);
        if (!first) {
            return false;
        }
        if (beyond) {
            receivedBeyond |= bit;
            return true;
        }
        received++;
        while ((receivedBeyond & 1) != 0) {
            received++;
            receivedBeyond >>>= 1;
        }
        receivedBeyond >>>= 1; // bit 0 stood for received + 2, which is now received + 1 + 1
        return true;
    }

    /** What comes again was not acknowledged, or that got lost: then there is no time to wait. */
    private void owe(boolean first, long nowNanos) {
        unacknowledged++;
        boolean wait = first && unacknowledged < ACKNOWLEDGE_EVERY;
        long due = wait ? nowNanos + ACKNOWLEDGE_NANOS : nowNanos;
        acknowledgeDueNanos = Math.min(acknowledgeDueNanos, due);
    }

    /** An acknowledgement, if one is due and no message has carried it meanwhile. */
    public Optional<Stream> takeAcknowledgement(long nowNanos) {
        return acknowledgeDueNanos <= nowNanos
                ? Optional.of(message(Optional.empty()))
                : Optional.empty();
    }

    private Stream message(Optional<Segment> segment) {
        unacknowledged = 0;
        acknowledgeDueNanos = NO_DEADLINE;
        return new Stream(localId, remoteId, received, receivedBeyond, segment);
    }

    /** When {@link #onTimer} or {@link #takeAcknowledgement} has something. */
    public long nextDeadlineNanos() {
        if (!active) {
            return acknowledgeDueNanos;
        }
        long earliest = isPaired() ? NO_DEADLINE : helloDueNanos;
        earliest = Math.min(earliest, acknowledgeDueNanos);
        for (InFlight segment : inFlight) {
            if (!segment.acknowledged) {
                earliest = Math.min(earliest, segment.dueNanos);
            }
        }
        return earliest;
    }

    /** Whether the peer has acknowledged everything that was sent. */
    public boolean isIdle() {
        return inFlight.isEmpty();
    }
}
