package io.pratique.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariDataSource;
import io.pratique.flags.FlagClient;
import io.pratique.flags.SourceStatus;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.Subscription;
import io.pratique.testkit.TcpProxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused at once, and what is said of it. No password is ever shown. */
@Tag("B-2")
class SettingsTest {

    private static final String SECRET = "hunter2";

    @Nested
    class Urls {

        @ParameterizedTest
        @NullSource
        @ValueSource(
                strings = {
                    "",
                    "db:5432",
                    "postgres://flags:hunter2@db/app",
                    "jdbc:nosuchdriver://flags:hunter2@db/app",
                    "jdbc:nosuchdriver://db/app?password=hunter2",
                    "jdbc:postgresql://db:port/app?password=hunter2",
                    "jdbc:postgresql:/db/app;hunter2",
                    "jdbc:postgresql://flags:hunter2@db/app",
                    "jdbc:postgresql://flags:hun/ter2@db/app",
                    "jdbc:postgresql://flags:hunter2?x@db/app"
                })
        void thatNoDriverTakesAreRefusedAtOnceWithoutShowingThePassword(String url) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JdbcFlagSource.connect(url, "flags", SECRET))
                    .withMessageContaining("jdbc:postgresql://host:5432/database")
                    .satisfies(refused ->
                            assertThat(refused.toString() + refused.getCause()).doesNotContain(SECRET));
            assertThatIllegalArgumentException().isThrownBy(() -> JdbcFlagStore.connect(url, "flags", SECRET));
        }

        @Test
        void areShownWithServerAndUserAlone() {
            try (JdbcFlagSource source = JdbcFlagSource.connect(
                            "jdbc:postgresql://one,two:5433/app?password=" + SECRET, "flags", SECRET);
                    JdbcFlagStore store =
                            JdbcFlagStore.connect("jdbc:postgresql://db/app?user=ops&password=" + SECRET, null, null);
                    JdbcFlagSource other = JdbcFlagSource.connect("jdbc:h2:mem:x;PASSWORD=" + SECRET, "sa", null)) {
                assertThat(source).hasToString("JdbcFlagSource[db, PostgreSQL at one,two:5432,5433/app (user flags)]");
                assertThat(store).hasToString("JdbcFlagStore[db, PostgreSQL at db:5432/app (user ops)]");
                assertThat(other).hasToString("JdbcFlagSource[db, jdbc:h2:mem:x (user sa)]");
            }
        }

        @Test
        void toListenOnAreThoseOfPostgres() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JdbcSettings.defaults().pushUrl("jdbc:h2:mem:x", "sa", SECRET))
                    .withMessageContaining("jdbc:h2:mem:x")
                    .withMessageNotContaining(SECRET);
            assertThat(JdbcSettings.defaults().pushUrl("jdbc:postgresql://db/app", "flags", SECRET))
                    .asString()
                    .contains("PostgreSQL at db:5432/app (user flags)")
                    .doesNotContain(SECRET);
        }
    }

    @Nested
    class Values {

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", "a b", "a;b", "a\"b", "1a", "a.b", "a-b", "\u00e4", "DROP TABLE x; --"})
        void thatAreNoIdentifiersAreNoSchema(String schema) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JdbcSettings.defaults().schema(schema))
                    .withMessageContaining("identifier");
        }

        @Test
        void tooLongForAnIdentifierAreNoSchema() {
            assertThat(JdbcSettings.defaults().schema("s".repeat(63)).schema()).hasSize(63);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JdbcSettings.defaults().schema("s".repeat(64)));
        }

        @Test
        void thatAreNoLengthOfTimeAreRefused() {
            for (Duration each : new Duration[] {null, Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2)}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> JdbcSettings.defaults().timeout(each))
                        .withMessageContaining("timeout");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> JdbcSettings.defaults().keepAlive(each))
                        .withMessageContaining("keep-alive");
            }
        }

        @Test
        void thatAreBlankAreNoName() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JdbcSettings.defaults().name(" "));
            assertThat(JdbcSettings.defaults().name("flags").name()).isEqualTo("flags");
        }
    }

    @Nested
    class Use {

        private final JdbcDataSource connections = new JdbcDataSource();

        Use() {
            connections.setURL("jdbc:h2:mem:" + TestSchema.next() + ";DB_CLOSE_DELAY=-1");
            connections.setUser("sa");
        }

        @Test
        void ofTablesThatMayNotBeCreatedNamesTheFileToRun() {
            try (JdbcFlagSource source =
                    JdbcFlagSource.over(connections, JdbcSettings.defaults().verifySchema())) {
                assertThatThrownBy(source::load)
                        .isInstanceOf(FlagStoreException.class)
                        .hasMessageContaining("jdbc:h2:mem:test")
                        .hasMessageContaining("db/pratique/V1__pratique_flags.sql");
            }
            try (JdbcFlagSource source = JdbcFlagSource.over(connections)) {
                assertThat(source.load().entries()).isEmpty();
            }
            try (JdbcFlagSource source =
                    JdbcFlagSource.over(connections, JdbcSettings.defaults().verifySchema())) {
                assertThat(source.load().entries()).isEmpty();
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"user", "ORDER", "select"})
        void ofASchemaNamedLikeAReservedWordSaysSo(String schema) {
            try (JdbcFlagSource source =
                    JdbcFlagSource.over(connections, JdbcSettings.defaults().schema(schema))) {
                assertThatThrownBy(source::load)
                        .isInstanceOf(FlagStoreException.class)
                        .hasMessageContaining("give the schema a name that is no reserved word");
            }
        }

        @Test
        void ofAnApplicationsPoolCommitsAndGivesEachConnectionBack() throws Exception {
            try (HikariDataSource pool = new HikariDataSource()) {
                pool.setDataSource(connections);
                pool.setMaximumPoolSize(1);
                pool.setAutoCommit(false);
                JdbcFlagStore store = JdbcFlagStore.over(pool);
                store.set("outbox-processing", "off", Attribution.of("ada", "test"));
                assertThat(store.load().entries()).hasSize(1);
                store.close();

                assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
                try (Connection connection = pool.getConnection()) {
                    assertThat(connection.getAutoCommit()).isFalse();
                }
            }
            try (JdbcFlagSource source = JdbcFlagSource.over(connections)) {
                assertThat(source.load().entries()).containsOnlyKeys("outbox-processing");
            }
        }

        /** The application keeps all of them, for a while. */
        @Test
        @Tag("F-8")
        void ofAnApplicationsPoolThatIsExhaustedSaysSoAndHeals() throws Exception {
            try (HikariDataSource pool = new HikariDataSource()) {
                pool.setDataSource(connections);
                pool.setMaximumPoolSize(1);
                pool.setConnectionTimeout(250);
                JdbcFlagStore store = JdbcFlagStore.over(pool);
                store.set("outbox-processing", "off", Attribution.of("ada", "test"));
                try (FlagClient client = FlagClient.builder()
                        .source(store)
                        .ttl(Duration.ofMillis(500))
                        .startupTimeout(Duration.ofSeconds(20))
                        .build()) {
                    try (Connection kept = pool.getConnection()) {
                        await().until(() -> client.sources().get(0).error() != null);
                        assertThat(client.sources().get(0).error())
                                .contains(
                                        "jdbc:h2:mem:",
                                        "Connection is not available",
                                        "give the pool more connections");
                        assertThat(client.isEnabled("outbox-processing")).isFalse();
                        kept.rollback();
                    }
                    await().until(() -> client.sources().get(0).error() == null);
                    store.set("outbox-processing", "on", Attribution.of("ada", "test"));
                    await().until(() -> client.isEnabled("outbox-processing"));
                }
            }
        }

        @Test
        void ofAnApplicationsConnectionsIsPolledAndSaysSoOnce() {
            try (CapturedLog log = new CapturedLog();
                    JdbcFlagSource source = JdbcFlagSource.over(connections)) {
                assertThat(source.watch(() -> {})).isSameAs(Subscription.none());
                assertThat(source.watch(() -> {})).isSameAs(Subscription.none());

                assertThat(log.at(Level.INFO)).singleElement().asString().contains("db", "polled");
            }
        }

        /** A driver would store a question mark, and with it another flag than was meant. */
        @Test
        void ofHalfACharacterIsRefused() {
            try (JdbcFlagStore store = JdbcFlagStore.over(connections)) {
                assertThatThrownBy(() -> store.set("half-\ud83c", "off", Attribution.of("ada", "test")))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("half-\\uD83C");
                assertThat(store.list()).isEmpty();
            }
        }

        @Test
        void whereTheRowOfTheStoreWasDeletedGoesOnAfterTheLastChange() throws Exception {
            try (JdbcFlagStore store = JdbcFlagStore.over(connections)) {
                long last = store.set("cleanup", "off", Attribution.of("ada", "test"))
                        .version();
                try (Connection connection = connections.getConnection()) {
                    connection.createStatement().execute("DELETE FROM pratique_flag_store");
                }

                assertThat(store.set("cleanup", "on", Attribution.of("ada", "test"))
                                .version())
                        .isEqualTo(last + 1);
                assertThat(store.load().historyMark()).isNotNull();
            }
        }

        @Test
        @Tag("F-8")
        void ofAServerThatIsNotThereLetsTheApplicationStartAndSaysWhatToDo() throws Exception {
            TcpProxy nobody = TcpProxy.to(1);
            int port = nobody.port();
            nobody.close();
            try (CapturedLog log = new CapturedLog();
                    FlagClient client = FlagClient.builder()
                            .source(JdbcFlagSource.connect(
                                    "jdbc:postgresql://localhost:" + port + "/app?password=" + SECRET,
                                    "flags",
                                    SECRET,
                                    JdbcSettings.defaults().timeout(Duration.ofMillis(200))))
                            .ttl(Duration.ofMillis(200))
                            .startupTimeout(Duration.ofSeconds(20))
                            .build()) {
                assertThat(client.isEnabled("outbox-processing")).isTrue();
                SourceStatus status = client.sources().get(0);
                assertThat(status.state()).isEqualTo(SourceStatus.State.NOT_READY);
                assertThat(status.error()).contains("localhost:" + port, "user flags", "check host, port and network");
                await().until(() -> client.sources().get(0).failedLoads() > 2);
                List<String> warnings = log.warnings().stream()
                        .filter(line -> line.contains("failed; what it said"))
                        .toList();
                assertThat(warnings).singleElement().asString().contains("localhost:" + port, "user flags");
                assertThat(log.everything()).doesNotContain(SECRET);
            }
        }
    }
}
