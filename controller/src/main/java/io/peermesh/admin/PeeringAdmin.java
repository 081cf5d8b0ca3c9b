package io.peermesh.admin;

import io.peermesh.admin.Configuration.Field;
import io.peermesh.keyset.SourceAddress;
import io.peermesh.license.Addressing;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.Mesh;
import io.peermesh.store.Peers;
import io.peermesh.store.Transaction;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which controller this one is, and where its peers are. */
public final class PeeringAdmin {
    /** Smallest outer MTU, bytes. */
    public static final int MIN_MTU_BYTES = 500;

    /** Largest outer MTU, bytes. */
    public static final int MAX_MTU_BYTES = 4800;

    /** Outer MTU unless given, bytes. */
    public static final int DEFAULT_MTU_BYTES = 1500;

    private final Changes changes;
    private final Mesh mesh;
    private final Settings settings;

    PeeringAdmin(Changes changes, Mesh mesh, Settings settings) {
        this.changes = changes;
        this.mesh = mesh;
        this.settings = settings;
    }

    /** Refused before license and keyset. */
    public Outcome<PeeringView> view() {
        Configuration now = changes.current();
        Optional<Problem> problem = Prerequisites.keyset(now);
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        Map<Integer, NodeStatus.Link> links =
                mesh.status().map(NodeStatus::links).stream()
                        .flatMap(each -> each.stream())
                        .collect(Collectors.toMap(NodeStatus.Link::peerId, Function.identity()));
        int controllers = controllers(now);
        return Outcome.done(
                new PeeringView(
                        now.selfId(),
                        IntStream.rangeClosed(1, controllers)
                                .mapToObj(id -> row(now, links, id))
                                .toList()));
    }

    private static PeeringView.Row row(
            Configuration now, Map<Integer, NodeStatus.Link> links, int id) {
        Addressing addressing = now.addressing().orElseThrow();
        if (now.selfId().equals(OptionalInt.of(id))) {
            return new PeeringView.Self(id, addressing.controller(id));
        }
        Peers.Row peer = now.peers().get(id);
        if (peer == null) {
            return new PeeringView.NotSet(id, addressing.controller(id));
        }
        Optional<NodeStatus.Link> link = Optional.ofNullable(links.get(id));
        return new PeeringView.Peer(
                id,
                addressing.controller(id),
                peer.host(),
                peer.outerMtuBytes(),
                link.map(each -> each.state() == NodeStatus.LinkState.UP).orElse(false),
                link.map(each -> each.state().name().toLowerCase(Locale.ROOT)).orElse("inactive"),
                link.map(NodeStatus.Link::reason).orElse(inactiveReason(now)));
    }

    private static String inactiveReason(Configuration now) {
        return now.selfId().isEmpty() ? "this controller's own id is not set" : "starting";
    }

    private static int controllers(Configuration now) {
        return now.addressing().orElseThrow().controllers().size();
    }

    /** Chooses the own id; idempotent. */
    public Outcome<PeeringView> assignSelf(Actor actor, int id) {
        return changes.<Boolean>change(
                        actor,
                        "assign-self",
                        "controller " + id,
                        tx -> {
                            Optional<Problem> problem = selfProblem(changes.current(), id);
                            if (problem.isPresent()) {
                                return Outcome.refused(problem.get());
                            }
                            moveEndpoint(tx, changes.current(), id);
                            tx.local().put(Field.SELF_ID, Integer.toString(id));
                            return Outcome.done(true);
                        })
                .then(_ -> view());
    }

    private static Optional<Problem> selfProblem(Configuration now, int id) {
        Optional<Problem> early = Prerequisites.keyset(now);
        if (early.isPresent()) {
            return early;
        }
        if (id < 1 || id > controllers(now)) {
            return Optional.of(
                    Problem.argument("id is invalid: " + licensedIds(now) + ", not " + id));
        }
        Peers.Row peer = now.peers().get(id);
        return peer == null
                ? Optional.empty()
                : Optional.of(
                        Problem.argument(
                                "id is invalid: controller "
                                        + id
                                        + " is configured as the peer "
                                        + peer.host()
                                        + "; remove that peer first"));
    }

    private static String licensedIds(Configuration now) {
        return "the license has controllers 1 to " + controllers(now);
    }

    /** A configured client endpoint goes with the controller to its new id. */
    static void moveEndpoint(Transaction tx, Configuration now, int id) {
        if (now.selfId().equals(OptionalInt.of(id))) {
            return;
        }
        if (now.selfId().isPresent()) {
            String old = SharedFields.endpoint(now.selfId().orElseThrow());
            if (now.shared().find(old).isPresent()) {
                tx.shared().write(old, "", id);
            }
        }
        String configured = now.local().getOrDefault(Field.CLIENT_ENDPOINT, "");
        if (!configured.isEmpty()) {
            tx.shared().write(SharedFields.endpoint(id), configured, id);
        }
    }

    /** Adds a peer or replaces its name; an MTU that is not given stays, or is the default. */
    public Outcome<PeeringView> putPeer(Actor actor, int id, String name, OptionalInt mtuBytes) {
        return change(
                actor,
                id,
                "put-peer",
                now ->
                        rangeProblem(now, id, " is an invalid controller id")
                                .or(() -> expiryProblem(now, id)),
                Optional.of(name),
                mtuBytes);
    }

    /** Changes a configured peer; what is empty stays. */
    public Outcome<PeeringView> changePeer(
            Actor actor, int id, Optional<String> name, OptionalInt mtuBytes) {
        return change(
                actor,
                id,
                "change-peer",
                now ->
                        rangeProblem(now, id, " is invalid as controller id.")
                                .or(() -> unsetProblem(now, id)),
                name,
                mtuBytes);
    }

    private Outcome<PeeringView> change(
            Actor actor,
            int id,
            String action,
            Function<Configuration, Optional<Problem>> check,
            Optional<String> name,
            OptionalInt mtuBytes) {
        Optional<String> host = name.map(String::strip);
        return changes.<Boolean>change(
                        actor,
                        action,
                        "controller " + id + " at " + ConfigAdmin.printable(host.orElse("")),
                        tx -> {
                            Configuration now = changes.current();
                            Optional<Problem> problem =
                                    Prerequisites.keyset(now)
                                            .or(() -> check.apply(now))
                                            .or(() -> hostProblem(now, id, host))
                                            .or(() -> mtuProblem(mtuBytes));
                            if (problem.isPresent()) {
                                return Outcome.refused(problem.get());
                            }
                            Optional<Peers.Row> before = Optional.ofNullable(now.peers().get(id));
                            tx.peers()
                                    .put(
                                            new Peers.Row(
                                                    id,
                                                    host.or(() -> before.map(Peers.Row::host))
                                                            .orElseThrow(),
                                                    mtuBytes.orElse(
                                                            before.map(Peers.Row::outerMtuBytes)
                                                                    .orElse(DEFAULT_MTU_BYTES))));
                            return Outcome.done(true);
                        })
                .then(_ -> view());
    }

    private static Optional<Problem> rangeProblem(Configuration now, int id, String text) {
        if (id < 1 || id > controllers(now)) {
            return Optional.of(Problem.argument(id + text + ": " + licensedIds(now)));
        }
        return now.selfId().equals(OptionalInt.of(id))
                ? Optional.of(Problem.argument(id + text + ": it is this controller's own id"))
                : Optional.empty();
    }

    private static Optional<Problem> unsetProblem(Configuration now, int id) {
        return now.peers().containsKey(id)
                ? Optional.empty()
                : Optional.of(
                        Problem.argument(id + " is invalid as controller id: it is not set yet"));
    }

    private Optional<Problem> expiryProblem(Configuration now, int id) {
        return now.peers().containsKey(id)
                ? Optional.empty()
                : Prerequisites.unexpired(now, changes.now());
    }

    private Optional<Problem> hostProblem(Configuration now, int id, Optional<String> host) {
        if (host.isEmpty()) {
            return Optional.empty();
        }
        String name = host.get();
        if (name.isEmpty() || !SourceAddress.isHost(name)) {
            return Optional.of(
                    Problem.argument(
                            "name is invalid: "
                                    + ConfigAdmin.printable(name)
                                    + " is neither an IP address nor a DNS name"));
        }
        if (name.equalsIgnoreCase(settings.privateAddress())) {
            return Optional.of(
                    Problem.argument(
                            "name is invalid: " + name + " is this controller's own address"));
        }
        return now.peers().values().stream()
                .filter(peer -> peer.controllerId() != id && peer.host().equalsIgnoreCase(name))
                .findFirst()
                .map(peer ->
                        Problem.argument(
                                "name is invalid: "
                                        + name
                                        + " is configured as controller "
                                        + peer.controllerId()
                                        + " already"));
    }

    private static Optional<Problem> mtuProblem(OptionalInt mtuBytes) {
        return mtuBytes.isEmpty()
                        || (mtuBytes.getAsInt() >= MIN_MTU_BYTES
                                && mtuBytes.getAsInt() <= MAX_MTU_BYTES)
                ? Optional.empty()
                : Optional.of(
                        Problem.argument(
                                "mtu must be an integer between "
                                        + MIN_MTU_BYTES
                                        + " and "
                                        + MAX_MTU_BYTES));
    }

    /** Forgets a peer; fine for one that is not set. */
    public Outcome<PeeringView> removePeer(Actor actor, int id) {
        return changes.<Boolean>change(
                        actor,
                        "remove-peer",
                        "controller " + id,
                        tx -> {
                            Configuration now = changes.current();
                            Optional<Problem> problem =
                                    Prerequisites.keyset(now)
                                            .or(() ->
                                                    rangeProblem(
                                                            now,
                                                            id,
                                                            " is invalid as controller" + " id."));
                            if (problem.isPresent()) {
                                return Outcome.refused(problem.get());
                            }
                            tx.peers().remove(id);
                            return Outcome.done(true);
                        })
                .then(_ -> view());
    }
}
