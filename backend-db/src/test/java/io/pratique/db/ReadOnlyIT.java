package io.pratique.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagStoreException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions in which nothing can be written, as on a hot standby. */
@Tag("B-2")
@Timeout(120)
class ReadOnlyIT {

    private static final PostgresServer SERVER = PostgresServer.shared();
    private static final Attribution BY = Attribution.of("ada", "INC-4711");
    private static final String KEY = "outbox-processing";

    private final String schema = TestSchema.next();
    private final JdbcSettings settings = JdbcSettings.defaults().schema(schema).name(schema);

    @BeforeAll
    static void createRole() throws SQLException {
        SERVER.execute(
                "CREATE ROLE standby LOGIN SUPERUSER", "ALTER ROLE standby SET default_transaction_read_only = on");
    }

    @AfterAll
    static void dropRole() throws SQLException {
        SERVER.execute("DROP ROLE standby");
    }

    @BeforeEach
    void createSchema() throws SQLException {
        SERVER.execute("CREATE SCHEMA " + schema);
    }

    @Test
    void theyAreReadByPolling() {
        try (CapturedLog log = new CapturedLog();
                JdbcFlagStore primary = JdbcFlagStore.connect(SERVER.url(), "postgres", null, settings)) {
            primary.set(KEY, "on", BY);
            try (FlagClient client = FlagClient.builder()
                    .source(JdbcFlagSource.connect(SERVER.url(), "standby", null, settings))
                    .ttl(Duration.ofMillis(500))
                    .startupTimeout(Duration.ofSeconds(20))
                    .build()) {
                primary.set(KEY, "off", BY);

                await().until(() -> !client.isEnabled(KEY));
                assertThat(client.sources().get(0).error()).isNull();
            }
            assertThat(log.everything()).doesNotContain("failed");
            assertThat(log.warnings()).isEmpty();
            assertThat(log.at(Level.INFO))
                    .filteredOn(line -> line.contains("polled"))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void whoWritesThereIsToldWhereToWrite() {
        try (JdbcFlagStore primary = JdbcFlagStore.connect(SERVER.url(), "postgres", null, settings);
                JdbcFlagStore standby = JdbcFlagStore.connect(SERVER.url(), "standby", null, settings)) {
            assertThatThrownBy(standby::load)
                    .isInstanceOf(FlagStoreException.class)
                    .hasMessageContaining("point the store's URL at the primary");
            primary.set(KEY, "on", BY);

            assertThatThrownBy(() -> standby.set(KEY, "off", BY))
                    .isInstanceOf(FlagStoreException.class)
                    .hasMessageContainingAll("user standby", "read-only", "point the store's URL at the primary");
            assertThatThrownBy(() -> standby.accept("an-epoch", BY)).hasMessageContaining("at the primary");
            assertThat(standby.load().entries()).containsOnlyKeys(KEY);
            assertThat(standby.list()).hasSize(1);
        }
    }

    /** It would need quotes. */
    @Test
    void schemaNamedLikeAReservedWordIsToldAsSuch() {
        try (JdbcFlagSource source = JdbcFlagSource.connect(SERVER.url(), "postgres", null, settings.schema("user"))) {
            assertThatThrownBy(source::load).hasMessageContaining("a name that is no reserved word");
        }
    }
}
