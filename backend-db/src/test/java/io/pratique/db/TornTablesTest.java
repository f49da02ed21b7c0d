package io.pratique.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** In another database than PostgreSQL. */
class TornTablesTest extends TornTables {

    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

    @AfterEach
    void shutDown() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "sa", "secret")) {
            connection.createStatement().execute("SHUTDOWN");
        }
    }

    @Override
    JdbcFlagStore openStore() {
        return JdbcFlagStore.connect(url, "sa", "secret");
    }

    @Override
    FlagTables openTables() {
        return new FlagTables(() -> DriverManager.getConnection(url, "sa", "secret"), "");
    }
}
