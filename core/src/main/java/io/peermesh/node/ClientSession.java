package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
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

    /**
     * A client that we have called is told again and again that the new keys are in use, until it
     * is heard: the first word may be lost, and it would go on with dead keys for 15 s.
     */
    static final int CONFIRMATIONS = 4;

    /** Before the first repetition; each further one waits twice as long. */
    static final long CONFIRM_NANOS = 100_000_000L;

    /** What anybody could provoke is reported no more often. */
    static final long NEWS_NANOS = 60 * SECOND;

    private static final int KEEPALIVE_BYTES = 32;

    final Desired.Client client;
    final Tunnel tunnel;

    /** Derived some time after the pack was configured. */
    Optional<PublicKey> publicKey = Optional.empty();

    /** Made when first needed, gone when the client is let go. */
    Optional<SessionMachine> machine = Optional.empty();

    /** Whether it is connected here. */
    boolean connected;

    /** Who owned it before it came here; {@link OwnershipTable#NOBODY} if nobody did. */
    int formerOwner = OwnershipTable.NOBODY;

    /** Since when; of no meaning while it is not. */
    long connectedNanos;

    /** When it is told again that the new keys are in use. */
    long confirmNanos = Deadlines.NONE;

    /** How often it has been told again. */
    int confirmed;

    /** Whether it carried data lately. */
    boolean active;

    /** Data that had come in when that was looked at last. */
    long dataBytesThen;

    /** Its packets that are under way are opened until then, though it has moved. */
    long fencedUntilNanos = Deadlines.NONE;

    /** Nothing that could be provoked is reported before. */
    long quietUntilNanos = Long.MIN_VALUE;

    /** Whether two machines use its pack: then silence is noticed sooner. */
    boolean twin;

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

    /** It was called and has answered: see {@link #CONFIRMATIONS}. */
    void startConfirming(long nowNanos) {
        confirmed = 0;
        confirmNanos = nowNanos + CONFIRM_NANOS;
    }

    /** Whether it has to be told once more. */
    boolean mustConfirm(long nowNanos) {
        if (nowNanos < confirmNanos) {
            return false;
        }
        boolean heard = tunnel.activity.lastReceivedNanos() > lastHandshakeNanos();
        boolean more = connected && !heard && confirmed < CONFIRMATIONS;
        confirmed++;
        confirmNanos = more ? nowNanos + (CONFIRM_NANOS << confirmed) : Deadlines.NONE;
        return more;
    }

    /** Looks whether it has carried data since the last look. */
    void noteActivity() {
        Activity activity = tunnel.activity;
        long data = activity.receivedBytes() - KEEPALIVE_BYTES * activity.receivedPackets();
        active = connected && data != dataBytesThen;
        dataBytesThen = data;
    }

    @Override
    boolean mayWait() {
        return true;
    }

    @Override
    void onDue(long nowNanos) {
        owner.onDue(this, nowNanos);
    }

    @Override
    long deadlineNanos() {
        long next = machine.map(SessionMachine::nextDeadlineNanos).orElse(Deadlines.NONE);
        next = Math.min(next, fencedUntilNanos);
        next = Math.min(next, confirmNanos);
        return connected ? Math.min(next, idleDeadlineNanos()) : next;
    }

    /** When it has been idle for too long, if nothing comes in until then. */
    long idleDeadlineNanos() {
        long last = Math.max(lastHandshakeNanos(), tunnel.activity.lastReceivedNanos());
        return last == Activity.NEVER
                ? Deadlines.NONE
                : last + (twin ? Twins.SILENT_NANOS : IDLE_NANOS);
    }

    long lastHandshakeNanos() {
        return machine.map(SessionMachine::lastHandshakeNanos).orElse(Activity.NEVER);
    }
}
