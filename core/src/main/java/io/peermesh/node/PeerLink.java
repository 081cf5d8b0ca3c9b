package io.peermesh.node;

import io.peermesh.forward.DataCommand;
import io.peermesh.ip.Endpoint;
import io.peermesh.liveness.LinkMonitor;
import io.peermesh.liveness.LinkMonitor.State;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.node.NodeStatus.LinkState;
import io.peermesh.node.Report.LinkCause;
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

    /**
     * News of clients that others have told is passed on after this time, by the higher of two ids
     * after twice as long: many in one message, and nothing where the other was faster.
     */
    static final long RELAY_NANOS = 10_000_000L;

    final int peerId;
    final Tunnel tunnel;
    final SessionMachine machine;
    final Backlog backlog = new Backlog();

    /** What it told and the clocks do not allow yet; looked at again when it tells its own. */
    final TooNew tooNew = new TooNew();

    private final Env env;
    private final LinkStory story;
    private final ReliableStream stream;
    private final LinkCost linkCost = new LinkCost();
    private Desired.Peer configured;
    private final LinkMonitor monitor;
    private State state = State.DOWN; // what was made of the monitor's
    private boolean everUp;
    private long fellNanos;
    private long answeringSinceNanos;
    private Optional<Fall> fall = Optional.empty();
    private int cost = 1;
    private long muteEndsNanos = Deadlines.NONE;
    private long peerInstance;
    private long addressRetryNanos;
    private long malformed;

    /** That it went down, until it is reported, which is when other paths are published. */
    private record Fall(LinkCause why, String cause, long atNanos, long silentNanos) {}

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
        this.monitor = new LinkMonitor(probes, nowNanos);
        useConfiguredAddress(nowNanos);
    }

    /** Takes over another address, name or rate; the rest is fixed for the life of a link. */
    void reconfigure(Desired.Peer wanted, ProbeProfile probes, long nowNanos) {
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
            monitor.onTimer(tunnel.activity.sentPackets(), nowNanos).ifPresent(this::send);
            noteSilence(nowNanos);
        }
        stream.onTimer(retransmitNanos(), nowNanos).forEach(this::send);
        if (!isUp() && addressRetryNanos <= nowNanos) {
            useConfiguredAddress(nowNanos);
        }
        if (muteEndsNanos <= nowNanos) {
            mute(0, nowNanos);
        }
    }

    /** See {@link Node#mute}. */
    void mute(long durationNanos, long nowNanos) {
        boolean muted = durationNanos > 0;
        muteEndsNanos = muted ? nowNanos + durationNanos : Deadlines.NONE;
        env.effects().command(new DataCommand.Mute(tunnel.socket, muted));
    }

    @Override
    long deadlineNanos() {
        long next = Math.min(machine.nextDeadlineNanos(), stream.nextDeadlineNanos());
        if (hasSession()) {
            next = Math.min(next, monitor.nextDeadlineNanos());
        }
        next = Math.min(next, Math.min(muteEndsNanos, backlog.deadlineNanos()));
        return isUp() ? next : Math.min(next, addressRetryNanos);
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
            monitor.down(nowNanos);
            String cause = "controller " + peerId + " has restarted";
            noteState(LinkCause.RESTART, cause, nowNanos);
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
        boolean news = !isUp() || refused.reason() == Refusal.SECOND_INSTALLATION;
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
                noteSilence(nowNanos);
                noteCost();
            }
            case Goodbye goodbye -> {
                monitor.down(nowNanos);
                noteState(LinkCause.GOODBYE, story.onGoodbye(goodbye.cause()), nowNanos);
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

    /** The network says that what we sent did not reach the peer. */
    void onUnreachable(long nowNanos) {
        monitor.hint(nowNanos);
    }

    private void noteSilence(long nowNanos) {
        if (monitor.fellByHint()) {
            String cause = "the network says that it cannot be reached, and probes found it so";
            noteState(LinkCause.UNREACHABLE, cause, nowNanos);
        } else {
            noteState(LinkCause.SILENCE, "no answer to probes", nowNanos);
        }
    }

    private void noteState(LinkCause why, String causeIfDown, long nowNanos) {
        State before = state;
        state = monitor.state();
        if (state == before) {
            return;
        }
        if (before == State.DOWN) {
            answeringSinceNanos = nowNanos;
            stream.resume(nowNanos);
            cost = linkCost.update(monitor.rttNanos(), monitor.loss());
        }
        switch (state) {
            case HELD -> {}
            case UP -> onUsed(nowNanos);
            case DOWN -> {
                stream.pause();
                addressRetryNanos = nowNanos + ADDRESS_RETRY_NANOS;
                if (before == State.UP) {
                    onFallen(why, causeIfDown, nowNanos);
                }
            }
        }
        env.neighborsChanged().run();
    }

    private void onUsed(long nowNanos) {
        story.onUp();
        long downNanos = everUp ? nowNanos - fellNanos : 0;
        long heldNanos = nowNanos - answeringSinceNanos;
        everUp = true;
        env.effects().report(new Report.LinkUp(peerId, monitor.rttNanos(), downNanos, heldNanos));
    }

    private void onFallen(LinkCause why, String cause, long nowNanos) {
        story.onDown();
        fellNanos = nowNanos;
        fall = Optional.of(new Fall(why, cause, nowNanos, silentNanos(nowNanos)));
    }

    private void reportFall(long nowNanos) {
        fall.ifPresent(fallen -> {
            var evidence =
                    new Report.LinkEvidence(
                            fallen.silentNanos(),
                            monitor.lossOutwardAtFall(),
                            monitor.lossInwardAtFall(),
                            nowNanos - fallen.atNanos(),
                            tunnel.activity.sentPackets() - monitor.sealedWhenAnswered(),
                            monitor.holdNanos(nowNanos));
            env.effects()
                    .report(new Report.LinkDown(peerId, fallen.why(), fallen.cause(), evidence));
        });
        fall = Optional.empty();
    }

    private void noteCost() {
        int now = linkCost.update(monitor.rttNanos(), monitor.loss());
        if (isUp() && now != cost) {
            cost = now;
            env.neighborsChanged().run();
        }
    }

    /** Sends what waits, as far as the stream has room, and what is owed in acknowledgements. */
    void flush(long nowNanos) {
        reportFall(nowNanos);
        backlog.release(env.selfId() < peerId ? RELAY_NANOS : 2 * RELAY_NANOS, nowNanos);
        while (stream.hasRoom()) {
            Optional<Payload> payload = backlog.next(env.databases());
            if (payload.isEmpty()) {
                break;
            }
            send(stream.send(payload.get(), retransmitNanos(), nowNanos));
        }
        stream.takeAcknowledgement(nowNanos).ifPresent(this::send);
    }

    private long retransmitNanos() {
        return monitor.retransmitNanos() + ReliableStream.ACKNOWLEDGE_NANOS;
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
        monitor.down(nowNanos);
        noteState(LinkCause.CONFIGURATION, cause, nowNanos);
        reportFall(nowNanos);
        if (muteEndsNanos != Deadlines.NONE) {
            mute(0, nowNanos);
        }
        machine.stop();
    }

    // ---- what it is now

    /** What is known of the peer, should it be gone. */
    TakeOver.Evidence evidence() {
        return new TakeOver.Evidence(
                tunnel.activity.lastReceivedNanos(),
                tunnel.activity.sentPackets() - monitor.sealedWhenAnswered());
    }

    /**
     * Whether the peer answers: the link carries packets, if {@link State#HELD} as a last resort.
     */
    boolean isUp() {
        return state != State.DOWN;
    }

    /** What it costs to send over this link. */
    int cost() {
        return state == State.HELD ? LinkCost.HELD + cost : cost;
    }

    /** Whether {@code wanted} can be carried out without a new link. */
    boolean fits(Desired.Peer wanted) {
        return wanted.innerMtuBytes() == tunnel.innerMtuBytes;
    }

    /** Control messages that made no sense. */
    long malformed() {
        return malformed + stream.ignored();
    }

    NodeStatus.Link status(long nowNanos) {
        LinkState shown = story.state(state, hasAddress(), nowNanos);
        long holdNanos = monitor.holdNanos(nowNanos);
        Optional<Endpoint> endpoint = machine.endpoint();
        return new NodeStatus.Link(
                peerId,
                shown,
                reason(shown, endpoint, nowNanos),
                endpoint,
                monitor.rttNanos(),
                monitor.loss(),
                new NodeStatus.Health(
                        monitor.jitterNanos(),
                        monitor.lossOutward(),
                        monitor.lossInward(),
                        holdNanos,
                        monitor.flaps(nowNanos)),
                machine.lastHandshakeNanos(),
                tunnel.activity.lastReceivedNanos(),
                machine.session().map(session -> session.cipher().name()).orElse(""),
                tunnel.activity.sentPackets(),
                tunnel.activity.sentBytes(),
                tunnel.activity.receivedPackets(),
                tunnel.activity.receivedBytes());
    }

    private String reason(LinkState shown, Optional<Endpoint> endpoint, long nowNanos) {
        if (muteEndsNanos != Deadlines.NONE) {
            return "kept silent for a drill, for %d s more"
                    .formatted(Math.ceilDiv(muteEndsNanos - nowNanos, SECOND));
        }
        long holdNanos = monitor.holdNanos(nowNanos);
        return story.reason(shown, configured.host(), endpoint, silentNanos(nowNanos), holdNanos);
    }

    private boolean hasAddress() {
        return configured.address().isPresent() || machine.endpoint().isPresent();
    }

    private long silentNanos(long nowNanos) {
        return nowNanos - monitor.lastReplyNanos();
    }
}
