package io.peermesh.admin;

import io.peermesh.admin.EventDetail.Measure;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.Report;
import io.peermesh.replication.SharedEntry;
import io.peermesh.store.Peers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Takes what the mesh tells: stores what changes the topology, notes the rest as events. */
final class MeshReports {
    private static final long SECOND = 1_000_000_000L;

    private final Changes changes;
    private final EventLog events;
    private final MoveTimes times;
    private final MemberNews members;

    MeshReports(Changes changes, EventLog events, MoveTimes times, MemberNews members) {
        this.changes = changes;
        this.events = events;
        this.times = times;
        this.members = members;
    }

    void on(Report report) {
        switch (report) {
            case Report.LinkUp up -> onLinkUp(up);
            case Report.LinkDown down -> onLinkDown(down);
            case Report.PeerRefused(int peerId, String reason) ->
                    events.recordProvoked(
                            EventKind.PEER_REFUSED,
                            subject(peerId),
                            "The handshake with %s was refused: %s".formatted(peer(peerId), reason),
                            EventDetail.ofPeer(peerId, ""));
            case Report.ClocksDiffer(int peerId, long aheadNanos) ->
                    events.recordProvoked(
                            EventKind.CLOCKS_DIFFER,
                            subject(peerId),
                            "The clock of %s is %d s ahead of this controller's; set both by NTP."
                                    .formatted(peer(peerId), aheadNanos / SECOND),
                            EventDetail.ofPeer(peerId, ""));
            case Report.SharedChanged(List<SharedEntry> entries) -> merge(entries);
            case Report.Drained() ->
                    events.record(
                            EventKind.DRAINED,
                            "controller",
                            "No client is left here: it is safe to stop this controller.");
            case Report.ClientUp(IpAddress client, var endpoint) ->
                    client(
                            EventKind.CLIENTPACK_UP,
                            EventDetail.ofClient(client, ""),
                            "Client %s connected from %s.".formatted(client, endpoint));
            case Report.ClientDown(IpAddress client, String cause) ->
                    client(
                            EventKind.CLIENTPACK_DOWN,
                            EventDetail.ofClient(client, ""),
                            "Client %s is gone: %s.".formatted(client, cause));
            case Report.ClientMoved moved -> onClientMoved(moved);
            case Report.ClientUnreachable(IpAddress client, int owner, String cause) ->
                    client(
                            EventKind.CLIENT_UNREACHABLE,
                            EventDetail.ofClient(client, "").with(Measure.FROM_CONTROLLER, owner),
                            "Client %s of controller %d cannot be reached: %s."
                                    .formatted(client, owner, cause));
            case Report.PackOnTwoMachines(IpAddress client, var kept, var refused) ->
                    provoked(
                            EventKind.PACK_ON_TWO_MACHINES,
                            client,
                            "The clientpack of %s is used by two machines: %s stays connected, %s"
                                            .formatted(client, kept, refused)
                                    + " is refused. Give one of them a clientpack of its own.");
            case Report.ClientClockBack(IpAddress client, var from, long secondsBehind) ->
                    provoked(
                            EventKind.CLIENT_CLOCK_BACK,
                            client,
                            "An initiation of client %s from %s is %d s older than its last one:"
                                            .formatted(client, from, secondsBehind)
                                    + " its clock was set back, or somebody repeats what it sent.");
        }
    }

    private void onLinkUp(Report.LinkUp up) {
        events.record(
                EventKind.PEER_UP,
                subject(up.peerId()),
                "The link to %s is up, round trip %s."
                        .formatted(peer(up.peerId()), millis(up.rttNanos())),
                EventDetail.ofPeer(up.peerId(), "")
                        .withNanos(Measure.RTT_MICROS, up.rttNanos())
                        .withNanos(Measure.HOLD_DOWN_MICROS, up.heldNanos()));
    }

    private void onLinkDown(Report.LinkDown down) {
        Report.LinkEvidence evidence = down.evidence();
        double loss = Math.max(evidence.lossOutward(), evidence.lossInward());
        String why = down.why().name().toLowerCase(Locale.ROOT);
        times.onLinkDown(why, evidence.silentNanos(), evidence.repairNanos());
        events.record(
                EventKind.PEER_DOWN,
                subject(down.peerId()),
                "The link to %s is down: %s, last heard %s ago."
                        .formatted(
                                peer(down.peerId()), down.cause(), millis(evidence.silentNanos())),
                EventDetail.ofPeer(down.peerId(), why)
                        .withNanos(Measure.SILENT_MICROS, evidence.silentNanos())
                        .withNanos(Measure.DETECT_MICROS, evidence.silentNanos())
                        .withNanos(Measure.MOVE_MICROS, evidence.repairNanos())
                        .withNanos(Measure.HOLD_DOWN_MICROS, evidence.holdNanos())
                        .with(Measure.LOSS_PPM, Math.round(loss * 1e6))
                        .with(Measure.LOST_PACKETS_AT_MOST, evidence.lostAtMost()));
    }

    private void onClientMoved(Report.ClientMoved moved) {
        String cause = moved.cause().name().toLowerCase(Locale.ROOT);
        times.onClientMoved(cause, moved.nanosToDetect(), moved.nanosToMove());
        client(
                EventKind.CLIENT_MOVED,
                EventDetail.ofClient(moved.client(), cause)
                        .with(Measure.FROM_CONTROLLER, moved.from())
                        .withNanos(Measure.SILENT_MICROS, moved.silentNanos())
                        .withNanos(Measure.DETECT_MICROS, moved.nanosToDetect())
                        .withNanos(Measure.MOVE_MICROS, moved.nanosToMove())
                        .with(Measure.LOST_PACKETS_AT_MOST, moved.lostAtMost()),
                "Client %s moved here from controller %d: %s, noticed after %s, moved in %s."
                        .formatted(
                                moved.client(),
                                moved.from(),
                                words(moved.cause()),
                                millis(moved.nanosToDetect()),
                                millis(moved.nanosToMove())));
    }

    private static String words(Report.MoveCause cause) {
        return switch (cause) {
            case TAKE_OVER -> "that one cannot be reached";
            case DRAIN -> "that one drains";
            case SHARING -> "that one handed it over";
            case CLIENT -> "the client came by itself";
        };
    }

    private void client(EventKind kind, EventDetail detail, String text) {
        events.record(kind, PackRenderer.name(detail.client().orElseThrow()), text, detail);
    }

    private void provoked(EventKind kind, IpAddress client, String text) {
        events.recordProvoked(
                kind, PackRenderer.name(client), text, EventDetail.ofClient(client, ""));
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
        Outcome<List<MemberNews.News>> merged =
                changes.change(
                        new Actor("mesh", "mesh"),
                        "merge-shared-state",
                        entries.size() + " entries",
                        tx -> {
                            boolean changed = false;
                            var news = new ArrayList<MemberNews.News>();
                            for (SharedEntry entry : entries) {
                                if (tx.shared().merge(entry)) {
                                    changed = true;
                                    members.adopt(tx, entry).ifPresent(news::add);
                                }
                            }
                            return changed
                                    ? Outcome.done(news)
                                    : Outcome.refused(Problem.argument("nothing new"));
                        });
        if (merged instanceof Outcome.Done<List<MemberNews.News>>(List<MemberNews.News> news)) {
            news.forEach(each -> each.record(events));
        }
    }
}
