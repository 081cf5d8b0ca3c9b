package io.peermesh.session;

import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.ip.Endpoint;
import io.peermesh.noise.NoiseResponder;
import io.peermesh.session.SessionOutput.Refused;
import io.peermesh.wire.HandshakeMessage;
import io.peermesh.wire.HandshakeMessage.CookieReply;
import io.peermesh.wire.HandshakeMessage.Initiation;
import io.peermesh.wire.HandshakeMessage.Malformed;
import io.peermesh.wire.HandshakeMessage.Response;
import io.peermesh.wire.LinkOffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where handshake messages come in, one gate per local identity: the gateway key on the clients'
 * socket, our own link key on the link sockets. Cheap checks come first, so that a flood costs
 * little:
 *
 * <pre>
 *   length, type -&gt; mac1 -&gt; (busy: mac2, else a cookie; rate of the source) -&gt; key agreement
 *     -&gt; peer -&gt; timestamp -&gt; answer
 * </pre>
 *
 * Owned by the control thread.
 */
public final class HandshakeGate {
    private final Dialect dialect;
    private final Identity self;
    private final PeerDirectory peers;
    private final SessionPorts ports;
    private final byte[] mac1Key;
    private final CookieGuard cookies;
    private final SourceLimiter limiter = new SourceLimiter();
    private final Map<Refusal, Long> refusals = new EnumMap<>(Refusal.class);

    /** A gate for messages to {@code self}. */
    public HandshakeGate(Dialect dialect, Identity self, PeerDirectory peers, SessionPorts ports) {
        this.dialect = dialect;
        this.self = self;
        this.peers = peers;
        this.ports = ports;
        this.mac1Key = Macs.mac1Key(self.publicKey());
        this.cookies = new CookieGuard(self.publicKey(), ports.entropy());
    }

    /** How many messages were refused for this reason. */
    public long refusals(Refusal reason) {
        return refusals.getOrDefault(reason, 0L);
    }

    /**
     * A handshake message arrived.
     *
     * @param socket 0 for the clients' port, else the controller id of the link
     * @param underLoad whether senders must prove their address first
     * @return the machine that the message reached: its next deadline may have moved
     */
    public Optional<SessionMachine> onMessage(
            int socket, Endpoint from, byte[] datagram, boolean underLoad, long nowNanos) {
        HandshakeMessage message = HandshakeMessage.parse(dialect.layout(), datagram);
        return switch (message) {
            case Initiation initiation ->
                    onInitiation(socket, from, datagram, initiation, underLoad, nowNanos);
            case Response response ->
                    onResponse(socket, from, datagram, response, underLoad, nowNanos);
            case CookieReply reply -> onCookieReply(socket, from, reply, nowNanos);
            case Malformed(String reason) -> {
                refuse(Refusal.MALFORMED, socket, from, reason);
                yield Optional.empty();
            }
        };
    }

    private Optional<SessionMachine> onInitiation(
            int socket,
            Endpoint from,
            byte[] datagram,
            Initiation message,
            boolean underLoad,
            long nowNanos) {
        Optional<No> mismatch = mismatch(socket, message.offer());
        if (mismatch.isPresent()) {
            refuse(mismatch.get(), socket, from, Optional.empty());
            return Optional.empty();
        }
        return isWelcome(socket, from, datagram, message.sender(), underLoad, nowNanos)
                ? open(socket, from, message, nowNanos)
                : Optional.empty();
    }

    /** What the offer in clear gives away before any cryptography: a hint for the operator. */
    private Optional<No> mismatch(int socket, Optional<LinkOffer> clear) {
        if (!(dialect instanceof Dialect.Link(LinkTerms terms)) || clear.isEmpty()) {
            return Optional.empty();
        }
        LinkOffer offer = clear.get();
        if (offer.initiatorId() == terms.selfId()) {
            String detail =
                    "the sender says that it is controller %d, which is this controller"
                            .formatted(terms.selfId());
            return Optional.of(new No(Refusal.OWN_ID, detail));
        }
        if (offer.initiatorId() != socket || offer.responderId() != terms.selfId()) {
            String detail =
                    "controller %d wants controller %d, but this port is controller %d's, for controller %d"
                            .formatted(
                                    offer.initiatorId(),
                                    offer.responderId(),
                                    terms.selfId(),
                                    socket);
            return Optional.of(new No(Refusal.WRONG_ID, detail));
        }
        if (offer.generation() != terms.generation()) {
            String detail =
                    "controller %d has keyset generation %d, this controller %d"
                            .formatted(socket, offer.generation(), terms.generation());
            return Optional.of(new No(Refusal.WRONG_GENERATION, detail));
        }
        return Optional.empty();
    }

    /** Whether the MACs are good enough to spend a key agreement on the message. */
    private boolean isWelcome(
            int socket,
            Endpoint from,
            byte[] datagram,
            int sender,
            boolean underLoad,
            long nowNanos) {
        if (!Macs.hasMac1(datagram, mac1Key)) {
            refuse(Refusal.WRONG_MAC1, socket, from, "");
            return false;
        }
        if (!underLoad) {
            return true;
        }
        if (!cookies.hasProvenSource(datagram, from, nowNanos)) {
            byte[] reply = cookies.reply(datagram, sender, from, nowNanos).toBytes();
            ports.output().sendHandshake(socket, from, reply);
            refuse(Refusal.COOKIE_DEMANDED, socket, from, "");
            return false;
        }
        if (!limiter.allows(from.address(), nowNanos)) {
            refuse(Refusal.RATE_LIMITED, socket, from, "");
            return false;
        }
        return true;
    }

    private Optional<SessionMachine> open(
            int socket, Endpoint from, Initiation message, long nowNanos) {
        var noise = new NoiseResponder(prologue(message), self, message.noise());
        Optional<PublicKey> initiator = noise.readStatic();
        if (initiator.isEmpty()) {
            refuse(Refusal.NOT_AUTHENTIC, socket, from, "");
            return Optional.empty();
        }
        Optional<SessionMachine> machine = peers.find(socket, initiator.get());
        if (machine.isEmpty()) {
            refuse(Refusal.UNKNOWN_PEER, socket, from, "");
            return Optional.empty();
        }
        Optional<Tunnel> tunnel = machine.map(SessionMachine::tunnel);
        noise.readPayload()
                .map(hello -> machine.get().onInitiation(message, noise, hello, from, nowNanos))
                .orElseGet(() -> No.because(Refusal.NOT_AUTHENTIC))
                .ifPresent(no -> refuse(no, socket, from, tunnel));
        return machine;
    }

    private byte[] prologue(Initiation message) {
        return switch (dialect) {
            case Dialect.WireGuard() -> Prologues.wireGuard();
            case Dialect.Link(LinkTerms terms) ->
                    Prologues.link(message.offer().orElseThrow(), terms.keyset());
        };
    }

    private Optional<SessionMachine> onResponse(
            int socket,
            Endpoint from,
            byte[] datagram,
            Response message,
            boolean underLoad,
            long nowNanos) {
        if (!isWelcome(socket, from, datagram, message.sender(), underLoad, nowNanos)) {
            return Optional.empty();
        }
        Optional<SessionMachine> machine = owner(socket, message.receiver());
        machine.map(m -> m.onResponse(message, from, nowNanos))
                .orElseGet(() -> No.because(Refusal.UNEXPECTED))
                .ifPresent(no -> refuse(no, socket, from, machine.map(SessionMachine::tunnel)));
        return machine;
    }

    private Optional<SessionMachine> onCookieReply(
            int socket, Endpoint from, CookieReply reply, long nowNanos) {
        Optional<SessionMachine> machine = owner(socket, reply.receiver());
        machine.map(m -> m.onCookieReply(reply, nowNanos))
                .orElseGet(() -> No.because(Refusal.UNEXPECTED))
                .ifPresent(no -> refuse(no, socket, from, machine.map(SessionMachine::tunnel)));
        return machine;
    }

    private Optional<SessionMachine> owner(int socket, int index) {
        return ports.indices().owner(index).filter(m -> m.tunnel().socket == socket);
    }

    private void refuse(Refusal reason, int socket, Endpoint from, String detail) {
        refuse(new No(reason, detail), socket, from, Optional.empty());
    }

    private void refuse(No no, int socket, Endpoint from, Optional<Tunnel> tunnel) {
        refusals.merge(no.reason(), 1L, Long::sum);
        ports.output().refused(new Refused(no.reason(), socket, from, tunnel, no.detail()));
    }
}
