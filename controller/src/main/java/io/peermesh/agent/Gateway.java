package io.peermesh.agent;

import io.peermesh.session.Keypair;
import io.peermesh.session.SessionMachine;
import io.peermesh.session.Tunnel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One controller as a client has it: its session, and the keys that stand by. Agent's thread. */
final class Gateway {
    final Tunnel tunnel;
    final SessionMachine machine;
    final Optional<Pack.Controller> known;

    /** Keys that the packet path does not have: sending with them would make us its client. */
    @Nullable Keypair standby;

    /** Whether the packet path has keys of this tunnel. */
    boolean installed;

    /** When the initiation went out that is waited for. */
    long initiationSentNanos;

    /** Initiations sent since the last answer. */
    int unanswered;

    /** Its address is routed into the overlay: we would send into our own tunnel. */
    boolean looped;

    Gateway(Tunnel tunnel, SessionMachine machine, Optional<Pack.Controller> known) {
        this.tunnel = tunnel;
        this.machine = machine;
        this.known = known;
    }

    int id() {
        return tunnel.id;
    }
}
