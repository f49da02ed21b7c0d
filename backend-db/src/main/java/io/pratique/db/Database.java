package io.pratique.db;

import io.pratique.flags.spi.FlagStoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to the flags' database, each for as long as one task takes. Waiting for the server has an end, and what a
 * task throws is told with the server's name and a remedy.
 */
final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcFlagSource.class);

    private static final String POSTGRES = "PostgreSQL";

    private final Connections connections;
    private final @Nullable OwnPool own;
    private final JdbcSettings settings;
    private final Statements statements;
    private final Schema schema;
    private volatile @Nullable String described;
    private volatile boolean closed;

    /** Where connections come from. */
    private interface Connections {
        Connection getConnection() throws SQLException;
    }

    /** What is done with a connection. */
    interface Task<T> {
        T run(Connection connection) throws SQLException;
    }

    private Database(
            Connections connections, @Nullable OwnPool own, @Nullable String described, JdbcSettings settings) {
        this.connections = connections;
        this.own = own;
        this.described = described;
        this.settings = settings;
        this.statements = new Statements(settings.schema());
        this.schema = new Schema(settings, statements);
    }

    /** Over a small pool of its own, which opens nothing before the first task. */
    static Database connect(ServerUrl url, JdbcSettings settings) {
        OwnPool pool = new OwnPool(url, settings);
        return new Database(pool::getConnection, pool, url.toString(), settings);
    }

    /** Over the connections of somebody else. */
    static Database over(DataSource connections, JdbcSettings settings) {
        return new Database(connections::getConnection, null, null, settings);
    }

    /**
     * Does what one statement does, tables created first where they are missing.
     *
     * @throws FlagStoreException if the server does not do its part
     */
    <T> T read(Task<T> task) {
        return with(connection -> {
            connection.setAutoCommit(true);
            return task.run(connection);
        });
    }

    /**
     * Does several statements or none, tables created first where they are missing.
     *
     * @throws FlagStoreException if the server does not do its part; what was done may or may not count
     */
    <T> T transaction(Task<T> task) {
        return with(connection -> inTransaction(connection, task));
    }

    private <T> T with(Task<T> task) {
        requireOpen();
        try {
            return withOne(task);
        } catch (SQLException | RuntimeException thrown) {
            if (!Fault.isConnectionLost(thrown)) {
                throw told(thrown);
            }
            LOG.debug("A connection was lost, trying another one", thrown);
        }
        // It was one of a server that has gone since, and so are the others in the pool.
        if (own != null) {
            own.evict();
        }
        try {
            return withOne(task);
        } catch (SQLException | RuntimeException thrown) {
            throw told(thrown);
        }
    }

    private <T> T withOne(Task<T> task) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            describe(connection);
            return bounded(connection, () -> schema.present(connection, task));
        }
    }

    private RuntimeException told(Exception thrown) {
        requireOpen();
        return thrown instanceof FlagStoreException told ? told : Fault.of(server(), thrown);
    }

    /** Once: that is for messages, and a poll has nothing to spare. */
    private void describe(Connection connection) throws SQLException {
        if (described == null) {
            described = ServerUrl.describe(
                    connection.getMetaData().getURL(), connection.getMetaData().getUserName());
        }
    }

    private interface Bounded<T> {
        T run() throws SQLException;
    }

    /** Somebody else's connection is given back as it was. */
    private <T> T bounded(Connection connection, Bounded<T> task) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        Duration before = networkTimeout(connection, settings.timeout());
        try {
            return task.run();
        } finally {
            restore(connection, autoCommit, before);
        }
    }

    private static void restore(Connection connection, boolean autoCommit, Duration networkTimeout) {
        try {
            connection.setAutoCommit(autoCommit);
        } catch (SQLException broken) {
            LOG.debug("A connection did not survive its task", broken);
            return;
        }
        Duration unused = networkTimeout(connection, networkTimeout);
    }

    /** Drivers need not know network timeouts. Returns what held before. */
    private static Duration networkTimeout(Connection connection, Duration timeout) {
        try {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, (int) timeout.toMillis());
            return Duration.ofMillis(before);
        } catch (SQLException unsupported) {
            LOG.debug("The driver sets no network timeout", unsupported);
            return timeout;
        }
    }

    static <T> T inTransaction(Connection connection, Task<T> task) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = task.run(connection);
            commit(connection);
            return result;
        } catch (SQLException | RuntimeException thrown) {
            rollBack(connection, thrown);
            throw thrown;
        }
    }

    /** Not to be tried again: it may have been done although the answer is missing. */
    private static void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException thrown) {
            throw Fault.isUnanswered(thrown) ? Fault.outcomeUnknown(thrown) : thrown;
        }
    }

    private static void rollBack(Connection connection, Exception thrown) {
        try {
            connection.rollback();
        } catch (SQLException broken) {
            thrown.addSuppressed(broken);
        }
    }

    static boolean isPostgres(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals(POSTGRES);
    }

    /** Announces on a channel of PostgreSQL; at the end of a transaction, where there is one. */
    static void announce(Connection connection, String channel) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_notify(?, '')")) {
            statement.setString(1, channel);
            statement.execute();
        }
    }

    /** How long the server may take for an answer. */
    Duration timeout() {
        return settings.timeout();
    }

    /** Which server and user, as far as is known. */
    String server() {
        String known = described;
        return known == null ? "the DataSource of the application" : known;
    }

    /** The SQL over the tables of the schema that is set. */
    Statements statements() {
        return statements;
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("Flag source " + settings.name() + " is closed");
        }
    }

    /** Ends the pool, if it is its own; a task under way fails. */
    @Override
    public void close() {
        closed = true;
        if (own != null) {
            own.close();
        }
    }
}
