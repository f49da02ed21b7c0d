package io.pratique.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A small pool, which opens nothing before it is asked. The pool below waits for a server that is away, and pauses for up
 * to ten seconds between two attempts, whoever waits; so one without a connection left is given up, and a new one begins
 * with an attempt that fails at once and says why.
 */
final class OwnPool implements AutoCloseable {

    /** One for the loads, one beside it for a write or for the proof of the push channel. */
    private static final int SIZE = 2;

    /** The least that a pool takes, in milliseconds. */
    private static final long SHORTEST_PATIENCE = 250;

    private final ServerUrl url;
    private final JdbcSettings settings;
    private @Nullable HikariDataSource pool;
    private boolean closed;

    OwnPool(ServerUrl url, JdbcSettings settings) {
        this.url = url;
        this.settings = settings;
    }

    Connection getConnection() throws SQLException {
        HikariDataSource current = current();
        if (current == null) {
            DriverManager.getConnection(url.url(), properties()).close();
            current = begin();
        }
        try {
            return current.getConnection();
        } catch (SQLException | RuntimeException away) {
            discardIfEmpty(current);
            throw away;
        }
    }

    private Properties properties() {
        return url.properties(settings.timeout(), "pratique");
    }

    private synchronized @Nullable HikariDataSource current() {
        return pool;
    }

    private synchronized HikariDataSource begin() throws SQLException {
        if (closed) {
            throw new SQLException("the pool is closed");
        }
        HikariDataSource begun = pool == null ? configured() : pool;
        pool = begun;
        return begun;
    }

    private HikariDataSource configured() {
        HikariConfig config = new HikariConfig();
        config.setPoolName("pratique-" + settings.name());
        config.setJdbcUrl(url.url());
        config.setDataSourceProperties(properties());
        config.setMaximumPoolSize(SIZE);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        long patience = Math.max(SHORTEST_PATIENCE, settings.timeout().toMillis());
        config.setConnectionTimeout(patience);
        config.setValidationTimeout(patience);
        // Its threads start here, behind the lock, and not with the first connection, beside a close.
        return new HikariDataSource(config);
    }

    private void discardIfEmpty(HikariDataSource useless) {
        if (useless.getHikariPoolMXBean().getTotalConnections() > 0) {
            return;
        }
        synchronized (this) {
            if (pool == useless) {
                pool = null;
            }
        }
        // It waits for its own threads, for up to ten seconds where one of them waits for it.
        Thread ending = new Thread(useless::close, useless.getPoolName() + ":end");
        ending.setDaemon(true);
        ending.start();
    }

    /** Has the connections that nobody uses go, and the others once they are given back. */
    void evict() {
        HikariDataSource current = current();
        if (current != null) {
            current.getHikariPoolMXBean().softEvictConnections();
            discardIfEmpty(current);
        }
    }

    @Override
    public void close() {
        HikariDataSource last;
        synchronized (this) {
            closed = true;
            last = pool;
            pool = null;
        }
        if (last != null) {
            last.close();
        }
    }
}
