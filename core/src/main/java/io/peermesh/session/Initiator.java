package io.peermesh.session;

import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.Secret;
import io.peermesh.noise.NoiseInitiator;
import io.peermesh.wire.HandshakeMessage.Initiation;
import io.peermesh.wire.LinkOffer;
import io.peermesh.wire.Tai64n;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Makes initiations to one peer, and reads the response to the last of them. */
final class Initiator {
    private final HandshakeContent content;
    private final Identity self;
    private final PublicKey peer;
    private final SessionPorts ports;

    private Tai64n lastTimestamp = Tai64n.NONE;
    private @Nullable NoiseInitiator noise;
    private int index;
    private boolean crossed;

    Initiator(HandshakeContent content, Identity self, PublicKey peer, SessionPorts ports) {
        this.content = content;
        this.self = self;
        this.peer = peer;
        this.ports = ports;
    }

    /** A new initiation without MACs; the one before it is forgotten. */
    Outcome begin(SessionMachine owner, long epochNanos) {
        drop();
        OptionalInt allocated = ports.indices().allocate(owner);
        if (allocated.isEmpty()) {
            return new Outcome.Failed(new No(Refusal.NO_INDEX, ""));
        }
        index = allocated.getAsInt();
        crossed = false;
        Optional<LinkOffer> offer = content.offer();
        Secret ephemeral = Secrets.random(ports.entropy());
        var started = new NoiseInitiator(content.prologue(offer), self, peer, ephemeral);
        noise = started;
        Optional<byte[]> sealed = started.writeInitiation(content.hello(timestamp(epochNanos)));
        if (sealed.isEmpty()) {
            drop();
            return new Outcome.Failed(
                    new No(Refusal.NOT_AUTHENTIC, "the public key " + peer + " is weak"));
        }
        return new Outcome.Made(new Initiation(index, offer, sealed.get()).toBytes());
    }

    /** Grows even where the wall clock stands still or goes backwards. */
    private Tai64n timestamp(long epochNanos) {
        Tai64n clock = Tai64n.coarse(epochNanos);
        lastTimestamp = lastTimestamp.compareTo(clock) >= 0 ? lastTimestamp.nextCoarse() : clock;
        return lastTimestamp;
    }

    /** Timestamps are later than this from now on. */
    void raise(Tai64n floor) {
        lastTimestamp = Tai64n.max(lastTimestamp, floor);
    }

    /** The timestamp of the last initiation. */
    Tai64n lastTimestamp() {
        return lastTimestamp;
    }

    /** Whether a response to this index is waited for. */
    boolean awaits(int receiver) {
        return noise != null && index == receiver;
    }

    /** Notes that we answered an initiation of the peer while ours is under way. */
    void onAnsweredPeer() {
        crossed = true;
    }

    /** Whether the peer's handshake is under way as well. */
    boolean isCrossed() {
        return crossed;
    }

    /** The index of the initiation that is under way, and later of its keys. */
    int index() {
        return index;
    }

    /** Reads a response for which {@link #awaits} is true. A forged one changes nothing. */
    Optional<NoiseInitiator.Completed> read(byte[] message, Secret presharedKey) {
        return noise == null ? Optional.empty() : noise.readResponse(message, presharedKey);
    }

    /** Ends the handshake that is under way; its index lives on with the keys. */
    void complete() {
        if (noise != null) {
            noise.wipe();
            noise = null;
        }
    }

    /** Forgets the handshake that is under way, and its index. */
    void drop() {
        if (noise != null) {
            ports.indices().release(index);
            complete();
        }
    }

    /** What became of {@link #begin}. */
    sealed interface Outcome {
        /** To be signed and sent. */
        record Made(byte[] message) implements Outcome {}

        /** There is no initiation. */
        record Failed(No no) implements Outcome {}
    }
}
