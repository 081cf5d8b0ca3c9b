package io.peermesh.node;

import io.peermesh.crypto.AeadProvider;
import io.peermesh.forward.DataCommand;
import io.peermesh.forward.DataEvent;
import io.peermesh.port.Entropy;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
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
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private final Queue<DataCommand> commands = new ArrayDeque<>();
    private final Queue<Report> reports = new ArrayDeque<>();

    /**
     * A node without configuration.
     *
     * @param instanceId random, new at each start of the process
     */
    public Node(
            long instanceId,
            AeadProvider ciphers,
            Entropy entropy,
            NodeSettings settings,
            long nowNanos) {}

    /** Carries out a configuration; what did not change goes on undisturbed. */
    public void configure(Desired wanted, long nowNanos) {}

    /** Says goodbye on all links and forgets all sessions; {@link #configure} starts again. */
    public void stop(long nowNanos) {}

    /** Takes in what the packet path tells. */
    public void onEvent(DataEvent event, long nowNanos) {}

    /** Does what is due; call it at {@link #nextDeadlineNanos} or later. */
    public void onTimer(long nowNanos) {}

    /** When {@link #onTimer} is due; {@link #NO_DEADLINE} without configuration. */
    public long nextDeadlineNanos() {
        return NO_DEADLINE;
    }

    /**
     * Tells the wall clock, for the timestamps in handshakes; call it before {@link #configure},
     * and about once a second.
     */
    public void onWallClock(long epochNanos, long nowNanos) {}

    /** Hands over, in order, what the packet path shall do. Call after each of the inputs above. */
    public void drainCommands(Consumer<? super DataCommand> sink) {
        drain(commands, sink);
    }

    /** Hands over what happened. */
    public void drainReports(Consumer<? super Report> sink) {
        drain(reports, sink);
    }

    /** What the node does now; walks over all clients, so not for every turn. */
    public NodeStatus status(long nowNanos) {
        return new NodeStatus(nowNanos, List.of(), List.of(), List.of(), List.of());
    }

    private static <T> void drain(Queue<T> queue, Consumer<? super T> sink) {
        for (T next = queue.poll(); next != null; next = queue.poll()) {
            sink.accept(next);
        }
    }
}
