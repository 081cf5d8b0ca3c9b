package io.peermesh.admin;

import io.peermesh.crypto.Keyset;
import io.peermesh.ip.IpAddress;
import io.peermesh.keyset.JoinAnswer;
import io.peermesh.keyset.JoinRefusal;
import io.peermesh.keyset.JoinRequest;
import io.peermesh.keyset.JoinServer;
import io.peermesh.keyset.SourceAddress;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.Mesh;
import io.peermesh.store.Keysets;
import io.peermesh.store.Transaction;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Takes other controllers in that hold the keyset: keeps an id for each, makes it a peer, and has
 * the mesh tell the others. Leases are in memory: after a restart the joiner asks again.
 */
final class JoinDesk implements JoinServer.Desk {
    private static final Problem TAKEN = Problem.argument("the id is taken");

    private final Changes changes;
    private final Mesh mesh;
    private final Settings settings;
    private final PeeringAdmin peering;
    private final EventLog events;
    private final AtomicReference<JoinLeases> leases = new AtomicReference<>(JoinLeases.NONE);

    JoinDesk(Changes changes, Mesh mesh, Settings settings, PeeringAdmin peering, EventLog events) {
        this.changes = changes;
        this.mesh = mesh;
        this.settings = settings;
        this.peering = peering;
        this.events = events;
    }

    /** The keyset by which joiners are told from strangers; empty before license and keyset. */
    Optional<Keyset> keyset() {
        Configuration now = changes.current();
        return now.isLicensed() ? now.keyset().map(Keysets.Row::keyset) : Optional.empty();
    }

    @Override
    public JoinAnswer answer(String source, JoinRequest request) {
        JoinAnswer answer =
                switch (request) {
                    case JoinRequest.Lease(UUID installation) -> lease(source, installation);
                    case JoinRequest.Announce announce -> announce(source, announce);
                    case JoinRequest.Confirm(UUID installation, int id) ->
                            confirm(installation, id);
                };
        if (answer instanceof JoinAnswer.Denied(_, String text)) {
            refused(source, text);
        }
        return answer;
    }

    @Override
    public void onRefused(String source, JoinRefusal reason) {
        refused(source, reason.text());
    }

    private void refused(String source, String text) {
        events.recordProvoked(
                EventKind.JOIN_REFUSED,
                source,
                source + " wanted to join the mesh, and was not taken in: " + text);
    }

    private JoinAnswer lease(String source, UUID installation) {
        Optional<Problem> problem =
                Prerequisites.keyset(changes.current())
                        .or(() -> Prerequisites.unexpired(changes.current(), changes.now()))
                        .or(() -> ownIdProblem(source));
        if (problem.isPresent()) {
            return new JoinAnswer.Denied("license", problem.get().message());
        }
        Configuration now = changes.current();
        int controllers = now.addressing().orElseThrow().controllers().size();
        long nowMillis = changes.now().toEpochMilli();
        Set<Integer> taken = taken(now, installation);
        JoinLeases after =
                leases.updateAndGet(before ->
                        before.at(nowMillis)
                                .grant(
                                        installation,
                                        formerId(now, installation),
                                        taken,
                                        controllers,
                                        nowMillis));
        OptionalInt id = after.of(installation);
        return id.isPresent()
                ? new JoinAnswer.Leased(id.getAsInt(), controllers)
                : new JoinAnswer.Denied("full", full(controllers));
    }

    private static String full(int controllers) {
        return "the license has "
                + (controllers == 1 ? "one controller" : "controllers 1 to " + controllers)
                + ", and every id is taken. Upgrade the license, or remove the peer there that is"
                + " gone for good";
    }

    /** Who takes others in must be somebody: the first controller of a mesh takes the lowest id. */
    private Optional<Problem> ownIdProblem(String source) {
        Configuration now = changes.current();
        if (now.selfId().isPresent()) {
            return Optional.empty();
        }
        int id = 1;
        while (now.peers().containsKey(id)) {
            id++;
        }
        return switch (peering.assignSelf(new Actor("mesh", source), id)) {
            case Outcome.Done<PeeringView> _ -> Optional.empty();
            case Outcome.Refused<PeeringView>(Problem problem) -> Optional.of(problem);
        };
    }

    /** The id that this installation announced itself under before. */
    private static OptionalInt formerId(Configuration now, UUID installation) {
        for (int id = 1; id <= now.addressing().orElseThrow().controllers().size(); id++) {
            if (isMember(now, id, installation) && !now.selfId().equals(OptionalInt.of(id))) {
                return OptionalInt.of(id);
            }
        }
        return OptionalInt.empty();
    }

    private static boolean isMember(Configuration now, int id, UUID installation) {
        return Member.of(now, id)
                .map(member -> member.installation().equals(installation))
                .orElse(false);
    }

    /** Ids of this controller, of its peers, and of all that can be reached by way of them. */
    private Set<Integer> taken(Configuration now, UUID installation) {
        var taken = new HashSet<>(now.peers().keySet());
        taken.addAll(reachable());
        taken.removeIf(id -> isMember(now, id, installation));
        now.selfId().ifPresent(taken::add);
        return taken;
    }

    private List<Integer> reachable() {
        return mesh.status().map(NodeStatus::controllers).orElse(List.of()).stream()
                .filter(NodeStatus.Controller::reachable)
                .map(NodeStatus.Controller::id)
                .toList();
    }

    private JoinAnswer announce(String source, JoinRequest.Announce announce) {
        int id = announce.id();
        String host = announce.address().isEmpty() ? normal(source) : announce.address();
        Outcome<Boolean> outcome =
                changes.change(
                        new Actor("mesh", source),
                        "take-in-controller",
                        "controller " + id + " at " + ConfigAdmin.printable(host),
                        tx -> takeIn(tx, announce, host));
        return switch (outcome) {
            case Outcome.Refused<Boolean>(Problem problem) when problem.equals(TAKEN) ->
                    new JoinAnswer.Taken();
            case Outcome.Refused<Boolean>(Problem problem) ->
                    new JoinAnswer.Denied("address", problem.message());
            case Outcome.Done<Boolean> _ -> {
                long nowMillis = changes.now().toEpochMilli();
                leases.updateAndGet(before ->
                        before.at(nowMillis).announced(id, announce.installation(), nowMillis));
                new MemberNews.News(
                                EventKind.CONTROLLER_JOINED,
                                id,
                                "Controller %d joined the mesh here, from %s; it is a peer now, at %s."
                                        .formatted(id, source, host))
                        .record(events);
                yield new JoinAnswer.Announced(host);
            }
        };
    }

    private static String normal(String source) {
        return IpAddress.parse(source).map(IpAddress::toString).orElse(source);
    }

    private Outcome<Boolean> takeIn(Transaction tx, JoinRequest.Announce announce, String host) {
        Configuration now = changes.current();
        int id = announce.id();
        UUID installation = announce.installation();
        boolean inRange =
                now.isLicensed() && id <= now.addressing().orElseThrow().controllers().size();
        if (!inRange
                || now.selfId().isEmpty()
                || taken(now, installation).contains(id)
                || leases.get().at(changes.now().toEpochMilli()).isHeldByOther(id, installation)) {
            return Outcome.refused(TAKEN);
        }
        Optional<String> fault = addressFault(now, id, host, announce.address().isEmpty());
        if (fault.isPresent()) {
            return Outcome.refused(
                    Problem.argument(
                            fault.get()
                                    + ". Give the address by which the other controllers reach the"
                                    + " one that joins"));
        }
        tx.shared()
                .write(
                        SharedFields.member(id),
                        new Member(installation, host).toText(),
                        now.writerId());
        tx.peers().put(MemberNews.row(id, host, Optional.ofNullable(now.peers().get(id))));
        return Outcome.done(true);
    }

    private Optional<String> addressFault(Configuration now, int id, String host, boolean asSeen) {
        if (!SourceAddress.isHost(host)) {
            return Optional.of(
                    ConfigAdmin.printable(host) + " is neither an IP address nor a DNS name");
        }
        if (asSeen && isOnlyLocal(host)) {
            return Optional.of("it was seen from " + host + ", which other machines cannot reach");
        }
        if (host.equalsIgnoreCase(settings.privateAddress())) {
            return Optional.of(
                    host + " is the address of controller " + now.writerId() + " itself");
        }
        return now.peers().values().stream()
                .filter(row -> row.controllerId() != id && row.host().equalsIgnoreCase(host))
                .findFirst()
                .map(row ->
                        "%s is the address of controller %d already (if that was this machine"
                                        .formatted(host, row.controllerId())
                                + " before it was installed anew, remove that peer there first)");
    }

    private static boolean isOnlyLocal(String address) {
        return address.startsWith("127.") || address.startsWith("fe80:") || address.equals("::1");
    }

    private JoinAnswer confirm(UUID installation, int id) {
        Configuration now = changes.current();
        if (!isMember(now, id, installation) || !now.peers().containsKey(id)) {
            return new JoinAnswer.Taken();
        }
        boolean alone = reachable().stream().allMatch(each -> each == id || isSelf(now, each));
        long nowMillis = changes.now().toEpochMilli();
        long left = alone ? 0 : leases.get().unsettledMillis(id, nowMillis);
        return left > 0
                ? new JoinAnswer.Wait((int) left)
                : new JoinAnswer.Member(now.selfId().orElseThrow(), peers(now, id));
    }

    private static boolean isSelf(Configuration now, int id) {
        return now.selfId().equals(OptionalInt.of(id));
    }

    /** An MTU above the usual one is between this controller and that peer. */
    private static List<JoinAnswer.Peer> peers(Configuration now, int asker) {
        return now.peers().values().stream()
                .filter(row -> row.controllerId() != asker)
                .map(row ->
                        new JoinAnswer.Peer(
                                row.controllerId(),
                                row.host(),
                                Math.min(row.outerMtuBytes(), PeeringAdmin.DEFAULT_MTU_BYTES)))
                .toList();
    }
}
