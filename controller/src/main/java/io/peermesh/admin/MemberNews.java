package io.peermesh.admin;

import io.peermesh.replication.SharedEntry;
import io.peermesh.store.Audits;
import io.peermesh.store.Peers;
import io.peermesh.store.Transaction;
import java.util.Optional;

/**
 * A controller joined at another one, and the mesh tells of it: it becomes a peer here too, in the
 * same transaction that takes its entry in. Only news counts: who removes a peer later has removed
 * it.
 */
final class MemberNews {
    private final Changes changes;
    private final Settings settings;

    MemberNews(Changes changes, Settings settings) {
        this.changes = changes;
        this.settings = settings;
    }

    /** What is to be noted when the transaction is committed. */
    record News(EventKind kind, int id, String text) {
        void record(EventLog events) {
            events.record(kind, "controller " + id, text, EventDetail.ofPeer(id, ""));
        }
    }

    /** Peers with the controller that a new entry tells of, unless something here contradicts. */
    Optional<News> adopt(Transaction tx, SharedEntry entry) {
        Configuration before = changes.current();
        int id = SharedFields.memberId(entry.key());
        Optional<Member> told = Member.parse(entry.value());
        if (id == 0 || told.isEmpty() || before.selfId().isEmpty()) {
            return Optional.empty();
        }
        Member member = told.get();
        if (id == before.selfId().getAsInt()) {
            return member.installation().equals(before.installation())
                    ? Optional.empty()
                    : Optional.of(new News(EventKind.MEMBER_CONFLICT, id, lostOwnId(id, member)));
        }
        Optional<String> obstacle = obstacle(before, id, member.host());
        if (obstacle.isPresent()) {
            return Optional.of(new News(EventKind.MEMBER_CONFLICT, id, obstacle.get()));
        }
        Optional<Peers.Row> present = Optional.ofNullable(before.peers().get(id));
        if (present.map(row -> row.host().equalsIgnoreCase(member.host())).orElse(false)) {
            return Optional.empty();
        }
        return Optional.of(peer(tx, id, member.host(), present, entry.controllerId()));
    }

    private News peer(
            Transaction tx, int id, String host, Optional<Peers.Row> present, int announcer) {
        tx.peers().put(row(id, host, present));
        String what = "controller " + id + " at " + host + ", announced by controller " + announcer;
        tx.audits()
                .add(
                        new Audits.Row(changes.now(), "mesh", "mesh", "peer-joined", what),
                        Changes.MAX_AUDIT_ROWS);
        return new News(
                EventKind.CONTROLLER_JOINED,
                id,
                "Controller %d joined the mesh at controller %d; it is a peer here now, at %s."
                        .formatted(id, announcer, host));
    }

    /** A peer's row; the MTU of the one before stays. */
    static Peers.Row row(int id, String host, Optional<Peers.Row> before) {
        return new Peers.Row(
                id,
                host,
                before.map(Peers.Row::outerMtuBytes).orElse(PeeringAdmin.DEFAULT_MTU_BYTES));
    }

    private static String lostOwnId(int id, Member member) {
        return "The id of this controller, "
                + id
                + ", was given to another installation as well, at "
                + member.host()
                + "; that one keeps it. Choose a free id here under Controller Peering, and tell"
                + " the other controllers this one's address.";
    }

    private Optional<String> obstacle(Configuration before, int id, String host) {
        String joined = "Controller " + id + " joined the mesh at " + host + ", but ";
        int controllers = before.addressing().orElseThrow().controllers().size();
        if (id > controllers) {
            return Optional.of(
                    joined
                            + "the license here has controllers 1 to "
                            + controllers
                            + ". Upgrade the license here too, then add the peer.");
        }
        if (host.equalsIgnoreCase(settings.privateAddress())) {
            return Optional.of(joined + "that is this controller's own address.");
        }
        Optional<Peers.Row> namesake =
                before.peers().values().stream()
                        .filter(row -> row.controllerId() != id)
                        .filter(row -> row.host().equalsIgnoreCase(host))
                        .findFirst();
        if (namesake.isPresent()) {
            return Optional.of(
                    joined
                            + "here that is the address of controller "
                            + namesake.get().controllerId()
                            + ". Correct the peers here by hand.");
        }
        return Optional.ofNullable(before.peers().get(id))
                .filter(row -> !row.host().equalsIgnoreCase(host))
                .filter(row -> !isAsAnnounced(before, row))
                .map(row ->
                        joined
                                + "it is configured here at "
                                + row.host()
                                + ", which stays. Change the peer here if that is out of date.");
    }

    /** Whether a peer's address came by an announcement before, not from an operator. */
    private static boolean isAsAnnounced(Configuration before, Peers.Row row) {
        return Member.of(before, row.controllerId())
                .map(member -> member.host().equalsIgnoreCase(row.host()))
                .orElse(false);
    }
}
