package io.peermesh.node;

import io.peermesh.crypto.PublicKey;
import io.peermesh.ip.IpAddress;
import io.peermesh.session.Activity;
import io.peermesh.session.SessionMachine;
import io.peermesh.session.Tunnel;
import java.util.Optional;

/**
 * One clientpack at this controller. The session machine is made when first needed; a client that
 * never comes costs a few hundred bytes.
 */
final class ClientSession extends Timed {
    private static final long SECOND = 1_000_000_000L;

    /** A client without a usable session that was silent for this long is let go. */
    static final long IDLE_NANOS = 180 * SECOND;

    final Desired.Client client;
    final Tunnel tunnel;

    /** Derived some time after the pack was configured. */
    Optional<PublicKey> publicKey = Optional.empty();

    /** Made when first needed, gone when the client is let go. */
    Optional<SessionMachine> machine = Optional.empty();

    /** Whether it is connected here. */
    boolean connected;

    private final Clients owner;

    ClientSession(Desired.Client client, Clients owner) {
        this.client = client;
        this.owner = owner;
        tunnel =
                new Tunnel(
                        Tunnel.Kind.CLIENT,
                        client.sequentialId(),
                        client.overlayAddress(),
                        /* socket= */ 0,
                        client.innerMtuBytes());
    }

    IpAddress address() {
        return client.overlayAddress();
    }

    @Override
    void onDue(long nowNanos) {
        owner.onDue(this, nowNanos);
    }

    @Override
    long deadlineNanos() {
        long next = machine.map(SessionMachine::nextDeadlineNanos).orElse(Deadlines.NONE);
        return connected ? Math.min(next, idleDeadlineNanos()) : next;
    }

    /** When it has been idle for too long, if nothing comes in until then. */
    long idleDeadlineNanos() {
        long last = Math.max(lastHandshakeNanos(), tunnel.activity.lastReceivedNanos());
        return last == Activity.NEVER ? Deadlines.NONE : last + IDLE_NANOS;
    }

    long lastHandshakeNanos() {
        return machine.map(SessionMachine::lastHandshakeNanos).orElse(Activity.NEVER);
    }
}
