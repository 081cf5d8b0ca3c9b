package io.peermesh.web;

import io.peermesh.admin.AuditLog;
import io.peermesh.admin.Role;
import io.peermesh.http.server.Answer;
import io.peermesh.web.view.Moment;
import io.peermesh.web.view.RecordView;
import java.time.InstantSource;
import java.util.Map;

/** Who changed what: <i>Audit trail</i>. */
final class RecordsPage {
    private final AuditLog audit;
    private final InstantSource clock;
    private final Frame frame;

    RecordsPage(AuditLog audit, InstantSource clock, Frame frame) {
        this.audit = audit;
        this.clock = clock;
        this.frame = frame;
    }

    void addTo(Door door) {
        door.get("/system/audit", Role.READ_ONLY, this::audit);
    }

    private Answer audit(Visit visit) {
        return frame.page(
                visit,
                "Audit trail",
                "audit",
                Map.of(
                        "records",
                        audit.recent(500).stream()
                                .map(entry ->
                                        new RecordView(
                                                Moment.of(entry.at(), clock.instant()),
                                                entry.action(),
                                                entry.target(),
                                                entry.actor(),
                                                entry.source()))
                                .toList()));
    }
}
