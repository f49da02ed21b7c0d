package io.pratique.db;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
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
        HikariDataSource begun = new HikariDataSource();
        begun.setPoolName("pratique-" + settings.name());
        begun.setJdbcUrl(url.url());
        begun.setDataSourceProperties(properties());
        begun.setMaximumPoolSize(SIZE);
        begun.setMinimumIdle(0);
        begun.setInitializationFailTimeout(-1);
        long patience = Math.max(SHORTEST_PATIENCE, settings.timeout().toMillis() / 2);
        begun.setConnectionTimeout(patience);
        begun.setValidationTimeout(patience);
        return begun;
    }

    private void discardIfEmpty(HikariDataSource useless) {
        HikariPoolMXBean state = useless.getHikariPoolMXBean();
        if (state != null && state.getTotalConnections() > 0) {
            return;
        }
        synchronized (this) {
            if (pool == useless) {
                pool = null;
            }
        }
        useless.close();
    }

    /** Has the connections that nobody uses go, and the others once they are given back. */
    void evict() {
        HikariDataSource current = current();
        HikariPoolMXBean state = current == null ? null : current.getHikariPoolMXBean();
        if (current != null && state != null) {
            state.softEvictConnections();
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
