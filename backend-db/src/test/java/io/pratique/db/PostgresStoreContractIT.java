package io.pratique.db;

import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagText;
import io.pratique.testkit.FlagStoreContract;
import io.pratique.testkit.TcpProxy;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** Real PostgreSQL, reached through a network that can be cut. Each test has a schema of its own. */
@Tag("B-4")
@Tag("B-5")
@Tag("B-7")
class PostgresStoreContractIT extends FlagStoreContract {

    private final PostgresServer server = PostgresServer.shared();
    private final String schema = TestSchema.next();
    /** Sixteen writers stand in one queue, and the last of them waits for all the others, however slow the machine is. */
    private final JdbcSettings settings = JdbcSettings.defaults().schema(schema).timeout(Duration.ofMinutes(1));

    private final FlagTables tables = new FlagTables(server::connect, schema + ".");
    private TcpProxy network;

    @BeforeEach
    void createSchema() throws SQLException, IOException {
        network = TcpProxy.to(server.port());
        server.execute("CREATE SCHEMA " + schema);
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Override
    protected FlagStore openStore() {
        return JdbcFlagStore.connect(PostgresServer.url(network.port()), "postgres", "postgres", settings);
    }

    @Override
    protected FlagSource openSource() {
        return JdbcFlagSource.connect(PostgresServer.url(network.port()), "postgres", "postgres", settings);
    }

    @Override
    protected boolean canHoldKey(String key) {
        return FlagText.isKey(key) && key.indexOf('\0') < 0;
    }

    @Override
    protected boolean canHoldValue(String value) {
        return FlagText.parse(value) != null && value.indexOf('\0') < 0;
    }

    @Override
    protected void takeBackendAway() {
        network.refuse();
    }

    @Override
    protected void bringBackendBack() {
        network.pass();
    }

    @Override
    protected void cutPush() throws SQLException {
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE application_name = 'pratique-listen'");
    }

    @Override
    protected void wipe() throws SQLException {
        tables.drop();
    }

    @Override
    protected Backup backUp() throws SQLException {
        return tables.backUp()::restore;
    }
}
