package io.pratique.db;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A small pool, which opens nothing before it is asked. While a server is away, the pool below pauses for up to ten
 * seconds between two attempts, whoever waits; so one that has no connection left to give is begun anew, and a server
 * that is back is noticed by the next load.
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
        try {
            return current.getConnection();
        } catch (SQLException | RuntimeException away) {
            if (current.getHikariPoolMXBean() == null
                    || current.getHikariPoolMXBean().getTotalConnections() == 0) {
                discard(current);
            }
            throw away;
        }
    }

    private synchronized HikariDataSource current() throws SQLException {
        if (closed) {
            throw new SQLException("the pool is closed");
        }
        if (pool == null) {
            pool = begin();
        }
        return pool;
    }

    private HikariDataSource begin() {
        HikariDataSource begun = new HikariDataSource();
        begun.setPoolName("pratique-" + settings.name());
        begun.setJdbcUrl(url.url());
        begun.setDataSourceProperties(url.properties(settings.timeout(), "pratique"));
        begun.setMaximumPoolSize(SIZE);
        begun.setMinimumIdle(0);
        begun.setInitializationFailTimeout(-1);
        // The pool takes all of this time to say that nobody listens, and the answer has its own time after it.
        long patience = Math.max(SHORTEST_PATIENCE, settings.timeout().toMillis() / 2);
        begun.setConnectionTimeout(patience);
        begun.setValidationTimeout(patience);
        return begun;
    }

    private void discard(HikariDataSource useless) {
        synchronized (this) {
            if (pool == useless) {
                pool = null;
            }
        }
        useless.close();
    }

    /** Has the connections that nobody uses go, and the others once they are given back. */
    synchronized void evict() {
        if (pool != null) {
            pool.getHikariPoolMXBean().softEvictConnections();
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
