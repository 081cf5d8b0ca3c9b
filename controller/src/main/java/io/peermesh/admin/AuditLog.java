package io.peermesh.admin;

import io.peermesh.store.Audits;
import io.peermesh.store.Store;
import java.time.Instant;
import java.util.List;

/** Who changed what, newest first. */
public final class AuditLog {
    private final Store store;

    AuditLog(Store store) {
        this.store = store;
    }

    /** One change; never holds a secret. */
    public record Entry(Instant at, String actor, String source, String action, String target) {}

    /** At most {@code limit} changes (1..1000). */
    public List<Entry> recent(int limit) {
        return store.read(tx -> tx.audits().newest(Math.clamp(limit, 1, 1000))).stream()
                .map(AuditLog::entry)
                .toList();
    }

    private static Entry entry(Audits.Row row) {
        return new Entry(row.at(), row.actor(), row.source(), row.action(), row.target());
    }
}
