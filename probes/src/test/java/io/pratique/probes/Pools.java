package io.pratique.probes;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Pools and data sources as applications have them, and some as nobody should. */
final class Pools {

    private Pools() {}

    /** Waits half a minute for a connection, as HikariCP does unless told otherwise; opens nothing before it is asked. */
    static HikariDataSource hikari(String url, String user, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** Connections from a function. */
    interface Opens extends DataSource {

        Connection open() throws SQLException;

        @Override
        default Connection getConnection() throws SQLException {
            return open();
        }

        @Override
        default Connection getConnection(String username, String password) throws SQLException {
            return open();
        }

        @Override
        default PrintWriter getLogWriter() {
            return null;
        }

        @Override
        default void setLogWriter(PrintWriter out) {}

        @Override
        default void setLoginTimeout(int seconds) {}

        @Override
        default int getLoginTimeout() {
            return 0;
        }

        @Override
        default Logger getParentLogger() {
            return Logger.getGlobal();
        }

        @Override
        default <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("wraps nothing");
        }

        @Override
        default boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }

    static DataSource from(Opens opens) {
        return opens;
    }
}
