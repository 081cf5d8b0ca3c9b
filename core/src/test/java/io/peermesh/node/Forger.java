package io.peermesh.node;

import io.peermesh.forward.DataCommand;
import io.peermesh.forward.DataEvent;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.ControlCodec;
import io.peermesh.wire.ControlCodec.Decoded;
import io.peermesh.wire.ControlMessage;
import io.peermesh.wire.ControlMessage.Segment;
import io.peermesh.wire.ControlMessage.Stream;
import io.peermesh.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Speaks to a node in the name of one of its peers, with right keys: whatever it likes. */
final class Forger {
    private static final long OWN_ID = 666;

    private final Pipe.Controller victim;
    private final Tunnel link;
    private final long victimId;
    private long sequence;

    /** Begins a stream of its own with the victim, in the name of a peer that is up. */
    Forger(Pipe pipe, int victim, int peer) {
        this.victim = pipe.controller(victim);
        link = this.victim.linkTo(peer).orElseThrow();
        victimId = greet();
    }

    private long greet() {
        say(new Stream(OWN_ID, 0, 0, 0, Optional.empty()));
        return answers().stream()
                .filter(Stream.class::isInstance)
                .map(Stream.class::cast)
                .filter(stream -> stream.to() == OWN_ID)
                .findFirst()
                .orElseThrow()
                .from();
    }

    /** What the victim says on the link in this turn. */
    private List<ControlMessage> answers() {
        var said = new ArrayList<ControlMessage>();
        victim.node.drainCommands(command -> {
            if (command instanceof DataCommand.SendControl(Tunnel tunnel, byte[] plaintext)
                    && tunnel == link
                    && ControlCodec.decode(plaintext) instanceof Decoded.Message decoded) {
                said.add(decoded.message());
            }
            victim.path.execute(command);
        });
        return said;
    }

    /** Any message. */
    void say(ControlMessage message) {
        victim.onEvent(new DataEvent.ControlReceived(link, ControlCodec.encode(message)));
    }

    /** The next payload of the stream. */
    void tell(Payload payload) {
        sequence++;
        var segment = Optional.of(new Segment(sequence, payload));
        say(new Stream(OWN_ID, victimId, 0, 0, segment));
        victim.node.drainCommands(victim.path::execute);
    }
}
