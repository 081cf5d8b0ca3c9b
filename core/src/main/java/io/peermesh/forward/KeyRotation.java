package io.peermesh.forward;

import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;
import org.jspecify.annotations.Nullable;

/**
 * Which keypair of a tunnel is used for what, exactly as WireGuard rotates them.
 *
 * <pre>
 *   Install as responder:   next &lt;- new,  previous &lt;- none        (old next, old previous retire)
 *   first packet under next:  previous &lt;- current,  current &lt;- next,  next &lt;- none
 *   Install as initiator:   previous &lt;- next if any, else current;  current &lt;- new,  next &lt;- none
 * </pre>
 *
 * A keypair that is in none of the three places is wiped, out of the table, and reported.
 */
final class KeyRotation {
    private final SessionTable sessions;
    private final Events events;

    KeyRotation(SessionTable sessions, Events events) {
        this.sessions = sessions;
        this.events = events;
    }

    void install(Tunnel tunnel, Keypair keypair) {
        sessions.put(tunnel, keypair);
        if (keypair.initiator) {
            installAsInitiator(tunnel, keypair);
        } else {
            installAsResponder(tunnel, keypair);
        }
    }

    private void installAsInitiator(Tunnel tunnel, Keypair keypair) {
        Keypair oldPrevious = tunnel.previous;
        Keypair oldCurrent = tunnel.current;
        Keypair pending = tunnel.next;
        tunnel.previous = pending != null ? pending : oldCurrent;
        tunnel.current = keypair;
        tunnel.next = null;
        retire(tunnel, oldPrevious);
        if (pending != null) {
            retire(tunnel, oldCurrent);
        }
    }

    private void installAsResponder(Tunnel tunnel, Keypair keypair) {
        Keypair oldNext = tunnel.next;
        Keypair oldPrevious = tunnel.previous;
        tunnel.next = keypair;
        tunnel.previous = null;
        retire(tunnel, oldNext);
        retire(tunnel, oldPrevious);
    }

    /** The other side has used {@link Tunnel#next}: from now on so do we. */
    void promote(Tunnel tunnel, Keypair keypair) {
        Keypair oldPrevious = tunnel.previous;
        tunnel.previous = tunnel.current;
        tunnel.current = keypair;
        tunnel.next = null;
        retire(tunnel, oldPrevious);
        events.tell(new DataEvent.Confirmed(tunnel, keypair));
    }

    void clear(Tunnel tunnel) {
        Keypair current = tunnel.current;
        Keypair next = tunnel.next;
        Keypair previous = tunnel.previous;
        tunnel.current = null;
        tunnel.next = null;
        tunnel.previous = null;
        retire(tunnel, current);
        retire(tunnel, next);
        retire(tunnel, previous);
    }

    private void retire(Tunnel tunnel, @Nullable Keypair keypair) {
        if (keypair == null) {
            return;
        }
        sessions.remove(keypair);
        keypair.close();
        events.tell(new DataEvent.Retired(tunnel, keypair));
    }
}
