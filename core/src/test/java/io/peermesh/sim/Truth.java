package io.peermesh.sim;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The slow, obviously right model of what can be reached: it knows what the world has done to the
 * mesh, and nothing of what the mesh knows of itself.
 */
final class Truth {
    private final SimMesh mesh;
    private final Map<String, Map<IpAddress, NodeStatus.Client>> knownBy = new HashMap<>();

    /** What is true of this mesh, whenever it is asked. */
    Truth(SimMesh mesh) {
        this.mesh = mesh;
    }

    /** Whether two controllers can have a link: both run, want it, and hear each other. */
    boolean areLinked(SimController one, SimController other) {
        return one != other
                && isAlive(one)
                && isAlive(other)
                && one.desired().peers().containsKey(other.id())
                && other.desired().peers().containsKey(one.id())
                && !mesh.net().isCut(one.host(), other.host())
                && !mesh.net().isCut(other.host(), one.host());
    }

    /** Whether somebody lives, and all who do can reach each other. */
    boolean isWhole() {
        List<SimController> living = mesh.controllers().stream().filter(Truth::isAlive).toList();
        return !living.isEmpty() && reachableFrom(living.getFirst()).size() == living.size() - 1;
    }

    static boolean isAlive(SimController controller) {
        return controller.isRunning() && !controller.isPaused();
    }

    /**
     * Looks at what each living controller knows of the clients now, for {@link #mustBeServed}. It
     * is remembered for as long as the owner is dead; a controller that starts again has forgotten
     * it, and one that a cut hides from a living owner knows nothing of use.
     */
    void look() {
        for (SimController each : mesh.controllers()) {
            if (isAlive(each)) {
                Map<IpAddress, NodeStatus.Client> known =
                        knownBy.computeIfAbsent(
                                each.id() + "/" + each.starts(), k -> new HashMap<>());
                known.values().removeIf(record -> isAlive(mesh.controller(record.owner())));
                each.status()
                        .clients()
                        .forEach(record -> known.put(record.overlayAddress(), record));
            }
        }
    }

    /**
     * Whether somebody has to serve this client: it is enabled everywhere, every living controller
     * can call it, and the controller that it sends to lives, or a living one knows that it owned
     * the client, and where the client is.
     */
    boolean mustBeServed(SimClient client) {
        return canBeCalled(client)
                && mesh.controllers().stream()
                        .filter(Truth::isAlive)
                        .anyMatch(each -> isGatewayOf(client, each.id()) || knows(each, client));
    }

    private boolean canBeCalled(SimClient client) {
        IpAddress host = client.local().address();
        return !mesh.net().isFiltered(host)
                && mesh.controllers().stream()
                        .allMatch(each -> each.mayConnect(client.stack().address()))
                && mesh.controllers().stream()
                        .filter(Truth::isAlive)
                        .noneMatch(each ->
                                mesh.net().isCut(each.host(), host)
                                        || mesh.net().isCut(host, each.host()));
    }

    private boolean isGatewayOf(SimClient client, int controllerId) {
        return client.gateway().equals(mesh.controller(controllerId).clientsEndpoint());
    }

    private boolean knows(SimController controller, SimClient client) {
        return Optional.ofNullable(knownBy.get(controller.id() + "/" + controller.starts()))
                .map(known -> known.get(client.stack().address()))
                .filter(record -> record.endpoint().equals(Optional.of(client.local())))
                .filter(record -> isGatewayOf(client, record.owner()))
                .isPresent();
    }

    /** The ids of all controllers that this one can reach, over any number of links. */
    Set<Integer> reachableFrom(SimController start) {
        var seen = new TreeSet<Integer>();
        Deque<SimController> next = new ArrayDeque<>();
        if (isAlive(start)) {
            next.add(start);
        }
        while (!next.isEmpty()) {
            SimController one = next.remove();
            for (SimController other : mesh.controllers()) {
                if (areLinked(one, other) && seen.add(other.id())) {
                    next.add(other);
                }
            }
        }
        seen.remove(start.id());
        return seen;
    }
}
