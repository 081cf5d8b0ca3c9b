package io.peermesh.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The event log. */
public final class Events {
    private static final String COLUMNS =
            "SELECT id, at, kind, subject, text, cause, peer, client, measures FROM event";

    /** Rows that one pruning by age looks at, so that it is short. */
    private static final int PRUNED_AT_ONCE = 1_000;

    private final Db db;

    Events(Db db) {
        this.db = db;
    }

    /**
     * One event.
     *
     * @param id 0 for one that is still to be added
     * @param cause one word; empty for none
     * @param peer controller id; 0 for none
     * @param client overlay address; empty for none
     * @param measures figures by name; names are of lower-case letters and underscores
     */
    public record Row(
            long id,
            Instant at,
            String kind,
            String subject,
            String text,
            String cause,
            int peer,
            String client,
            SortedMap<String, Long> measures) {}

    /**
     * Which events; each condition that is given must hold.
     *
     * @param after only greater ids
     * @param before only smaller ids
     * @param since only from this time on
     */
    public record Filter(
            long after,
            long before,
            Optional<Instant> since,
            List<String> kinds,
            OptionalInt peer,
            Optional<String> client) {
        /** All events. */
        public static final Filter ALL =
                new Filter(
                        0,
                        Long.MAX_VALUE,
                        Optional.empty(),
                        List.of(),
                        OptionalInt.empty(),
                        Optional.empty());

        /** Copies the list. */
        public Filter {
            kinds = List.copyOf(kinds);
        }
    }

    /** Adds an event. */
    public void add(Row row) {
        db.update(
                "INSERT INTO event (at, kind, subject, text, cause, peer, client, measures)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row.at().toEpochMilli(),
                row.kind(),
                row.subject(),
                row.text(),
                row.cause(),
                row.peer(),
                row.client(),
                row.measures().entrySet().stream()
                        .map(measure -> measure.getKey() + "=" + measure.getValue())
                        .collect(Collectors.joining(" ")));
    }

    /** Forgets the oldest events until at most {@code most} are left; answers how many. */
    public int trim(int most) {
        return db.update("DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?", most);
    }

    /** Forgets events from before a time, at most 1000 of them; answers how many. */
    public int trimBefore(Instant oldest) {
        return db.update(
                "DELETE FROM event WHERE id < (SELECT min(id) FROM event) + ? AND at < ?",
                PRUNED_AT_ONCE,
                oldest.toEpochMilli());
    }

    /** The id of the newest event; 0 when there is none. */
    public long newestId() {
        return db.queryOne("SELECT coalesce(max(id), 0) FROM event", row -> row.getLong(1))
                .orElse(0L);
    }

    /** The id of the first event after a time; empty when there is none. */
    public Optional<Long> firstIdAfter(Instant time) {
        return db.queryOne(
                        "SELECT coalesce(min(id), 0) FROM event WHERE at > ?",
                        row -> row.getLong(1),
                        time.toEpochMilli())
                .filter(id -> id > 0);
    }

    /** At most {@code limit} events, newest first or oldest first. */
    public List<Row> find(Filter filter, boolean newestFirst, int limit) {
        var sql = new StringBuilder(COLUMNS).append(" WHERE id > ? AND id < ?");
        var arguments = new ArrayList<Object>(List.of(filter.after(), filter.before()));
        filter.since()
                .ifPresent(since -> {
                    sql.append(" AND at >= ?");
                    arguments.add(since.toEpochMilli());
                });
        if (!filter.kinds().isEmpty()) {
            sql.append(" AND kind IN (");
            sql.append("?, ".repeat(filter.kinds().size() - 1)).append("?)");
            arguments.addAll(filter.kinds());
        }
        filter.peer()
                .ifPresent(peer -> {
                    sql.append(" AND peer = ?");
                    arguments.add(peer);
                });
        filter.client()
                .ifPresent(client -> {
                    sql.append(" AND client = ?");
                    arguments.add(client);
                });
        sql.append(newestFirst ? " ORDER BY id DESC LIMIT ?" : " ORDER BY id LIMIT ?");
        arguments.add(limit);
        return db.query(sql.toString(), Events::row, arguments.toArray());
    }

    /** When an event of a kind last concerned each subject. */
    public Map<String, Instant> lastOf(String kind) {
        return db
                .query(
                        "SELECT subject, max(at) FROM event WHERE kind = ? GROUP BY subject",
                        row -> Map.entry(row.getString(1), Instant.ofEpochMilli(row.getLong(2))),
                        kind)
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                Instant.ofEpochMilli(row.getLong(2)),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getInt(7),
                row.getString(8),
                measures(row.getString(9)));
    }

    private static SortedMap<String, Long> measures(String text) {
        var measures = new TreeMap<String, Long>();
        for (String pair : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
            int equals = pair.indexOf('=');
            measures.put(pair.substring(0, equals), Long.valueOf(pair.substring(equals + 1)));
        }
        return measures;
    }
}
