package io.peermesh.forward;

import io.peermesh.session.Tunnel;
import io.peermesh.wire.LinkPorts;
import io.peermesh.wire.TransportHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the other controllers: an immutable part of the {@link Fib}, at most ten entries.
 *
 * <pre>
 *   controller 4:   | link to 2 | link to 3 |   | link to 5 | link to 6 |
 *                     equal cost, by flow          alternates, by cost
 * </pre>
 *
 * <p>A packet takes the path that its flow's hash names; where the neighbor is one that the packet
 * has visited, the next. Since no controller sends a packet where it was, no packet runs in a
 * circle, even when each controller has another idea of the mesh; and an alternate may be taken
 * without waiting for anybody's consent.
 */
public final class Paths {
    /** A controller that reaches nobody, and does not know its id. */
    public static final Paths NONE = new Paths(0, Map.of());

    private final Hops[] hops = new Hops[LinkPorts.MAX_CONTROLLERS + 1];
    private final int selfId;
    private final int selfBit;
    private final int seed;

    /**
     * The links that lead to one controller.
     *
     * @param primaries those of the least cost, of equal rights
     * @param alternates the others, cheapest first
     */
    public record Way(List<Tunnel> primaries, List<Tunnel> alternates) {
        /** Copies the lists; there are no alternates without a primary. */
        public Way {
            primaries = List.copyOf(primaries);
            alternates = List.copyOf(alternates);
            if (primaries.isEmpty() && !alternates.isEmpty()) {
                throw new IllegalArgumentException("alternates to what?");
            }
        }
    }

    /** A way, as an array: the packet path walks over nothing else. */
    private static final class Hops {
        final Tunnel[] tunnels;
        final int primaries;

        Hops(Way way) {
            var all = new ArrayList<>(way.primaries());
            all.addAll(way.alternates());
            tunnels = all.toArray(Tunnel[]::new);
            primaries = way.primaries().size();
        }
    }

    /**
     * Paths of the controller {@code selfId}.
     *
     * @param ways by controller id; one without an entry cannot be reached
     */
    public Paths(int selfId, Map<Integer, Way> ways) {
        this.selfId = selfId;
        this.selfBit = selfId == 0 ? 0 : TransportHeader.visitedBit(selfId);
        this.seed = selfId; // with one seed for all, the second of two hops would share nothing
        for (int id = 0; id < hops.length; id++) {
            hops[id] = new Hops(ways.getOrDefault(id, new Way(List.of(), List.of())));
        }
    }

    /** The links that lead to a controller, best first; empty when it cannot be reached. */
    public List<Tunnel> linksTo(int controllerId) {
        return List.of(hops[controllerId].tunnels);
    }

    /** This controller's id; 0 where it is not known. */
    int selfId() {
        return selfId;
    }

    /** The best link to a controller that does not lead where something was; null for none. */
    @Nullable Tunnel first(int controllerId, int visited) {
        if (controllerId < 1 || controllerId >= hops.length) {
            return null;
        }
        for (Tunnel tunnel : hops[controllerId].tunnels) {
            if ((visited & TransportHeader.visitedBit(tunnel.id)) == 0) {
                return tunnel;
            }
        }
        return null;
    }

    /** This controller in the set of visited ones. */
    int selfBit() {
        return selfBit;
    }

    /** Whether there is any path to a controller. */
    boolean leadTo(int controllerId) {
        return hops[controllerId].primaries > 0;
    }

    /** The link that the packet takes to a controller; null when none leads where it was not. */
    @Nullable Tunnel choose(int controllerId, Packet packet) {
        Hops way = hops[controllerId];
        int visited = packet.visited;
        if ((visited & TransportHeader.visitedBit(controllerId)) != 0) {
            return null; // it was there, and was sent away
        }
        int primaries = way.primaries;
        int first = primaries > 1 ? share(packet.flowHash(seed), primaries) : 0;
        for (int i = 0; i < way.tunnels.length; i++) {
            int index = i < primaries ? (first + i) % primaries : i;
            Tunnel tunnel = way.tunnels[index];
            if ((visited & TransportHeader.visitedBit(tunnel.id)) == 0) {
                return tunnel;
            }
        }
        return null;
    }

    private static int share(int hash, int parts) {
        return (int) ((Integer.toUnsignedLong(hash) * parts) >>> 32);
    }
}
