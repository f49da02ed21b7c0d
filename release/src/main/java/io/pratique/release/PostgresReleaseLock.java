package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock for releases from several hosts, in two tables of PostgreSQL. A holder has it as long as it gives a sign of life
 * within each lease, by the server's clock; so has a place in line who waits. No connection is kept between, so any pool
 * will do, one that pools transactions too.
 *
 * <p>The tables are those of {@code io/pratique/release/lock.sql} in this jar: {@link #createTables} runs it, or a
 * migration tool does.
 */
public final class PostgresReleaseLock implements ReleaseLock {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresReleaseLock.class);

    private static final Duration USUAL_LEASE = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 200;

    private static final String LEASE_FROM_NOW = "clock_timestamp() + ? * interval '1 millisecond'";

    private final DataSource database;
    private final String name;
    private final Duration lease;
    private final LongSupplier nanos;

    PostgresReleaseLock(DataSource database, String name, Duration lease, LongSupplier nanos) {
        this.database = database;
        this.name = name;
        this.lease = lease;
        this.nanos = nanos;
    }

    /**
     * A lock with leases of 30 seconds.
     *
     * @param database where the tables are; not closed by this
     * @param name of what is released, the same for all who release it
     * @return a lock that nobody holds because of this
     * @throws IllegalArgumentException if the database is null, or the name null or blank
     */
    public static PostgresReleaseLock over(DataSource database, String name) {
        if (database == null) {
            throw new IllegalArgumentException("database of the lock must be given, but is null");
        }
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("name of the lock must not be blank, but is \"" + name + "\"");
        }
        return new PostgresReleaseLock(database, name, USUAL_LEASE, System::nanoTime);
    }

    /**
     * The same lock with leases of another length.
     *
     * @param lease after how long a silence a holder has lost the lock, a second to a day
     * @return a new lock over the same tables
     * @throws IllegalArgumentException if it is null, shorter or longer
     */
    public PostgresReleaseLock lease(Duration lease) {
        return new PostgresReleaseLock(
                database,
                name,
                Limits.within("lease of the lock", lease, Duration.ofSeconds(1), Duration.ofDays(1)),
                nanos);
    }

    /**
     * Makes the tables if they are not all there. If they are, it needs no right to make some.
     *
     * @throws IOException if that fails
     */
    public void createTables() throws IOException {
        try (InputStream sql = PostgresReleaseLock.class.getResourceAsStream("lock.sql")) {
            String text = new String(Objects.requireNonNull(sql).readAllBytes(), StandardCharsets.UTF_8);
            Boolean unused = alone(connection -> {
                if (hasTables(connection)) {
                    return false;
                }
                try (Statement statement = connection.createStatement()) {
                    // Two who make a table that is not there disturb each other otherwise.
                    statement.execute("SELECT pg_advisory_xact_lock(hashtext('pratique_release_lock'))");
                    statement.execute(text);
                }
                return true;
            });
        }
    }

    private static boolean hasTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT to_regclass('pratique_release_lock') IS NOT NULL"
                        + " AND to_regclass('pratique_release_line') IS NOT NULL"
                        + " AND to_regclass('pratique_release_lock_break') IS NOT NULL")) {
            return found.next() && found.getBoolean(1);
        }
    }

    /**
     * Has a change to PostgreSQL made only by who holds the lock: called first in the change's own transaction, it keeps
     * the lock from being taken over or broken until that transaction ends.
     *
     * @param change the change's connection, in a transaction, to the database of the tables
     * @param token of the release, as its {@linkplain StepContext#token context} tells it
     * @throws SQLException if another release holds the lock by now, or the lease has run out
     */
    public void requireHeld(Connection change, long token) throws SQLException {
        if (change.getAutoCommit()) {
            throw new IllegalArgumentException("the change must be in a transaction, but its connection commits each"
                    + " statement; call setAutoCommit(false) first");
        }
        try (PreparedStatement select = change.prepareStatement("SELECT 1 FROM pratique_release_lock"
                + " WHERE name = ? AND token = ? AND held_until > clock_timestamp() FOR SHARE")) {
            select.setString(1, name);
            select.setLong(2, token);
            try (ResultSet found = select.executeQuery()) {
                if (!found.next()) {
                    throw new SQLException("the lock \"" + name + "\" is not held by token " + token
                            + " any more; nothing may be changed by this release");
                }
            }
        }
    }

    /** What is done in one transaction. */
    @FunctionalInterface
    private interface Deed<T> {
        @Nullable T in(Connection connection) throws SQLException;
    }

    private <T> @Nullable T alone(Deed<T> deed) throws IOException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = deed.in(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new IOException("the lock \"" + name + "\" cannot be asked for: " + FlagText.printable(e), e);
        }
    }

    /** Nobody else reads or writes this lock's row until the transaction ends. */
    private void lockRow(Connection connection) throws SQLException {
        update(connection, "INSERT INTO pratique_release_lock (name) VALUES (?) ON CONFLICT DO NOTHING", name);
        update(connection, "UPDATE pratique_release_lock SET name = name WHERE name = ?", name);
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    @Override
    public Lease acquire(String holder, String reason, Duration wait) throws IOException, InterruptedException {
        UUID ticket = UUID.randomUUID();
        long start = nanos.getAsLong();
        try {
            while (true) {
                long before = nanos.getAsLong();
                Long token = alone(connection -> takeOrWait(connection, ticket, holder, reason));
                if (token != null) {
                    return new KeptLease(token, lease.toNanos(), before, nanos, new Signs(token)).start();
                }
                if (nanos.getAsLong() - start >= wait.toNanos()) {
                    leaveLine(ticket);
                    throw new LockHeldException(state(), Objects.requireNonNull(alone(this::waiting)));
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } finally {
            leaveLine(ticket);
        }
    }

    private @Nullable Long takeOrWait(Connection connection, UUID ticket, String holder, String reason)
            throws SQLException {
        lockRow(connection);
        update(
                connection,
                "DELETE FROM pratique_release_line WHERE name = ? AND waits_until < clock_timestamp()",
                name);
        update(
                connection,
                "INSERT INTO pratique_release_line (name, ticket, waits_until) VALUES (?, ?, " + LEASE_FROM_NOW
                        + ") ON CONFLICT (ticket) DO UPDATE SET waits_until = excluded.waits_until",
                name,
                ticket,
                lease.toMillis());
        int taken = update(
                connection,
                "UPDATE pratique_release_lock SET token = token + 1, holder = ?, reason = ?,"
                        + " since = clock_timestamp(), held_until = " + LEASE_FROM_NOW
                        + " WHERE name = ? AND (held_until IS NULL OR held_until < clock_timestamp())"
                        + " AND ? = (SELECT ticket FROM pratique_release_line WHERE name = ? ORDER BY place LIMIT 1)",
                FlagText.printable(holder, 200),
                FlagText.printable(reason, 200),
                lease.toMillis(),
                name,
                ticket,
                name);
        return taken == 0 ? null : one(connection, "SELECT token FROM pratique_release_lock WHERE name = ?");
    }

    private long one(Connection connection, String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, name);
            try (ResultSet found = select.executeQuery()) {
                found.next();
                return found.getLong(1);
            }
        }
    }

    /** A place that cannot be left ends by itself. */
    private void leaveLine(UUID ticket) {
        try {
            Integer unused = alone(
                    connection -> update(connection, "DELETE FROM pratique_release_line WHERE ticket = ?", ticket));
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("The line for lock {} was not left", name);
        }
    }

    private int waiting(Connection connection) throws SQLException {
        return (int) one(
                connection,
                "SELECT count(*) FROM pratique_release_line WHERE name = ? AND waits_until >= clock_timestamp()");
    }

    @Override
    public @Nullable LockState state() throws IOException {
        // Nobody holds a lock in tables that nobody has made yet.
        return alone(connection -> hasTables(connection) ? state(connection, waiting(connection)) : null);
    }

    private @Nullable LockState state(Connection connection, int waiting) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT holder, reason, token, since, held_until < clock_timestamp() FROM pratique_release_lock"
                        + " WHERE name = ? AND held_until IS NOT NULL")) {
            select.setString(1, name);
            try (ResultSet found = select.executeQuery()) {
                return found.next()
                        ? new LockState(
                                found.getString(1),
                                found.getString(2),
                                found.getLong(3),
                                found.getTimestamp(4).toInstant(),
                                found.getBoolean(5),
                                waiting)
                        : null;
            }
        }
    }

    @Override
    public @Nullable LockState breakLock(String by, String reason) throws IOException {
        String who = FlagText.printable(by, 200);
        String why = FlagText.printable(reason, 200);
        LockState broken = alone(connection -> {
            if (!hasTables(connection)) {
                return null;
            }
            lockRow(connection);
            LockState there = state(connection, waiting(connection));
            update(connection, "UPDATE pratique_release_lock SET held_until = NULL WHERE name = ?", name);
            if (there != null) {
                update(
                        connection,
                        "INSERT INTO pratique_release_lock_break (name, broken_by, reason, holder, token)"
                                + " VALUES (?, ?, ?, ?, ?)",
                        name,
                        who,
                        why,
                        there.holder(),
                        there.token());
            }
            return there;
        });
        if (broken != null) {
            LOG.atWarn()
                    .addKeyValue("lock", name)
                    .addKeyValue("holder", broken.holder())
                    .log("The lock of {} was broken by {}: {}", broken.holder(), who, why);
        }
        return broken;
    }

    /** Of one holder. */
    private final class Signs implements KeptLease.Signs {

        private final long token;

        Signs(long token) {
            this.token = token;
        }

        @Override
        public boolean give() throws IOException {
            Integer kept = alone(connection -> update(
                    connection,
                    "UPDATE pratique_release_lock SET held_until = " + LEASE_FROM_NOW
                            + " WHERE name = ? AND token = ? AND held_until > clock_timestamp()",
                    lease.toMillis(),
                    name,
                    token));
            return kept != null && kept == 1;
        }

        @Override
        public void end() throws IOException {
            Integer unused = alone(connection -> update(
                    connection,
                    "UPDATE pratique_release_lock SET held_until = NULL WHERE name = ? AND token = ?",
                    name,
                    token));
        }
    }

    /** Which it is. */
    @Override
    public String toString() {
        return "PostgresReleaseLock[" + name + "]";
    }
}
