package io.pratique.db;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagWrite;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes flags and their history. All who write lock the one row of the store first and hold it until the commit, so a
 * change with a higher number is never seen before one with a lower.
 */
final class FlagWriter {

    /** The channel on which PostgreSQL announces that there is something to read. */
    static final String CHANNEL = "pratique_flag_changed";

    private static final int KEYS_AT_A_TIME = 500;
    private static final int HISTORY_ID = 9;

    /** There is nothing to do between two statements; whoever takes so long is frozen or gone. */
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(10);

    private final Database database;
    private final Statements statements;

    FlagWriter(Database database) {
        this.database = database;
        this.statements = database.statements();
    }

    /** Makes all changes, or none and returns none where a flag has another version than expected. */
    List<FlagRevision> write(List<FlagWrite> writes) {
        return database.transaction(connection -> {
            StoreState state = mended(connection, lock(connection, writes.size()), writes);
            Map<String, FlagRevision> stored = current(connection, writes);
            List<FlagRevision> made = revisions(writes, stored, state);
            if (made.isEmpty()) {
                connection.rollback();
            } else {
                store(connection, made, stored.keySet());
                announce(connection);
            }
            return made;
        });
    }

    /** Records that the loss of an epoch is accepted; one that is still the store's ends with that. */
    void accept(String lostEpoch, Attribution by) {
        database.transaction(connection -> {
            StoreState state = lock(connection, 0);
            boolean begins = state.isTorn() || state.epoch().equals(lostEpoch);
            long last = state.last();
            update(connection, statements.settle, last, begins ? newId() : state.epoch(), last - state.flagsEnd());
            Object[] row = {at(state.now()), by.actor(), by.reason(), lostEpoch};
            if (update(connection, statements.updateAccepted, row) == 0) {
                update(connection, statements.insertAccepted, row);
            }
            announce(connection);
            return state;
        });
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private StoreState lock(Connection connection, int changes) throws SQLException {
        boolean postgres = Database.isPostgres(connection);
        if (postgres) {
            update(connection, manners(database.timeout()) + statements.queue);
        }
        String newEpoch = newId();
        if (update(connection, statements.advance, changes, newEpoch) == 0) {
            update(connection, statements.recreate);
            update(connection, statements.advance, changes, newEpoch);
        }
        try (PreparedStatement statement = connection.prepareStatement(statements.state(postgres));
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return StoreState.read(rows, changes);
        }
    }

    /**
     * Whoever has seen more than what is left of torn tables has to be told so, by another epoch. Nothing is built upon
     * what may be missing.
     */
    private StoreState mended(Connection connection, StoreState state, List<FlagWrite> writes) throws SQLException {
        boolean torn = state.isTorn();
        if (!torn && state.missing() == 0) {
            return state;
        }
        if (torn && writes.stream().anyMatch(write -> write.ifVersion() != null || write.lasting() != null)) {
            throw Fault.torn(state.epoch(), "only what is set for good and expects no version is taken");
        }
        update(connection, statements.settle, state.last() + writes.size(), torn ? newId() : state.epoch(), 0);
        return state.mended();
    }

    /**
     * How PostgreSQL is to treat a writer. Where a pool hands out stricter transactions, two would fail instead of waiting
     * for each other. One that freezes or loses its network behind the lock would keep all others from writing until the
     * server notices, after hours; and each of those would leave a connection behind that waits. Writers wait for the lock
     * of a table, which is given in the order of asking: the one of a row is raced for anew at each commit, and of many who
     * write without a pause one could lose every race until its time is over.
     */
    private static String manners(Duration timeout) {
        // Half of what the others wait, so that they get in once a frozen writer is thrown out.
        long idle = Math.min(LONGEST_IDLE.toMillis(), Math.max(1, timeout.toMillis() * 2 / 5));
        return "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = " + idle
                + "; SET LOCAL lock_timeout = " + Math.max(1, timeout.toMillis() * 4 / 5) + "; ";
    }

    private Map<String, FlagRevision> current(Connection connection, List<FlagWrite> writes) throws SQLException {
        List<String> keys = writes.stream().map(FlagWrite::key).distinct().toList();
        Map<String, FlagRevision> current = new HashMap<>();
        for (int from = 0; from < keys.size(); from += KEYS_AT_A_TIME) {
            List<String> some = keys.subList(from, Math.min(keys.size(), from + KEYS_AT_A_TIME));
            for (FlagRevision each :
                    Revisions.query(connection, statements.current(some.size()), Revisions.ALL, some.toArray())) {
                current.put(each.key(), each);
            }
        }
        return current;
    }

    private static List<FlagRevision> revisions(
            List<FlagWrite> writes, Map<String, FlagRevision> stored, StoreState state) {
        if (!writes.stream().allMatch(write -> isExpected(write.ifVersion(), stored.get(write.key()), state.now()))) {
            return List.of();
        }
        Map<String, FlagRevision> current = new HashMap<>(stored);
        List<FlagRevision> made = new ArrayList<>();
        for (FlagWrite write : writes) {
            long version = state.before() + made.size() + 1;
            FlagRevision revision = revision(write, current.get(write.key()), version, state);
            current.put(write.key(), revision);
            made.add(revision);
        }
        return List.copyOf(made);
    }

    /** A value that is over and covers nothing is both: the version that was seen, and as absent as one never set. */
    private static boolean isExpected(@Nullable Long version, @Nullable FlagRevision flag, Instant now) {
        if (version == null) {
            return true;
        }
        boolean absent = flag == null || flag.valueAt(now) == null;
        return (absent && version == 0) || (flag != null && flag.value() != null && flag.version() == version);
    }

    private static FlagRevision revision(
            FlagWrite write, @Nullable FlagRevision before, long version, StoreState state) {
        Duration lasting = write.lasting();
        Instant end = lasting == null ? null : state.now().plus(lasting).truncatedTo(ChronoUnit.MICROS);
        String covered = lasting == null || before == null ? null : setForGood(before);
        return new FlagRevision(write.key(), version, write.value(), end, covered, state.changedAt(), write.by());
    }

    private static @Nullable String setForGood(FlagRevision flag) {
        return flag.expiresAt() == null ? flag.value() : flag.covered();
    }

    private void store(Connection connection, List<FlagRevision> made, Set<String> present) throws SQLException {
        Map<String, FlagRevision> last = new HashMap<>();
        made.forEach(revision -> last.put(revision.key(), revision));
        try (PreparedStatement history = connection.prepareStatement(statements.insertHistory);
                PreparedStatement insert = connection.prepareStatement(statements.insertFlag);
                PreparedStatement update = connection.prepareStatement(statements.updateFlag)) {
            for (FlagRevision revision : made) {
                bind(history, revision);
                history.setString(HISTORY_ID, newId());
                history.addBatch();
            }
            for (FlagRevision revision : last.values()) {
                PreparedStatement statement = present.contains(revision.key()) ? update : insert;
                bind(statement, revision);
                statement.addBatch();
            }
            history.executeBatch();
            insert.executeBatch();
            update.executeBatch();
        }
    }

    private static void bind(PreparedStatement statement, FlagRevision revision) throws SQLException {
        bind(
                statement,
                revision.value(),
                revision.covered(),
                revision.expiresAt() == null ? null : at(revision.expiresAt()),
                revision.version(),
                at(revision.changedAt()),
                revision.by().actor(),
                revision.by().reason(),
                revision.key());
    }

    private static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private static void announce(Connection connection) throws SQLException {
        if (Database.isPostgres(connection)) {
            Database.announce(connection, CHANNEL);
        }
    }

    private static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }
}
