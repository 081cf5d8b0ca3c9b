package io.peermesh.sim;

import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;

import io.peermesh.forward.DataCommand;
import io.peermesh.forward.DataEvent;
import io.peermesh.routing.ReliableStream;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.ControlCodec;
import io.peermesh.wire.ControlCodec.Decoded;
import io.peermesh.wire.ControlMessage;
import io.peermesh.wire.ControlMessage.Stream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A compromised controller. It has the right keys, answers probes and carries clients, so its links
 * are up; but its streams are not its node's: what the node wants to say there is kept, and so is
 * what the peers say. In its place go {@link Lies}, in streams that peers take for good ones, and
 * around them.
 */
final class Liar {
    private static final long TICK_NANOS = 5 * MILLISECOND;
    private static final long RETRANSMIT_NANOS = 100 * MILLISECOND;

    /** A link of which nothing was heard for so long is gone. */
    private static final long FORGET_NANOS = 5 * SECOND;

    private final World world;
    private final SimController self;
    private final Lies lies;
    private final double perTick;
    private final Map<Tunnel, Mouth> mouths = new LinkedHashMap<>();
    private boolean silent;
    private long told;

    private final class Mouth {
        final ReliableStream stream = new ReliableStream(1 + world.random().nextLong(1L << 60));
        long heardNanos;
    }

    /**
     * Begins to lie.
     *
     * @param perSecond lies on each link
     */
    Liar(World world, SimController self, Lies lies, int perSecond) {
        this.world = world;
        this.self = self;
        this.lies = lies;
        perTick = (double) perSecond * TICK_NANOS / SECOND;
        self.lie(Optional.of(this));
        world.tell(self.name(), "lies");
        speak();
    }

    /** Says nothing more. */
    void fallSilent() {
        silent = true;
        world.tell(self.name(), "has lied " + told + " times, and falls silent");
    }

    /** How many lies it has told. */
    long told() {
        return told;
    }

    // ---- between the node and its links

    /** Whether the node's command is not carried out. */
    boolean keeps(DataCommand command) {
        return command instanceof DataCommand.SendControl(Tunnel link, byte[] text)
                && stream(link, text).isPresent();
    }

    /** Whether the node does not hear of it. */
    boolean keeps(DataEvent event) {
        if (!(event instanceof DataEvent.ControlReceived(Tunnel link, byte[] text))) {
            return false;
        }
        Optional<Stream> stream = stream(link, text);
        stream.ifPresent(message -> hear(mouth(link), message));
        return stream.isPresent();
    }

    private Optional<Stream> stream(Tunnel link, byte[] text) {
        mouth(link).heardNanos = world.nowNanos();
        return ControlCodec.decode(text) instanceof Decoded.Message(Stream message)
                ? Optional.of(message)
                : Optional.empty();
    }

    private Mouth mouth(Tunnel link) {
        return mouths.computeIfAbsent(
                link,
                _ -> {
                    var mouth = new Mouth();
                    mouth.stream.resume(world.nowNanos());
                    return mouth;
                });
    }

    private void hear(Mouth mouth, Stream message) {
        mouth.stream.onMessage(message, world.nowNanos()).payload().ifPresent(lies::learn);
    }

    // ---- what it says

    private void speak() {
        if (silent) {
            return;
        }
        mouths.values().removeIf(mouth -> world.nowNanos() - mouth.heardNanos > FORGET_NANOS);
        if (self.isRunning() && !self.isPaused()) {
            List.copyOf(mouths.keySet()).forEach(this::speak);
        }
        world.after(TICK_NANOS, this::speak);
    }

    private void speak(Tunnel link) {
        ReliableStream stream = mouth(link).stream;
        long now = world.nowNanos();
        stream.onTimer(RETRANSMIT_NANOS, now).forEach(message -> say(link, message));
        stream.takeAcknowledgement(now).ifPresent(message -> say(link, message));
        double left = perTick;
        while (left >= 1 || world.chance(left)) {
            left--;
            told++;
            if (stream.hasRoom() && world.random().nextInt(4) > 0) {
                say(link, stream.send(lies.payload(), RETRANSMIT_NANOS, now));
            } else {
                self.say(link, lies.message());
            }
        }
    }

    private void say(Tunnel link, ControlMessage message) {
        self.say(link, ControlCodec.encode(message));
    }
}
