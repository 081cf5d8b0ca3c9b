package io.peermesh.node;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Brings clients back that have strayed: a controller that was taken for dead and returns may send
 * its former clients packets until it hears whose they are; a stock client follows, and an idle one
 * would notice nothing until it wants to send. So when a former owner returns, and when it is lost
 * again, the owner says a word to each client that came from it.
 */
final class Strays extends Timed {
    /** A controller that has returned knows by then whose its former clients are. */
    static final long RETURN_NANOS = 1_000_000_000L;

    /** Keepalives in one step. */
    static final int PER_STEP = 64;

    /** Between two steps. */
    static final long STEP_NANOS = 5_000_000L;

    private final Supplier<Collection<ClientSession>> sessions;
    private final Consumer<ClientSession> sendKeepalive;
    private final Map<Integer, Long> due = new HashMap<>();
    private final Deque<ClientSession> left = new ArrayDeque<>();
    private long nextNanos = Deadlines.NONE;

    Strays(Supplier<Collection<ClientSession>> sessions, Consumer<ClientSession> sendKeepalive) {
        this.sessions = sessions;
        this.sendKeepalive = sendKeepalive;
    }

    /** A controller is reachable, after it was not. */
    void onReturned(int controllerId, long nowNanos) {
        due.put(controllerId, nowNanos + RETURN_NANOS);
        nextNanos = Math.min(nextNanos, nowNanos + RETURN_NANOS);
    }

    /** A controller was lost. */
    void onLost(int controllerId, long nowNanos) {
        due.put(controllerId, nowNanos);
        nextNanos = nowNanos;
    }

    @Override
    void onDue(long nowNanos) {
        for (Iterator<Map.Entry<Integer, Long>> i = due.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Integer, Long> each = i.next();
            if (each.getValue() <= nowNanos) {
                i.remove();
                sessions.get().stream()
                        .filter(session -> session.formerOwner == each.getKey())
                        .forEach(left::add);
            }
        }
        for (int i = 0; i < PER_STEP && !left.isEmpty(); i++) {
            ClientSession session = left.remove();
            if (session.connected) {
                sendKeepalive.accept(session);
            }
        }
        nextNanos = left.isEmpty() ? earliest() : nowNanos + STEP_NANOS;
    }

    private long earliest() {
        return due.values().stream().mapToLong(Long::longValue).min().orElse(Deadlines.NONE);
    }

    @Override
    long deadlineNanos() {
        return nextNanos;
    }
}
