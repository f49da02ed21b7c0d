package io.pratique.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.LostHistoryException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server whose clock was wrong, and was set right. What was killed stays killed. */
@Tag("B-7")
class ClockSetBackTest {

    private static final String KILLED = "outbox-processing";
    private static final Attribution BY = Attribution.of("ada", "INC-4711");

    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private final FlagTables tables = new FlagTables(() -> DriverManager.getConnection(url, "sa", "secret"), "");
    private final JdbcFlagStore store = JdbcFlagStore.connect(url, "sa", "secret");

    @AfterEach
    void shutDown() throws SQLException {
        store.close();
        try (Connection connection = DriverManager.getConnection(url, "sa", "secret")) {
            connection.createStatement().execute("SHUTDOWN");
        }
    }

    /** As the server's clock has it that was an hour ahead then, and is right again. */
    private void clockWasAhead() throws SQLException {
        tables.execute(List.of(
                "UPDATE pratique_flag SET changed_at = changed_at + INTERVAL '1' HOUR",
                "UPDATE pratique_flag_history SET changed_at = changed_at + INTERVAL '1' HOUR"));
    }

    /** The backup holds a time that the kill, made later, would not reach. */
    @Test
    void killOutlivesABackupFromBeforeTheClockWasSetBack() throws Exception {
        store.set(KILLED, "on", BY);
        clockWasAhead();
        FlagTables.Copy backup = tables.backUp();
        store.set(KILLED, "off", BY);
        FlagSet seen = store.load();
        backup.restore();

        assertThatThrownBy(() -> store.reload(seen)).isInstanceOf(LostHistoryException.class);
    }

    @Test
    void timeBoxEndsByTheClockThatWasSetBack() throws Exception {
        store.set(KILLED, "on", BY);
        clockWasAhead();

        store.set(KILLED, "off", Duration.ofMinutes(5), BY);

        assertThat(store.load().entries().get(KILLED).timeBox().left()).isLessThanOrEqualTo(Duration.ofMinutes(5));
    }
}
