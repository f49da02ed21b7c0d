package io.pratique.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.LostHistoryException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the guide says: the SQL that it shows is run as it stands there. */
@Tag("B-2")
class GuideIT {

    private static final Attribution BY = Attribution.of("ada", "INC-4711");
    private static final String KEY = "outbox-processing";

    private final PostgresServer server = PostgresServer.shared();
    private final String schema = TestSchema.next();
    private final JdbcSettings settings = JdbcSettings.defaults().schema(schema);

    @BeforeEach
    void createSchema() throws SQLException {
        server.execute("CREATE SCHEMA " + schema);
    }

    private JdbcFlagStore store(String user) {
        return JdbcFlagStore.connect(server.url(), user, "secret", settings);
    }

    @Nested
    class Rights {

        @BeforeEach
        void createTables() throws SQLException {
            try (JdbcFlagStore store = store("postgres")) {
                store.set(KEY, "on", BY);
            }
            server.execute(Guide.toRead("reader", schema));
            server.execute(Guide.toWrite("writer", schema));
        }

        @Test
        @Tag("B-4")
        void ofAWriterSufficeForAllThatAStoreDoes() {
            try (JdbcFlagStore store = store("writer")) {
                FlagRevision set = store.set(KEY, "off", BY);
                assertThat(store.compareAndSet(KEY, set.version(), "on", BY)).isPresent();
                store.set("cleanup", "off", Duration.ofHours(1), BY);
                store.clear(KEY, BY);
                assertThat(store.list()).extracting(FlagRevision::key).containsExactly("cleanup");
                assertThat(store.history(KEY, 10)).hasSize(4);
                store.accept("an-epoch", BY);
                store.accept(store.load().historyMark().epoch(), BY);
                assertThat(store.load().entries()).containsOnlyKeys("cleanup");
            }
        }

        @Test
        void ofAReaderSufficeToReadAndToListenAndForNothingElse() throws Exception {
            try (FlagClient client = FlagClient.builder()
                            .source(JdbcFlagSource.connect(server.url(), "reader", "secret", settings))
                            .ttl(Duration.ofHours(1))
                            .startupTimeout(Duration.ofSeconds(20))
                            .build();
                    JdbcFlagStore writer = store("writer");
                    JdbcFlagStore reader = store("reader")) {
                await().until(() -> client.sources().get(0).pushed());
                writer.set(KEY, "off", BY);
                await().until(() -> !client.isEnabled(KEY));

                assertThatThrownBy(() -> reader.set(KEY, "on", BY))
                        .isInstanceOf(FlagStoreException.class)
                        .hasMessageContainingAll("user reader", "permission denied", "docs/guide/postgresql.md");
            }
        }

        @Test
        void thatAreMissingToCreateTablesAreNamedWithTheFileToRun() throws SQLException {
            String empty = TestSchema.next();
            server.execute("CREATE SCHEMA " + empty, "GRANT USAGE ON SCHEMA " + empty + " TO reader");
            try (JdbcFlagSource source = JdbcFlagSource.connect(
                    server.url(), "reader", "secret", JdbcSettings.defaults().schema(empty))) {
                assertThatThrownBy(source::load)
                        .isInstanceOf(FlagStoreException.class)
                        .hasMessageContainingAll("permission denied", "docs/guide/postgresql.md");
            }
        }
    }

    @Nested
    class Emergency {

        private void killByPsql() throws SQLException {
            server.execute(Guide.statements("emergency").stream()
                    .map(sql -> sql.replace("ops.", schema + "."))
                    .toArray(String[]::new));
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void killByPsqlIsSeenAtOnceAndKept(boolean flagIsThere) throws Exception {
            try (JdbcFlagStore store = store("postgres");
                    FlagClient client = FlagClient.builder()
                            .source(JdbcFlagSource.connect(server.url(), "postgres", null, settings))
                            .ttl(Duration.ofHours(1))
                            .startupTimeout(Duration.ofSeconds(20))
                            .build()) {
                store.list();
                if (flagIsThere) {
                    store.set(KEY, "on", Duration.ofHours(1), BY);
                }
                await().until(() -> client.sources().get(0).pushed());

                killByPsql();

                await().until(() -> !client.isEnabled(KEY));
                FlagRevision killed = store.list().get(0);
                assertThat(killed.value()).isEqualTo("off");
                assertThat(killed.expiresAt()).isNull();
                assertThat(store.history(KEY, 1)).isEqualTo(List.of(killed));
                store.set(KEY, "on", BY);
                await().until(() -> client.isEnabled(KEY));
            }
        }

        /** A backup could hold a change that seems newer. */
        @Test
        @Tag("B-7")
        void killByPsqlOutlivesAClockThatWasSetBack() throws Exception {
            try (JdbcFlagStore store = store("postgres")) {
                store.set(KEY, "on", BY);
                server.execute(
                        "UPDATE " + schema + ".pratique_flag_history SET changed_at = now() + INTERVAL '1 hour'");
                Instant last = store.history(KEY, 1).get(0).changedAt();

                killByPsql();

                assertThat(store.list()).singleElement().satisfies(killed -> {
                    assertThat(killed.changedAt()).isEqualTo(last.plus(1, ChronoUnit.MICROS));
                    assertThat(killed.value()).isEqualTo("off");
                });
            }
        }

        /** Whoever has seen what is missing has to be told so, as by any other write. */
        @Test
        @Tag("B-7")
        void killByPsqlBeginsANewEpochWhereTablesAreTorn() throws Exception {
            try (JdbcFlagStore store = store("postgres")) {
                store.write(List.of(FlagWrite.set("cleanup", "off", BY), FlagWrite.set(KEY, "on", BY)));
                FlagSet seen = store.load();
                server.execute("DELETE FROM " + schema + ".pratique_flag");

                killByPsql();

                assertThat(store.load().entries()).containsOnlyKeys(KEY);
                assertThatThrownBy(() -> store.reload(seen)).isInstanceOf(LostHistoryException.class);
                assertThat(store.set(KEY, "on", Duration.ofHours(1), BY).version())
                        .isEqualTo(4);
                FlagSet whole = store.load();
                killByPsql();
                assertThat(store.reload(whole).historyMark().epoch())
                        .isEqualTo(whole.historyMark().epoch());
            }
        }
    }

    /** The same file, run by a migration tool with its own history. */
    @Nested
    class Migrations {

        @Test
        void runTheSameFileOnPostgres() throws Exception {
            migrate(server.url(), "postgres", schema);

            try (JdbcFlagStore store = JdbcFlagStore.connect(server.url(), "postgres", null, settings.verifySchema())) {
                store.set(KEY, "off", BY);
                assertThat(store.load().entries()).containsOnlyKeys(KEY);
            }
            assertThat(server.count("SELECT schema_version FROM " + schema + ".pratique_flag_store"))
                    .isEqualTo(1);
            migrate(server.url(), "postgres", schema);
        }

        @Test
        void runTheSameFileOnAnotherDatabase() {
            String url = "jdbc:h2:mem:" + schema + ";DB_CLOSE_DELAY=-1";
            migrate(url, "sa", null);

            try (JdbcFlagStore store = JdbcFlagStore.connect(
                    url, "sa", null, JdbcSettings.defaults().verifySchema())) {
                store.set(KEY, "off", BY);
                assertThat(store.load().entries()).containsOnlyKeys(KEY);
            }
        }

        private void migrate(String url, String user, String defaultSchema) {
            Flyway.configure()
                    .dataSource(url, user, "")
                    .defaultSchema(defaultSchema)
                    .table("pratique_schema_history")
                    .locations("classpath:db/pratique")
                    .load()
                    .migrate();
        }
    }
}
