package io.peermesh.sim;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A client accepts its previous session for minutes, and follows whoever sends. So nobody may send
 * it packets who knows that somebody else owns it; and in one epoch only one controller may, but
 * for two that a cut hides from each other: a stock client answers both, and none of them can know.
 *
 * <p>Control follows the packet path by one turn, so the first turn in which a controller sends
 * without owning is forgiven, and the second is not.
 */
final class Fences {
    /** In worlds with more clients than this, only some turns are looked at. */
    private static final int SAMPLED_FROM = 100;

    private static final int SAMPLED_ONE_IN = 16;

    /** So long after two controllers can reach each other, each knows what the other does. */
    private static final long GRACE_NANOS = 5 * World.SECOND;

    private final World world;
    private final int clients;
    private final Map<Integer, Set<IpAddress>> sentInTurn = new HashMap<>();
    private final Map<Integer, Set<IpAddress>> warned = new HashMap<>();
    private final Map<Epoch, Map<Integer, Long>> senders = new HashMap<>();
    private final Map<Epoch, Long> conflicts = new HashMap<>();

    private record Epoch(IpAddress client, long epoch) {}

    Fences(World world, int clients) {
        this.world = world;
        this.clients = clients;
    }

    /** A controller seals a packet for a client. */
    void onSent(int controllerId, IpAddress client) {
        sentInTurn.computeIfAbsent(controllerId, id -> new HashSet<>()).add(client);
    }

    /** A controller's turn is over. */
    void onTurn(SimController controller) {
        Set<IpAddress> sent =
                Optional.ofNullable(sentInTurn.remove(controller.id())).orElse(Set.of());
        boolean sampled = clients <= SAMPLED_FROM || world.random().nextInt(SAMPLED_ONE_IN) == 0;
        if (sent.isEmpty() || !sampled) {
            return;
        }
        Map<IpAddress, NodeStatus.Client> known = new HashMap<>();
        NodeStatus status = controller.status();
        status.clients().forEach(each -> known.put(each.overlayAddress(), each));
        for (IpAddress client : sent) {
            Optional<NodeStatus.Client> record = Optional.ofNullable(known.get(client));
            if (record.filter(found -> found.owner() == controller.id()).isPresent()) {
                forgive(controller, client);
                demandOnlySender(controller, record.get(), status);
            } else {
                warn(controller, client);
            }
        }
    }

    private void forgive(SimController controller, IpAddress client) {
        warned.getOrDefault(controller.id(), new HashSet<>()).remove(client);
    }

    private void warn(SimController controller, IpAddress client) {
        if (!warned.computeIfAbsent(controller.id(), id -> new HashSet<>()).add(client)) {
            throw new AssertionError(
                    controller.name()
                            + " goes on sending to "
                            + client
                            + ", which it does not own");
        }
    }

    /** Others may have sent in the same epoch while nobody could tell them; not for longer. */
    private void demandOnlySender(
            SimController controller, NodeStatus.Client record, NodeStatus status) {
        var epoch = new Epoch(record.overlayAddress(), record.epoch());
        long now = world.nowNanos();
        Map<Integer, Long> here = senders.computeIfAbsent(epoch, e -> new HashMap<>());
        here.put(controller.id(), now);
        for (NodeStatus.Controller other : status.controllers()) {
            if (other.id() == controller.id() || !here.containsKey(other.id())) {
                continue;
            }
            if (!other.reachable()) {
                conflicts.remove(epoch);
                continue;
            }
            long since = conflicts.computeIfAbsent(epoch, e -> now) + GRACE_NANOS;
            if (now > since && here.getOrDefault(other.id(), since) > since) {
                throw new AssertionError(
                        "controllers %d and %d both go on sending to %s in epoch %d"
                                .formatted(controller.id(), other.id(), epoch.client, epoch.epoch));
            }
        }
    }

    /** A controller has died. */
    void onEnd(SimController controller) {
        sentInTurn.remove(controller.id());
        warned.remove(controller.id());
    }
}
