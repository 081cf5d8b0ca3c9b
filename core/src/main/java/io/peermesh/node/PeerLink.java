package io.peermesh.node;

import io.peermesh.forward.DataCommand;
import io.peermesh.ip.Endpoint;
import io.peermesh.liveness.LinkMonitor;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.node.NodeStatus.LinkState;
import io.peermesh.routing.LinkCost;
import io.peermesh.routing.ReliableStream;
import io.peermesh.session.Refusal;
import io.peermesh.session.SessionMachine;
import io.peermesh.session.SessionOutput.Established;
import io.peermesh.session.SessionOutput.Refused;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.ControlCodec;
import io.peermesh.wire.ControlCodec.Decoded;
import io.peermesh.wire.ControlMessage;
import io.peermesh.wire.ControlMessage.Goodbye;
import io.peermesh.wire.ControlMessage.Probe;
import io.peermesh.wire.ControlMessage.ProbeReply;
import io.peermesh.wire.ControlMessage.Stream;
import io.peermesh.wire.LinkPorts;
import io.peermesh.wire.Payload;
import java.util.Optional;

/**
 * One link to another controller: its session, its liveness, its reliable stream, and what an
 * operator is told about it. The session comes first; probes run inside it; when they are answered
 * the link is up, and the stream flows.
 */
final class PeerLink extends Timed {
    private static final long SECOND = 1_000_000_000L;

    /** A link that has been down for this long tries the configured address again. */
    static final long ADDRESS_RETRY_NANOS = 10 * SECOND;

    final int peerId;
    final Tunnel tunnel;
    final SessionMachine machine;
    final Backlog backlog = new Backlog();

    private final Env env;
    private final LinkStory story;
    private final ReliableStream stream;
    private final LinkCost linkCost = new LinkCost();
    private Desired.Peer configured;
    private ProbeProfile probes;
    private LinkMonitor monitor;
    private boolean up;
    private int cost = 1;
    private long peerInstance;
    private long addressRetryNanos;
    private long malformed;

    /** What all links of a node share. */
    record Env(
            int selfId,
            Effects effects,
            WallClock wallClock,
            Databases databases,
            Runnable neighborsChanged) {}

    /**
     * A link that is down, and begins to connect.
     *
     * @param streamId random, not 0
     */
    PeerLink(
            Env env,
            Tunnel tunnel,
            SessionMachine machine,
            Desired.Peer configured,
            ProbeProfile probes,
            long streamId,
            long nowNanos) {
        this.peerId = tunnel.id;
        this.env = env;
        this.tunnel = tunnel;
        this.machine = machine;
        this.configured = configured;
        this.stream = new ReliableStream(streamId);
        this.story = new LinkStory(env.selfId(), peerId);
        this.probes = probes;
        this.monitor = new LinkMonitor(probes, nowNanos);
        useConfiguredAddress(nowNanos);
    }

    /** Takes over another address, name or rate; the rest is fixed for the life of a link. */
    void reconfigure(Desired.Peer wanted, ProbeProfile wantedProbes, long nowNanos) {
        probes = wantedProbes;
        monitor.profile(probes, nowNanos);
        boolean moved = !wanted.address().equals(configured.address());
        configured = wanted;
        if (moved) {
            useConfiguredAddress(nowNanos);
        }
    }

    private void useConfiguredAddress(long nowNanos) {
        addressRetryNanos = nowNanos + ADDRESS_RETRY_NANOS;
        configuredEndpoint().ifPresent(endpoint -> machine.onEndpointSet(endpoint, nowNanos));
    }

    private Optional<Endpoint> configuredEndpoint() {
        int port = LinkPorts.remote(env.selfId(), peerId);
        return configured.address().map(address -> new Endpoint(address, port));
    }

    // ---- time

    @Override
    void onDue(long nowNanos) {
        machine.onTimer(nowNanos, env.wallClock().epochNanos(nowNanos));
        if (hasSession()) {
            monitor.onTimer(nowNanos).ifPresent(this::send);
            noteState("no answer to probes", nowNanos);
        }
        stream.onTimer(monitor.retransmitNanos(), nowNanos).forEach(this::send);
        if (!up && addressRetryNanos <= nowNanos) {
            useConfiguredAddress(nowNanos);
        }
    }

    @Override
    long deadlineNanos() {
        long next = Math.min(machine.nextDeadlineNanos(), stream.nextDeadlineNanos());
        if (hasSession()) {
            next = Math.min(next, monitor.nextDeadlineNanos());
        }
        return up ? next : Math.min(next, addressRetryNanos);
    }

    private boolean hasSession() {
        return machine.session().isPresent();
    }

    // ---- session

    /** Keys are agreed; a peer that has restarted meanwhile begins anew. */
    void onProven(Established session, long nowNanos) {
        story.onAnswer();
        long instance = session.peer().map(peer -> peer.instance()).orElse(0L);
        if (instance != peerInstance) {
            peerInstance = instance;
            monitor.down();
            noteState("controller " + peerId + " has restarted", nowNanos);
            monitor = new LinkMonitor(probes, nowNanos);
        }
    }

    /**
     * A message of the peer was not acted upon, or one that claims to be from its address. On a
     * link that is up only one thing is news: that somebody else wants to be this peer, too.
     */
    void onRefused(Refused refused, long nowNanos) {
        boolean fromThere =
                machine.endpoint().map(Endpoint::address).stream()
                        .anyMatch(refused.from().address()::equals);
        boolean news = !up || refused.reason() == Refusal.SECOND_INSTALLATION;
        if (!news || (refused.tunnel().isEmpty() && !fromThere)) {
            return;
        }
        story.onRefused(refused, nowNanos)
                .ifPresent(words -> env.effects().report(new Report.PeerRefused(peerId, words)));
    }

    // ---- messages

    /** Takes in a control message; what its stream brought is for the caller. */
    Optional<Payload> onControl(byte[] plaintext, long nowNanos) {
        return switch (ControlCodec.decode(plaintext)) {
            case Decoded.Message(ControlMessage message) -> onMessage(message, nowNanos);
            case Decoded.Malformed _ -> {
                malformed++;
                yield Optional.empty();
            }
        };
    }

    private Optional<Payload> onMessage(ControlMessage message, long nowNanos) {
        switch (message) {
            case Probe probe -> send(monitor.onProbe(probe));
            case ProbeReply reply -> {
                monitor.onReply(reply, nowNanos);
                noteState("", nowNanos);
                noteCost();
            }
            case Goodbye goodbye -> {
                monitor.down();
                noteState(story.onGoodbye(goodbye.cause()), nowNanos);
            }
            case Stream streamed -> {
                return onStream(streamed, nowNanos);
            }
        }
        return Optional.empty();
    }

    private Optional<Payload> onStream(Stream message, long nowNanos) {
        var received = stream.onMessage(message, nowNanos);
        if (received.restarted()) {
            backlog.addAll(env.databases());
        }
        return received.payload();
    }

    private void noteState(String cause, long nowNanos) {
        boolean nowUp = monitor.state() == LinkMonitor.State.UP;
        if (nowUp == up) {
            return;
        }
        up = nowUp;
        if (up) {
            story.onUp();
            stream.resume(nowNanos);
            cost = linkCost.update(monitor.rttNanos(), monitor.loss());
            env.effects().report(new Report.LinkUp(peerId, monitor.rttNanos()));
        } else {
            story.onDown();
            stream.pause();
            addressRetryNanos = nowNanos + ADDRESS_RETRY_NANOS;
            long silentNanos = nowNanos - monitor.lastReplyNanos();
            env.effects().report(new Report.LinkDown(peerId, cause, silentNanos));
        }
        env.neighborsChanged().run();
    }

    private void noteCost() {
        int now = linkCost.update(monitor.rttNanos(), monitor.loss());
        if (up && now != cost) {
            cost = now;
            env.neighborsChanged().run();
        }
    }

    /** Sends what waits, as far as the stream has room, and what is owed in acknowledgements. */
    void flush(long nowNanos) {
        while (stream.hasRoom()) {
            Optional<Payload> payload = backlog.next(env.databases());
            if (payload.isEmpty()) {
                break;
            }
            send(stream.send(payload.get(), monitor.retransmitNanos(), nowNanos));
        }
        stream.takeAcknowledgement().ifPresent(this::send);
    }

    private void send(ControlMessage message) {
        env.effects().command(new DataCommand.SendControl(tunnel, ControlCodec.encode(message)));
    }

    /** Tells the peer that this end goes: twice, since nobody repeats it. */
    void sayGoodbye(Goodbye.Cause cause) {
        if (hasSession()) {
            send(new Goodbye(cause));
            send(new Goodbye(cause));
        }
    }

    /** Ends the link. */
    void stop(String cause, long nowNanos) {
        monitor.down();
        noteState(cause, nowNanos);
        machine.stop();
    }

    // ---- what it is now

    boolean isUp() {
        return up;
    }

    /** What it costs to send over this link. */
    int cost() {
        return cost;
    }

    /** Whether {@code wanted} can be carried out without a new link. */
    boolean fits(Desired.Peer wanted) {
        return wanted.innerMtuBytes() == tunnel.innerMtuBytes;
    }

    /** Control messages that were not well-formed. */
    long malformed() {
        return malformed;
    }

    NodeStatus.Link status(long nowNanos) {
        LinkState state = story.state(up, hasAddress(), nowNanos);
        Optional<Endpoint> endpoint = machine.endpoint();
        return new NodeStatus.Link(
                peerId,
                state,
                story.reason(state, configured.host(), endpoint, silentNanos(nowNanos)),
                endpoint,
                monitor.rttNanos(),
                monitor.loss(),
                machine.lastHandshakeNanos(),
                tunnel.activity.lastReceivedNanos(),
                machine.session().map(session -> session.cipher().name()).orElse(""),
                tunnel.activity.sentPackets(),
                tunnel.activity.sentBytes(),
                tunnel.activity.receivedPackets(),
                tunnel.activity.receivedBytes());
    }

    private boolean hasAddress() {
        return configured.address().isPresent() || machine.endpoint().isPresent();
    }

    private long silentNanos(long nowNanos) {
        return nowNanos - monitor.lastReplyNanos();
    }
}
