package io.peermesh.forward;

import io.peermesh.ip.Endpoint;
import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;

/** What the control side wants of the packet path. Executed in order, on the loop's thread. */
public sealed interface DataCommand {
    /**
     * Adds new keys. As initiator they are used at once, and an empty packet confirms them; as
     * responder they wait in {@link Tunnel#next} until the other side has used them.
     */
    record Install(Tunnel tunnel, Keypair keypair) implements DataCommand {}

    /** Wipes all keys of the tunnel; the tunnel itself may get new ones later. */
    record Clear(Tunnel tunnel) implements DataCommand {}

    /** Replaces the forwarding table. */
    record Publish(Fib fib) implements DataCommand {}

    /** Sends a handshake or cookie message as it is. */
    record SendHandshake(int socket, Endpoint to, byte[] message) implements DataCommand {}

    /** Seals a control message and sends it; dropped and counted when there are no keys. */
    record SendControl(Tunnel tunnel, byte[] plaintext) implements DataCommand {}

    /** Seals and sends an empty packet. */
    record SendKeepalive(Tunnel tunnel) implements DataCommand {}

    /**
     * Drops whatever comes in or would go out by a socket, handshakes too, or ends that.
     *
     * @param socket 1..10, the link to that controller
     */
    record Mute(int socket, boolean muted) implements DataCommand {}

    /**
     * A client moves. What would go to it goes towards another controller from now on, and nothing
     * is sent under its keys here, while what it has sent under them is still opened; or it goes to
     * the client again. Around the move its packets may come by either way.
     *
     * @param controllerId where it is now; 0 for here
     */
    record Move(Tunnel tunnel, int controllerId) implements DataCommand {}

    /**
     * The other controllers were lost, or are back: who is silent meanwhile may be theirs, and gets
     * a packet a second.
     */
    record Isolate(boolean isolated) implements DataCommand {}

    /** Sets where to send, until an authentic packet from elsewhere says otherwise. */
    record SetEndpoint(Tunnel tunnel, Endpoint endpoint) implements DataCommand {}
}
