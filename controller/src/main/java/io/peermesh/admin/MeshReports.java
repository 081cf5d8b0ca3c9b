package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.Report;
import io.peermesh.replication.SharedEntry;
import io.peermesh.store.Peers;
import java.util.List;
import java.util.Optional;

/** Takes what the mesh tells: stores what changes the topology, notes the rest as events. */
final class MeshReports {
    private final Changes changes;
    private final EventLog events;

    MeshReports(Changes changes, EventLog events) {
        this.changes = changes;
        this.events = events;
    }

    void on(Report report) {
        switch (report) {
            case Report.LinkUp(int peerId, long rttNanos) ->
                    events.record(
                            EventKind.PEER_UP,
                            subject(peerId),
                            "The link to "
                                    + peer(peerId)
                                    + " is up, round trip "
                                    + millis(rttNanos)
                                    + ".");
            case Report.LinkDown(int peerId, String cause, long silentNanos) ->
                    events.record(
                            EventKind.PEER_DOWN,
                            subject(peerId),
                            "The link to "
                                    + peer(peerId)
                                    + " is down: "
                                    + cause
                                    + ", last heard "
                                    + millis(silentNanos)
                                    + " ago.");
            case Report.PeerRefused(int peerId, String reason) ->
                    events.recordProvoked(
                            EventKind.PEER_REFUSED,
                            subject(peerId),
                            "The handshake with " + peer(peerId) + " was refused: " + reason);
            case Report.ClientUp(IpAddress client, var endpoint) ->
                    events.record(
                            EventKind.CLIENTPACK_UP,
                            PackRenderer.name(client),
                            "Client " + client + " connected from " + endpoint + ".");
            case Report.ClientDown(IpAddress client, String cause) ->
                    events.record(
                            EventKind.CLIENTPACK_DOWN,
                            PackRenderer.name(client),
                            "Client " + client + " is gone: " + cause + ".");
            case Report.ClientMoved moved ->
                    events.record(
                            EventKind.CLIENTPACK_UP,
                            PackRenderer.name(moved.client()),
                            "Client %s moved here from controller %d, in %s."
                                    .formatted(
                                            moved.client(),
                                            moved.from(),
                                            millis(moved.nanosToDetect() + moved.nanosToMove())));
            case Report.ClientUnreachable(IpAddress client, int owner, String cause) ->
                    events.record(
                            EventKind.CLIENTPACK_DOWN,
                            PackRenderer.name(client),
                            "Client %s of controller %d cannot be reached: %s."
                                    .formatted(client, owner, cause));
            case Report.PackOnTwoMachines(IpAddress client, var kept, var refused) ->
                    events.recordProvoked(
                            EventKind.CLIENTPACK_DOWN,
                            PackRenderer.name(client),
                            "The clientpack of %s is used by two machines: %s stays connected, %s is refused."
                                    .formatted(client, kept, refused));
            case Report.ClientClockBack(IpAddress client, var from, long secondsBehind) ->
                    events.recordProvoked(
                            EventKind.CLIENTPACK_DOWN,
                            PackRenderer.name(client),
                            "An initiation of client %s from %s is %d s older than its last one: its clock was set back, or somebody repeats it."
                                    .formatted(client, from, secondsBehind));
            case Report.ClocksDiffer(int peerId, long aheadNanos) ->
                    events.recordProvoked(
                            EventKind.PEER_REFUSED,
                            subject(peerId),
                            "The clock of %s is %d s ahead of this controller's; set both by NTP."
                                    .formatted(peer(peerId), aheadNanos / 1_000_000_000L));
            case Report.Drained() ->
                    events.record(
                            EventKind.CLIENTPACK_DOWN,
                            "this controller",
                            "No client is left here: it is safe to stop this controller.");
            case Report.SharedChanged(List<SharedEntry> entries) -> merge(entries);
        }
    }

    private static String subject(int peerId) {
        return "controller " + peerId;
    }

    private String peer(int peerId) {
        Optional<String> host =
                Optional.ofNullable(changes.current().peers().get(peerId)).map(Peers.Row::host);
        return subject(peerId) + host.map(name -> " (" + name + ")").orElse("");
    }

    private static String millis(long nanos) {
        return "%.1f ms".formatted(nanos / 1e6);
    }

    /** Older writings than ours are let be; the mesh is told when anything is new. */
    private void merge(List<SharedEntry> entries) {
        changes.change(
                new Actor("mesh", "mesh"),
                "merge-shared-state",
                entries.size() + " entries",
                tx -> {
                    int taken = 0;
                    for (SharedEntry entry : entries) {
                        taken += tx.shared().merge(entry) ? 1 : 0;
                    }
                    return taken == 0
                            ? Outcome.refused(Problem.argument("nothing new"))
                            : Outcome.done(taken);
                });
    }
}
