package io.peermesh.node;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds clientpacks that two machines use at once. Each machine takes the session away from the
 * other, so the outer address of the client's handshakes goes to and fro; a machine that moves does
 * not come back that often. Once found, the machine that is connected stays so until it is silent,
 * and the other one is refused.
 *
 * <p>All controllers hear of all handshakes, by the records, and so find the same.
 */
final class Twins {
    /** So many returns to the address before the last make two machines. */
    static final int RETURNS = 3;

    /** Within this time. */
    static final long WINDOW_NANOS = 600_000_000_000L;

    /** Who is connected and silent for this long makes room for the other. */
    static final long SILENT_NANOS = 30_000_000_000L;

    /** The most clients that are watched; the longest unheard of is forgotten first. */
    static final int MAX_WATCHED = 4_096;

    private final Map<IpAddress, History> histories = new LinkedHashMap<>();

    private static final class History {
        private final long sinceNanos;
        private Endpoint last;
        private Optional<Endpoint> beforeLast = Optional.empty();
        private int returns;
        private boolean told;

        History(Endpoint first, long nowNanos) {
            sinceNanos = nowNanos;
            last = first;
        }
    }

    /** Two machines, found just now. */
    record Found(Endpoint kept, Endpoint refused) {}

    /**
     * A client has started a session from this address.
     *
     * @return when two machines were found just now
     */
    Optional<Found> onSession(IpAddress client, Endpoint from, long nowNanos) {
        History history = histories.remove(client);
        if (history == null || nowNanos - history.sinceNanos >= WINDOW_NANOS) {
            history = new History(from, nowNanos);
        }
        histories.put(client, history); // behind all others
        if (histories.size() > MAX_WATCHED) {
            histories.remove(histories.keySet().iterator().next());
        }
        if (history.last.equals(from)) {
            return Optional.empty();
        }
        Optional<Endpoint> other = Optional.of(history.last);
        history.returns += history.beforeLast.equals(Optional.of(from)) ? 1 : 0;
        history.beforeLast = other;
        history.last = from;
        if (history.returns < RETURNS || history.told) {
            return Optional.empty();
        }
        history.told = true;
        return Optional.of(new Found(from, other.get()));
    }

    /** Whether two machines were found, not too long ago. */
    boolean has(IpAddress client, long nowNanos) {
        History history = histories.get(client);
        return history != null
                && history.returns >= RETURNS
                && nowNanos - history.sinceNanos < WINDOW_NANOS;
    }
}
