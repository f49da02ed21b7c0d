package io.pratique.db;

import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagText;
import io.pratique.testkit.FlagSourceContract;
import io.pratique.testkit.TcpProxy;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.postgresql.ds.PGSimpleDataSource;

/** Real PostgreSQL, reached through a network that can be cut. Each test has a schema of its own. */
@Tag("B-2")
@Tag("B-5")
class PostgresSourceContractIT {

    abstract static class OnPostgres extends FlagSourceContract {

        private final PostgresServer server = PostgresServer.shared();
        private TcpProxy network;
        private Connection connection;
        private RawFlags flags;

        final String schema = TestSchema.next();
        final JdbcSettings settings = JdbcSettings.defaults().schema(schema).timeout(Duration.ofSeconds(3));

        @BeforeEach
        void createTables() throws SQLException, IOException {
            network = TcpProxy.to(server.port());
            connection = server.connect();
            server.execute("CREATE SCHEMA " + schema);
            flags = new RawFlags(connection, schema + ".");
            try (JdbcFlagStore store = JdbcFlagStore.connect(server.url(), "postgres", "postgres", settings)) {
                store.list();
            }
        }

        @AfterEach
        void close() throws SQLException {
            network.close();
            connection.close();
        }

        final String url() {
            return PostgresServer.url(network.port());
        }

        @Override
        protected void write(Map<String, String> values) throws SQLException {
            flags.write(values);
        }

        @Override
        protected void remove(String key) throws SQLException {
            flags.remove(key);
        }

        @Override
        protected boolean canHoldKey(String key) {
            return key.length() <= FlagText.MAX_KEY_LENGTH && key.indexOf('\0') < 0;
        }

        @Override
        protected boolean canHoldValue(String value) {
            return value.indexOf('\0') < 0;
        }

        @Override
        protected void takeBackendAway() {
            network.refuse();
        }

        @Override
        protected void bringBackendBack() {
            network.pass();
        }
    }

    @Nested
    class ConnectedByItself extends OnPostgres {

        @Override
        protected FlagSource openSource() {
            return JdbcFlagSource.connect(url(), "postgres", "postgres", settings);
        }
    }

    /** Polled over the application's connections. */
    @Nested
    class OverADataSource extends OnPostgres {

        @Override
        protected FlagSource openSource() {
            PGSimpleDataSource connections = new PGSimpleDataSource();
            connections.setUrl(url());
            connections.setUser("postgres");
            connections.setPassword("postgres");
            return JdbcFlagSource.over(connections, settings);
        }

        @Override
        protected boolean announcesChanges() {
            return false;
        }
    }
}
