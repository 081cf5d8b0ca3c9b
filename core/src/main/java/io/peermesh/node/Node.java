package io.peermesh.node;

import io.peermesh.crypto.AeadProvider;
import io.peermesh.forward.DataCommand;
import io.peermesh.forward.DataEvent;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.Entropy;
import io.peermesh.wire.ControlMessage.Goodbye;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The control side of one controller: keeps the sessions with clients and peers, watches the links,
 * computes routes, and tells the packet path what to do. Give it the configuration, the packet
 * path's events and the time; then take its commands and reports, and call again by {@link
 * #nextDeadlineNanos}.
 *
 * <p>Pure: no clock, no thread. One thread owns it. Times are monotonic nanoseconds.
 */
public final class Node {
    /** {@link #nextDeadlineNanos} when nothing is due. */
    public static final long NO_DEADLINE = Deadlines.NONE;

    /** The longest drill: a minute. */
    public static final long MAX_MUTE_NANOS = 60_000_000_000L;

    private final Effects effects = new Effects();
    private final WallClock wallClock = new WallClock();
    private final Member.Env env;
    private Optional<Member> member = Optional.empty();
    private long lastNanos;

    /**
     * A node without configuration.
     *
     * @param instanceId random, new at each start of the process
     */
    public Node(long instanceId, AeadProvider ciphers, Entropy entropy, long nowNanos) {
        env = new Member.Env(instanceId, ciphers, entropy, wallClock, effects);
        lastNanos = nowNanos;
    }

    /**
     * Carries out a configuration; what did not change goes on undisturbed. Another keyset or
     * controller id ends everything and begins anew.
     */
    public void configure(Desired wanted, long nowNanos) {
        lastNanos = nowNanos;
        if (member.isPresent() && member.get().isFor(wanted)) {
            member.get().configure(wanted, nowNanos);
            return;
        }
        member.ifPresent(former -> former.stop(Goodbye.Cause.UNPEERED, nowNanos));
        member = Optional.of(new Member(env, wanted, nowNanos));
    }

    /** Says goodbye on all links and forgets all sessions; {@link #configure} starts again. */
    public void stop(long nowNanos) {
        lastNanos = nowNanos;
        member.ifPresent(former -> former.stop(Goodbye.Cause.STOPPING, nowNanos));
        member = Optional.empty();
    }

    /** Ends the session of a client that is connected here; it may connect again at once. */
    public void disconnect(IpAddress client, long nowNanos) {
        lastNanos = nowNanos;
        member.ifPresent(present -> present.disconnect(client, nowNanos));
    }

    /**
     * Moves a client that is connected here to another controller, make-before-break: that one
     * calls it, and until it has answered there it stays here. It also stays when that one cannot
     * reach it within {@link Handover#OFFER_NANOS}.
     *
     * @return whether that was begun: the client is connected here, and the other controller can be
     *     reached and takes clients
     */
    public boolean move(IpAddress client, int controllerId, long nowNanos) {
        lastNanos = nowNanos;
        return member.map(present -> present.move(client, controllerId, nowNanos)).orElse(false);
    }

    /** Forgets the last timestamp of a client, after its clock was set back. */
    public void resetTimestamp(IpAddress client, long nowNanos) {
        lastNanos = nowNanos;
        member.ifPresent(present -> present.resetTimestamp(client, nowNanos));
    }

    /**
     * For a failover drill: keeps the link to a peer silent in both directions, as if somebody had
     * cut it, and heals it by itself. A second call replaces the first.
     *
     * @param durationNanos 0..{@link #MAX_MUTE_NANOS}; 0 heals it at once
     * @return false when there is no such peer
     */
    public boolean mute(int peerId, long durationNanos, long nowNanos) {
        if (durationNanos < 0 || durationNanos > MAX_MUTE_NANOS) {
            throw new IllegalArgumentException(
                    "a drill lasts 0 to 60 s, not " + durationNanos + " ns");
        }
        lastNanos = nowNanos;
        return member.map(present -> present.mute(peerId, durationNanos, nowNanos)).orElse(false);
    }

    /** Takes in what the packet path tells. */
    public void onEvent(DataEvent event, long nowNanos) {
        lastNanos = nowNanos;
        member.ifPresent(present -> present.onEvent(event, nowNanos));
    }

    /** Does what is due; call it at {@link #nextDeadlineNanos} or later. */
    public void onTimer(long nowNanos) {
        lastNanos = nowNanos;
        member.ifPresent(present -> present.onTimer(nowNanos));
    }

    /**
     * When {@link #onTimer} is due, followed by {@link #drainCommands}; {@link #NO_DEADLINE}
     * without configuration, in the past when there is more to do than one turn shall take.
     */
    public long nextDeadlineNanos() {
        return member.map(Member::nextDeadlineNanos).orElse(NO_DEADLINE);
    }

    /**
     * Tells the wall clock, for the timestamps in handshakes; call it before {@link #configure},
     * and about once a second.
     */
    public void onWallClock(long epochNanos, long nowNanos) {
        wallClock.onWallClock(epochNanos, nowNanos);
    }

    /**
     * Ends a turn: computes, once, what the inputs of the turn have asked for, and hands over, in
     * order, what the packet path shall do. Call it after one or several of the inputs above, and
     * before waiting.
     */
    public void drainCommands(Consumer<? super DataCommand> sink) {
        member.ifPresent(present -> present.settle(lastNanos));
        effects.drainCommands(sink);
    }

    /** Hands over what happened. */
    public void drainReports(Consumer<? super Report> sink) {
        effects.drainReports(sink);
    }

    /** What the node does now; walks over all clients, so not for every turn. */
    public NodeStatus status(long nowNanos) {
        return member.map(present -> present.status(nowNanos))
                .orElse(
                        new NodeStatus(
                                nowNanos,
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                Optional.empty()));
    }

    /** Links and loads of all controllers, as they tell. */
    public Topology topology() {
        return member.map(Member::topology).orElse(Topology.NONE);
    }

    /** How often a limit or a check said no. */
    public NodeCounters counters() {
        return member.map(Member::counters).orElse(NodeCounters.NONE);
    }
}
