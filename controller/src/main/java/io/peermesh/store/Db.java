package io.peermesh.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One connection to the database file: statements with positional arguments ({@link String}, {@link
 * Long}, {@link Integer}, {@link Boolean} as 0 or 1, {@code byte[]}), rows through a mapper. Turns
 * every {@link SQLException} into a {@link StoreException}. Not thread-safe; {@link Store} locks.
 */
final class Db implements AutoCloseable {
    private static final int BUSY_MILLIS = 10_000;

    private final Path file;
    private final Connection connection;

    private Db(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** Reads one row; must not keep the result set. */
    @FunctionalInterface
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Opens the file, which exists. */
    static Db open(Path file) {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_MILLIS);
        try {
            return new Db(file, config.createConnection("jdbc:sqlite:" + file));
        } catch (SQLException e) {
            throw fault(file, "open", e);
        }
    }

    int update(String sql, Object... arguments) {
        try (PreparedStatement statement = prepare(sql, arguments)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw fault(file, sql, e);
        }
    }

    <T> List<T> query(String sql, RowMapper<T> mapper, Object... arguments) {
        try (PreparedStatement statement = prepare(sql, arguments);
                ResultSet rows = statement.executeQuery()) {
            var results = new ArrayList<T>();
            while (rows.next()) {
                results.add(mapper.map(rows));
            }
            return List.copyOf(results);
        } catch (SQLException e) {
            throw fault(file, sql, e);
        }
    }

    <T> Optional<T> queryOne(String sql, RowMapper<T> mapper, Object... arguments) {
        List<T> rows = query(sql, mapper, arguments);
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
    }

    /** Runs a script of several statements without arguments. */
    void script(String sql) {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw fault(file, sql, e);
        }
    }

    /** Begins a transaction that may write: takes SQLite's write lock. */
    void beginWriting() {
        script("BEGIN IMMEDIATE");
    }

    /** Begins a transaction that reads one consistent state. */
    void beginReading() {
        script("BEGIN");
    }

    void commit() {
        script("COMMIT");
    }

    /** Ends the transaction without a trace; SQLite may have done so by itself after a fault. */
    void rollback() {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate("ROLLBACK");
        } catch (SQLException e) {
            // no transaction is left to roll back; if one were, the next BEGIN would fail and say
            // so
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw fault(file, "close", e);
        }
    }

    private PreparedStatement prepare(String sql, Object... arguments) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < arguments.length; i++) {
                bind(statement, i + 1, arguments[i]);
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private static void bind(PreparedStatement statement, int index, Object value)
            throws SQLException {
        switch (value) {
            case String text -> statement.setString(index, text);
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case Boolean flag -> statement.setInt(index, flag ? 1 : 0);
            case byte[] bytes -> statement.setBytes(index, bytes);
            default -> throw new IllegalArgumentException("cannot store a " + value.getClass());
        }
    }

    /** Arguments are never part of the message: they may be secret. */
    private static StoreException fault(Path file, String attempt, SQLException cause) {
        return new StoreException(
                "cannot use " + file + " (" + firstWords(attempt) + "): " + reason(cause), cause);
    }

    private static String firstWords(String attempt) {
        String line = attempt.strip().replaceAll("\\s+", " ");
        return line.length() <= 40 ? line : line.substring(0, 40) + "…";
    }

    private static String reason(SQLException e) {
        if (!(e instanceof SQLiteException sqlite)) {
            return String.valueOf(e.getMessage());
        }
        SQLiteErrorCode code = sqlite.getResultCode();
        return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
            case SQLITE_FULL -> "the disk is full; free some space, nothing was changed";
            case SQLITE_READONLY -> "the file may not be written; check owner and mode";
            case SQLITE_CANTOPEN -> "the file cannot be opened; check owner and mode";
            case SQLITE_NOTADB, SQLITE_CORRUPT ->
                    "the file is damaged or no database; restore a snapshot";
            case SQLITE_BUSY -> "another program keeps it locked";
            case SQLITE_IOERR -> "the disk reports an error (" + code + ")";
            default -> code + ": " + e.getMessage();
        };
    }
}
