package io.pratique.db;

import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.testkit.FlagStoreContract;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** A store on plain SQL and polling alone: another database than PostgreSQL. */
@Tag("B-4")
@Tag("B-5")
@Tag("B-7")
class H2StoreContractIT extends FlagStoreContract {

    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private final FlagTables tables = new FlagTables(() -> DriverManager.getConnection(url, "sa", "secret"), "");

    @AfterEach
    void shutDown() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "sa", "secret")) {
            connection.createStatement().execute("SHUTDOWN");
        }
    }

    @Override
    protected FlagStore openStore() {
        return JdbcFlagStore.connect(url, "sa", "secret");
    }

    @Override
    protected FlagSource openSource() {
        return JdbcFlagSource.connect(url, "sa", "secret");
    }

    @Override
    protected boolean announcesChanges() {
        return false;
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
