package io.peermesh.admin;

import io.peermesh.admin.Configuration.Field;
import io.peermesh.keyset.SourceAddress;
import io.peermesh.store.Peers;
import io.peermesh.store.Transaction;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The whole peering table at once: all rows are checked and stored together, or none. */
public final class PeeringTable {
    private final Changes changes;
    private final Settings settings;

    PeeringTable(Changes changes, Settings settings) {
        this.changes = changes;
        this.settings = settings;
    }

    /** What is chosen for a controller id. */
    public enum Choice {
        /** This controller. */
        SELF,
        /** Not in use. */
        NOT_SET,
        /** A peer at an address. */
        ADDRESS
    }

    /** One row as typed; address and MTU count only for {@link Choice#ADDRESS}. */
    public record Row(int id, Choice choice, String address, String mtuBytes) {}

    /** What became of a table. */
    public sealed interface Result {
        /** It is stored. */
        record Saved() implements Result {}

        /**
         * Nothing was changed.
         *
         * @param table what is wrong with it as a whole; empty when only rows are
         * @param rows what is wrong, by controller id
         */
        record Wrong(String table, SortedMap<Integer, String> rows) implements Result {}
    }

    /** Replaces own id and peers; ids that are not among the rows count as not set. */
    public Result replace(Actor actor, List<Row> rows) {
        var wrong = new TreeMap<Integer, String>();
        Outcome<Boolean> outcome =
                changes.change(
                        actor,
                        "set-peering",
                        summary(rows),
                        tx -> {
                            Configuration now = changes.current();
                            Optional<Problem> problem = check(now, rows, wrong);
                            if (problem.isPresent()) {
                                return Outcome.refused(problem.get());
                            }
                            store(tx, now, rows);
                            return Outcome.done(true);
                        });
        return switch (outcome) {
            case Outcome.Done<Boolean> _ -> new Result.Saved();
            case Outcome.Refused<Boolean>(Problem problem) ->
                    new Result.Wrong(problem.message(), wrong);
        };
    }

    private static String summary(List<Row> rows) {
        var text = new StringBuilder();
        for (Row row : rows) {
            if (row.choice() != Choice.NOT_SET) {
                text.append(text.isEmpty() ? "" : ", ").append(row.id()).append(": ");
                text.append(
                        row.choice() == Choice.SELF
                                ? "this instance"
                                : ConfigAdmin.printable(row.address()));
            }
        }
        return text.toString();
    }

    private Optional<Problem> check(
            Configuration now, List<Row> rows, SortedMap<Integer, String> wrong) {
        Optional<Problem> early = Prerequisites.keyset(now);
        if (early.isPresent()) {
            return early;
        }
        List<Integer> own =
                rows.stream().filter(row -> row.choice() == Choice.SELF).map(Row::id).toList();
        if (own.size() > 1) {
            own.forEach(id -> wrong.put(id, "only one row can be this instance"));
        }
        rows.forEach(row ->
                rowFault(now, rows, row).ifPresent(fault -> wrong.putIfAbsent(row.id(), fault)));
        if (own.size() != 1) {
            return Optional.of(
                    Problem.argument(
                            "Exactly one controller must be \u201cthis instance\u201d, not "
                                    + (own.isEmpty() ? "none" : own.size())
                                    + "."));
        }
        return wrong.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.argument("Nothing was saved: see the rows below."));
    }

    private Optional<String> rowFault(Configuration now, List<Row> rows, Row row) {
        int controllers = now.addressing().orElseThrow().controllers().size();
        if (row.id() < 1 || row.id() > controllers) {
            return Optional.of("the license has controllers 1 to " + controllers);
        }
        if (row.choice() != Choice.ADDRESS) {
            return Optional.empty();
        }
        return addressFault(rows, row)
                .or(() -> mtuFault(row))
                .or(() ->
                        now.peers().containsKey(row.id())
                                ? Optional.empty()
                                : Prerequisites.unexpired(now, changes.now())
                                        .map(Problem::message));
    }

    private Optional<String> addressFault(List<Row> rows, Row row) {
        String address = row.address();
        if (address.isEmpty()) {
            return Optional.of("give an address, or choose \u201cnot set\u201d");
        }
        if (!SourceAddress.isHost(address)) {
            return Optional.of(
                    ConfigAdmin.printable(address) + " is neither an IP address nor a DNS name");
        }
        if (address.equalsIgnoreCase(settings.privateAddress())) {
            return Optional.of(
                    address
                            + " is this controller's own address; choose \u201cthis instance\u201d"
                            + " for its id");
        }
        var seen = new HashSet<String>();
        for (Row other : rows) {
            boolean same =
                    other.choice() == Choice.ADDRESS
                            && !seen.add(other.address().toLowerCase(Locale.ROOT));
            if (same && other.id() == row.id()) {
                return Optional.of(address + " is the address of another row already");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> mtuFault(Row row) {
        String text =
                "the MTU must be an integer between "
                        + PeeringAdmin.MIN_MTU_BYTES
                        + " and "
                        + PeeringAdmin.MAX_MTU_BYTES;
        OptionalInt mtu = mtu(row);
        return mtu.isPresent()
                        && mtu.getAsInt() >= PeeringAdmin.MIN_MTU_BYTES
                        && mtu.getAsInt() <= PeeringAdmin.MAX_MTU_BYTES
                ? Optional.empty()
                : Optional.of(text);
    }

    private static OptionalInt mtu(Row row) {
        if (row.mtuBytes().isEmpty()) {
            return OptionalInt.of(PeeringAdmin.DEFAULT_MTU_BYTES);
        }
        try {
            return OptionalInt.of(Integer.parseInt(row.mtuBytes()));
        } catch (NumberFormatException malformed) {
            return OptionalInt.empty();
        }
    }

    private static void store(Transaction tx, Configuration now, List<Row> rows) {
        var peers = new TreeMap<Integer, Peers.Row>();
        for (Row row : rows) {
            switch (row.choice()) {
                case SELF -> {
                    PeeringAdmin.moveEndpoint(tx, now, row.id());
                    tx.local().put(Field.SELF_ID, Integer.toString(row.id()));
                }
                case ADDRESS ->
                        peers.put(
                                row.id(),
                                new Peers.Row(row.id(), row.address(), mtu(row).orElseThrow()));
                case NOT_SET -> {}
            }
        }
        IntStream.rangeClosed(1, now.addressing().orElseThrow().controllers().size())
                .filter(id -> !peers.containsKey(id))
                .forEach(tx.peers()::remove);
        peers.values().forEach(tx.peers()::put);
    }
}
