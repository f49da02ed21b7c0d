package io.pratique.db;

import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagText;
import io.pratique.testkit.FlagSourceContract;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** Plain SQL and polling alone: another database than PostgreSQL. */
@Tag("B-2")
@Tag("B-5")
class H2SourceContractIT extends FlagSourceContract {

    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private Connection connection;
    private RawFlags flags;

    @BeforeEach
    void createTables() throws SQLException {
        connection = DriverManager.getConnection(url, "sa", "secret");
        flags = new RawFlags(connection, "");
        try (JdbcFlagStore store = JdbcFlagStore.connect(url, "sa", "secret")) {
            store.list();
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.createStatement().execute("SHUTDOWN");
    }

    @Override
    protected FlagSource openSource() {
        return JdbcFlagSource.connect(url, "sa", "secret");
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
        return key.length() <= FlagText.MAX_KEY_LENGTH;
    }

    @Override
    protected boolean announcesChanges() {
        return false;
    }
}
