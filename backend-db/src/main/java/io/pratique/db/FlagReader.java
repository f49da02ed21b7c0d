package io.pratique.db;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.HistoryMark;
import io.pratique.flags.spi.LostHistoryException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads sets of flags: all of them, or what has changed since a set was read. */
final class FlagReader {

    private static final int MARK_PARAMETERS = 3;

    private final Database database;
    private final Statements statements;

    FlagReader(Database database) {
        this.database = database;
        this.statements = database.statements();
    }

    /** All flags of one moment. */
    FlagSet load() {
        return database.read(connection -> loadAll(connection, null)).set;
    }

    /**
     * All flags again.
     *
     * @throws LostHistoryException if the server has lost what {@code previous} had from it
     */
    FlagSet loadAfter(FlagSet previous) throws LostHistoryException {
        Found found = database.read(connection -> loadAll(connection, previous.historyMark()));
        FlagSet now = found.set.following(previous, found.known, found.accepted);
        return now.equals(previous) ? previous : now;
    }

    /**
     * What has changed, in one statement that answers with no row if nothing has.
     *
     * @throws LostHistoryException if the server has lost what {@code previous} had from it
     */
    FlagSet changesSince(FlagSet previous) throws LostHistoryException {
        HistoryMark mark = previous.historyMark();
        Optional<FlagSet> now =
                mark == null ? Optional.empty() : database.read(connection -> poll(connection, previous, mark));
        return now.isPresent() ? now.get() : loadAfter(previous);
    }

    /** What a server holds, and what it knows of the reader's past. */
    private static final class Found {
        private FlagSet set = FlagSet.empty();
        private boolean known;
        private final Set<String> accepted = new HashSet<>();
    }

    private Found loadAll(Connection connection, @Nullable HistoryMark mark) throws SQLException {
        Found found = new Found();
        FlagSet.Builder builder = FlagSet.builder();
        try (PreparedStatement statement = connection.prepareStatement(statements.load)) {
            mark(statement, mark);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    switch (rows.getString("kind")) {
                        case "T" -> throw torn(mark, rows);
                        case "S" -> markWith(builder, rows.getString("name"), rows);
                        case "K" -> found.known = true;
                        case "A" -> found.accepted.add(rows.getString("name"));
                        default -> builder.put(rows.getString("name"), entry(rows));
                    }
                }
            }
        }
        found.set = builder.build();
        return found;
    }

    /** Who has seen a history accepts the loss of that one, whatever is there instead. */
    private static SQLException torn(@Nullable HistoryMark mark, ResultSet row) throws SQLException {
        return Fault.torn(mark == null ? row.getString("name") : mark.epoch(), row.getString("flag_value"));
    }

    private static void mark(PreparedStatement statement, @Nullable HistoryMark mark) throws SQLException {
        if (mark == null) {
            statement.setNull(1, Types.BIGINT);
            statement.setNull(2, Types.VARCHAR);
            statement.setNull(MARK_PARAMETERS, Types.VARCHAR);
        } else {
            statement.setLong(1, mark.sequence());
            statement.setString(2, mark.id());
            statement.setString(MARK_PARAMETERS, mark.epoch());
        }
    }

    /** A store without an epoch or without a change has no mark to give. */
    private static void markWith(FlagSet.Builder builder, @Nullable String epoch, ResultSet row) throws SQLException {
        String id = row.getString("id");
        if (epoch != null && id != null) {
            builder.historyMark(new HistoryMark(epoch, row.getLong("version"), id, instant(row, "changed_at")));
        }
    }

    /** Empty if the server does not know the mark. */
    private Optional<FlagSet> poll(Connection connection, FlagSet previous, HistoryMark mark) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(statements.poll)) {
            mark(statement, mark);
            statement.setLong(MARK_PARAMETERS + 1, mark.sequence());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? changed(rows, previous, mark) : Optional.of(previous);
            }
        }
    }

    private static Optional<FlagSet> changed(ResultSet rows, FlagSet previous, HistoryMark mark) throws SQLException {
        FlagSet.Builder builder = previous.toBuilder();
        HistoryMark last = mark;
        do {
            if (rows.getString("kind").equals("L")) {
                return Optional.empty();
            }
            String key = rows.getString("name");
            if (rows.getString("flag_value") == null) {
                builder.remove(key);
            } else {
                builder.put(key, entry(rows));
            }
            if (rows.getLong("version") > last.sequence() && rows.getString("id") != null) {
                last = new HistoryMark(
                        mark.epoch(), rows.getLong("version"), rows.getString("id"), instant(rows, "changed_at"));
            }
        } while (rows.next());
        return Optional.of(builder.historyMark(last).build());
    }

    private static FlagEntry entry(ResultSet row) throws SQLException {
        FlagEntry entry = FlagEntry.of(row.getString("flag_value")).changedAt(instant(row, "changed_at"));
        OffsetDateTime end = row.getObject("expires_at", OffsetDateTime.class);
        return end == null
                ? entry
                : entry.ending(Duration.between(instant(row, "read_at"), end.toInstant()), row.getString("covered"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
