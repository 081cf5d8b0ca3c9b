package io.peermesh.session;

import io.peermesh.port.Entropy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The receiver indices that this controller gave out, and whose they are. One table serves all
 * sockets. An index carries the controller id, so that a datagram which arrives at the wrong
 * controller can be passed on to the right one; it is no evidence of anything.
 *
 * <pre>
 *  31     28 27                                       0
 *  | id 4   | random 28                                |
 * </pre>
 *
 * Owned by the control thread.
 */
public final class IndexTable {
    /** Enough for 10,000 clients with three keypairs and a handshake each, twice over. */
    public static final int DEFAULT_CAPACITY = 1 << 17;

    private static final int RANDOM_BITS = 28;

    private final int controllerId;
    private final int capacity;
    private final Entropy entropy;
    private final Map<Integer, SessionMachine> owners = new HashMap<>();

    /**
     * An empty table.
     *
     * @param controllerId 0..15, the upper bits of every index
     * @param capacity the most live indices, far fewer than 2^28
     */
    public IndexTable(int controllerId, int capacity, Entropy entropy) {
        if (controllerId < 0 || controllerId > 15 || capacity < 1 || capacity > 1 << 24) {
            throw new IllegalArgumentException(
                    "controller id 0..15, capacity 1..2^24: " + controllerId + ", " + capacity);
        }
        this.controllerId = controllerId;
        this.capacity = capacity;
        this.entropy = entropy;
    }

    /** The controller that gave an index out, if it is genuine. */
    public static int controllerOf(int index) {
        return index >>> RANDOM_BITS;
    }

    /** A new index for {@code owner}; empty when the table is full. */
    public OptionalInt allocate(SessionMachine owner) {
        if (owners.size() >= capacity) {
            return OptionalInt.empty();
        }
        // At most 1/16 of the space is ever taken, so this ends after a try or two.
        int index = candidate();
        while (owners.putIfAbsent(index, owner) != null) {
            index = candidate();
        }
        return OptionalInt.of(index);
    }

    private int candidate() {
        return controllerId << RANDOM_BITS | entropy.nextInt() >>> (32 - RANDOM_BITS);
    }

    /** Whose index it is. */
    public Optional<SessionMachine> owner(int index) {
        return Optional.ofNullable(owners.get(index));
    }

    /** Frees an index; call it when the packet path reports the keypair as retired. Idempotent. */
    public void release(int index) {
        owners.remove(index);
    }

    /** Live indices. */
    public int size() {
        return owners.size();
    }
}
