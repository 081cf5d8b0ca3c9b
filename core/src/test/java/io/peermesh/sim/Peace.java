package io.peermesh.sim;

import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;

import io.peermesh.node.Desired;
import io.peermesh.node.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What must be true of a mesh that was left alone for long enough, and how long that may take. */
final class Peace {
    /**
     * A stock client with nothing to send notices that its session is gone when its keys expire,
     * after 180 s; then it shakes hands with its next keepalive, 25 s later at most.
     */
    static final long ALL_AGREE_NANOS = 230 * SECOND;

    /** While cuts stand: until every controller knows whom it can reach. */
    static final long ROUTES_AGREE_NANOS = 90 * SECOND;

    /** While cuts stand, and controllers are dead: until another has taken a client over. */
    static final long CLIENTS_SERVED_NANOS = 60 * SECOND;

    /** Of many clients, these are enough to ask each time. */
    private static final int MOST_ASKED = 60;

    private static final long POLL_NANOS = 250 * MILLISECOND;

    private final SimMesh mesh;
    private final World world;
    private final Truth truth;

    /** The peace of this mesh. */
    Peace(SimMesh mesh, Truth truth) {
        this.mesh = mesh;
        this.world = mesh.world();
        this.truth = truth;
    }

    // ---- while some faults last

    /** Demands that every controller soon reaches those that it can, and knows who they are. */
    void awaitRoutes() {
        await(this::problemWithRoutes, ROUTES_AGREE_NANOS);
    }

    private Optional<String> problemWithRoutes() {
        for (SimController one : mesh.controllers()) {
            if (one.isRunning() && !one.isPaused()) {
                Set<Integer> known = reachable(one.status());
                Set<Integer> right = truth.reachableFrom(one);
                if (!known.equals(right)) {
                    return Optional.of(one.name() + " reaches " + known + ", not " + right);
                }
            }
        }
        return Optional.empty();
    }

    private static Set<Integer> reachable(NodeStatus status) {
        return status.controllers().stream()
                .filter(NodeStatus.Controller::reachable)
                .map(NodeStatus.Controller::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Demands, where all living controllers reach each other, that every client that one of them
     * must serve soon reaches one, and all that this one reaches: whoever owned it may be dead.
     */
    void awaitClients() {
        int first = world.random().nextInt(mesh.clients().size());
        List<SimClient> left =
                mesh.clients().stream()
                        .skip(mesh.clients().size() > MOST_ASKED ? first : 0)
                        .limit(MOST_ASKED)
                        .filter(truth::mustBeServed)
                        .toList();
        long end = world.elapsedNanos() + CLIENTS_SERVED_NANOS;
        while (truth.isWhole() && !left.isEmpty()) {
            world.expect(
                    world.elapsedNanos() < end,
                    "clients are served: " + left.stream().map(SimClient::name).toList());
            List<Map<Integer, Long>> pings = left.stream().map(this::pingAll).toList();
            world.run(SECOND);
            var unserved = new ArrayList<SimClient>();
            for (int i = 0; i < pings.size(); i++) {
                if (!isServed(pings.get(i))) {
                    unserved.add(left.get(i));
                }
            }
            left = unserved;
        }
    }

    private Map<Integer, Long> pingAll(SimClient client) {
        Map<Integer, Long> pings = new TreeMap<>();
        for (SimController each : mesh.controllers()) {
            pings.put(each.id(), client.stack().ping(each.overlayAddress(), 64));
        }
        return pings;
    }

    /** Whether one controller has answered, and all that this one can reach. */
    private boolean isServed(Map<Integer, Long> pings) {
        Set<Integer> answered = new TreeSet<>();
        pings.forEach((id, ping) -> {
            if (mesh.ledger().hasArrived(ping)) {
                answered.add(id);
            }
        });
        return mesh.controllers().stream()
                .filter(each -> answered.contains(each.id()))
                .anyMatch(each -> answered.containsAll(truth.reachableFrom(each)));
    }

    // ---- after all faults

    /**
     * Demands that all controllers soon agree on everything.
     *
     * @return how long that took
     */
    long awaitAgreement() {
        return await(this::problem, ALL_AGREE_NANOS);
    }

    private Optional<String> problem() {
        List<NodeStatus> statuses = mesh.controllers().stream().map(SimController::status).toList();
        return problemWithRoutes()
                .or(() -> problemWithLinks(statuses))
                .or(() -> differing("state", each -> each.stored().toString()))
                .or(() -> problemWithChecksums(statuses))
                .or(() -> differing("subnets", each -> subnets(statuses.get(each.id() - 1))))
                .or(() -> differing("owners", each -> owners(statuses.get(each.id() - 1))))
                .or(() -> problemWithOwners(statuses.getFirst()));
    }

    private static Optional<String> problemWithLinks(List<NodeStatus> statuses) {
        for (int i = 0; i < statuses.size(); i++) {
            for (NodeStatus.Link link : statuses.get(i).links()) {
                if (link.state() != NodeStatus.LinkState.UP) {
                    return Optional.of("controller " + (i + 1) + " has " + link);
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> differing(String what, Function<SimController, String> view) {
        String first = view.apply(mesh.controller(1));
        for (SimController each : mesh.controllers()) {
            String here = view.apply(each);
            if (!here.equals(first)) {
                return Optional.of(
                        "%s differ: controller 1 has %s, %s has %s"
                                .formatted(what, first, each.name(), here));
            }
        }
        return Optional.empty();
    }

    private Optional<String> problemWithChecksums(List<NodeStatus> statuses) {
        String right = mesh.controller(1).checksum();
        return statuses.stream()
                .flatMap(status -> status.controllers().stream())
                .filter(NodeStatus.Controller::reachable)
                .filter(told -> !told.topologyChecksum().equals(right))
                .findAny()
                .map(told -> "the checksum should be " + right + ", but one knows " + told);
    }

    private static String subnets(NodeStatus status) {
        return status.routes().stream()
                .map(route -> route.prefix() + " at " + route.controllerId())
                .sorted()
                .toList()
                .toString();
    }

    private static String owners(NodeStatus status) {
        return status.clients().stream()
                .map(client -> client.overlayAddress() + " at " + client.owner())
                .sorted()
                .toList()
                .toString();
    }

    /** Every client that may connect has one owner, and none of the others has any. */
    private Optional<String> problemWithOwners(NodeStatus status) {
        SimController first = mesh.controller(1);
        List<Desired.Client> enabled = first.enabledClients();
        Set<String> expected =
                enabled.stream()
                        .map(client -> client.overlayAddress().toString())
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> owned =
                status.clients().stream()
                        .map(client -> client.overlayAddress().toString())
                        .collect(Collectors.toCollection(TreeSet::new));
        if (status.clients().size() != owned.size()) {
            return Optional.of("a client has two owners: " + owners(status));
        }
        var missing = new TreeSet<>(expected);
        missing.removeAll(owned);
        owned.removeAll(expected);
        return missing.isEmpty() && owned.isEmpty()
                ? Optional.empty()
                : Optional.of("clients without owner: " + missing + ", wrongly owned: " + owned);
    }

    private long await(Supplier<Optional<String>> problem, long limitNanos) {
        long begin = world.elapsedNanos();
        Optional<String> left = problem.get();
        while (left.isPresent()) {
            if (world.elapsedNanos() - begin >= limitNanos) {
                world.expect(false, "after " + limitNanos / SECOND + " s: " + left.get());
            }
            mesh.chatter();
            world.run(POLL_NANOS);
            left = problem.get();
        }
        return world.elapsedNanos() - begin;
    }
}
