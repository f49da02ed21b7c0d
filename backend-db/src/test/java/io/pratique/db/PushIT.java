package io.pratique.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.Subscription;
import io.pratique.testkit.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** The push channel: where there is one, where there is none, and what becomes of it. */
@Tag("B-2")
@Timeout(120)
class PushIT {

    private static final Attribution BY = Attribution.of("ada", "INC-4711");
    private static final String KEY = "outbox-processing";

    private final PostgresServer server = PostgresServer.shared();
    private final String schema = TestSchema.next();
    private final JdbcSettings settings = JdbcSettings.defaults().schema(schema).name(schema);
    private JdbcFlagStore store;

    @BeforeEach
    void createTables() throws SQLException {
        server.execute("CREATE SCHEMA " + schema);
        store = JdbcFlagStore.connect(server.url(), "postgres", null, settings);
        store.list();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private long listening() throws SQLException {
        return server.count("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pratique-listen'");
    }

    @Test
    void proxyThatSwallowsAnnouncementsIsRecognisedSaidOnceAndPolled() throws Exception {
        try (CapturedLog log = new CapturedLog();
                PostgresWire proxy = PostgresWire.withTransactionPooling(server);
                JdbcFlagSource source = JdbcFlagSource.connect(proxy.url(), "postgres", "postgres", settings)) {
            assertThat(source.watch(() -> {})).isSameAs(Subscription.none());
            assertThat(source.watch(() -> {})).isSameAs(Subscription.none());

            assertThat(log.at(Level.INFO))
                    .filteredOn(line -> line.contains("polled"))
                    .hasSize(1);
            store.set(KEY, "off", BY);
            assertThat(source.load().entries()).containsOnlyKeys(KEY);
            await().until(() -> listening() == 0);
        }
    }

    @Test
    void urlOfTheServerItselfBringsPushBesideSuchAProxy() throws Exception {
        try (PostgresWire proxy = PostgresWire.withTransactionPooling(server);
                FlagClient client = FlagClient.builder()
                        .source(JdbcFlagSource.connect(
                                proxy.url(),
                                "postgres",
                                "postgres",
                                settings.pushUrl(server.url(), "postgres", "postgres")))
                        .ttl(Duration.ofHours(1))
                        .startupTimeout(Duration.ofSeconds(20))
                        .build()) {
            await().until(() -> client.sources().get(0).pushed());

            store.set(KEY, "off", BY);

            await().until(() -> !client.isEnabled(KEY));
        }
    }

    @Test
    void urlToListenOnBringsPushToASourceOverADataSource() throws Exception {
        PGSimpleDataSource connections = new PGSimpleDataSource();
        connections.setUrl(server.url());
        connections.setUser("postgres");
        Semaphore told = new Semaphore(0);
        try (JdbcFlagSource source =
                JdbcFlagSource.over(connections, settings.pushUrl(server.url(), "postgres", null))) {
            Subscription watch = source.watch(told::release);
            assertThat(watch).isNotSameAs(Subscription.none());

            store.set(KEY, "off", BY);

            assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** It is idle by its nature, and would be ended and made again all the time. */
    @Test
    void listenerOutlivesALimitOnIdleSessions() throws Exception {
        server.execute("CREATE ROLE hurried LOGIN SUPERUSER", "ALTER ROLE hurried SET idle_session_timeout = '200ms'");
        Semaphore told = new Semaphore(0);
        try (JdbcFlagSource source = JdbcFlagSource.connect(server.url(), "hurried", null, settings);
                Subscription watch = source.watch(told::release)) {
            await().until(() -> server.count(
                            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'hurried'"
                                    + " AND application_name = 'pratique-listen' AND state_change < now() - interval '1 second'")
                    == 1);
            assertThat(told.availablePermits()).isZero();
        } finally {
            server.execute("DROP ROLE hurried");
        }
    }

    @Test
    void oneConnectionListensForAllWatchesAndEndsWithTheLast() throws Exception {
        try (JdbcFlagSource source = JdbcFlagSource.connect(server.url(), "postgres", null, settings)) {
            Subscription one = source.watch(() -> {});
            Subscription other = source.watch(() -> {});
            assertThat(listening()).isEqualTo(1);

            one.close();
            one.close();
            assertThat(listening()).isEqualTo(1);
            other.close();
            await().until(() -> listening() == 0);

            Semaphore told = new Semaphore(0);
            try (Subscription again = source.watch(told::release)) {
                store.set(KEY, "off", BY);
                assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    /** A network that drops an idle connection tells neither side of it. */
    @Test
    void connectionThatWasDroppedWithoutAWordIsMadeAgain() throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (CapturedLog log = new CapturedLog();
                TcpProxy network = TcpProxy.to(server.port());
                JdbcFlagSource source = JdbcFlagSource.connect(
                        server.url(),
                        "postgres",
                        "postgres",
                        settings.pushUrl(PostgresServer.url(network.port()), "postgres", null)
                                .keepAlive(Duration.ofMillis(200))
                                .timeout(Duration.ofSeconds(1)));
                Subscription watch = source.watch(told::incrementAndGet)) {
            network.hang();
            await().until(() -> !log.warnings().isEmpty());
            assertThat(log.warnings()).singleElement().asString().contains(schema, "polling goes on");
            network.cut();
            network.pass();

            await().until(() -> told.get() > 0);
            await().until(() -> again(log) == 1);
            int before = told.get();
            store.set(KEY, "off", BY);
            await().until(() -> told.get() > before);
        }
    }

    private static long again(CapturedLog log) {
        return log.at(Level.INFO).stream()
                .filter(line -> line.contains("again"))
                .count();
    }

    /** A proxy may let each connection in and drop it soon after: that is one outage, not one for each of them. */
    @Test
    void connectionsThatAreDroppedOnceTheyAreProvedAreOneOutage() throws Exception {
        AtomicInteger told = new AtomicInteger();
        AtomicBoolean drops = new AtomicBoolean(true);
        try (CapturedLog log = new CapturedLog();
                TcpProxy network = TcpProxy.to(server.port());
                JdbcFlagSource source = JdbcFlagSource.connect(
                        server.url(),
                        "postgres",
                        "postgres",
                        settings.pushUrl(PostgresServer.url(network.port()), "postgres", null)
                                .keepAlive(Duration.ofMillis(200)));
                Subscription watch = source.watch(() -> {
                    told.incrementAndGet();
                    if (drops.get()) {
                        network.cut();
                    }
                })) {
            network.cut();
            await().until(() -> told.get() == 4);
            assertThat(log.warnings()).singleElement().asString().contains(schema, "polling goes on");
            assertThat(again(log)).isZero();

            drops.set(false);
            await().until(() -> again(log) == 1);
            assertThat(log.warnings()).hasSize(1);
            assertThat(told).hasValue(5);

            network.cut();
            await().until(() -> again(log) == 2);
            assertThat(log.warnings()).hasSize(2);
        }
    }

    /** They leave no silence in which it could be asked whether it lives. */
    @Test
    void connectionThatHearsALotLives() throws Exception {
        Semaphore told = new Semaphore(0);
        try (CapturedLog log = new CapturedLog();
                Connection announcer = server.connect();
                TcpProxy network = TcpProxy.to(server.port());
                JdbcFlagSource source = JdbcFlagSource.connect(
                        server.url(),
                        "postgres",
                        "postgres",
                        settings.pushUrl(PostgresServer.url(network.port()), "postgres", null));
                Subscription watch = source.watch(told::release)) {
            network.cut();
            for (int i = 0; i < 100; i++) {
                assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                assertThat(again(log)).isZero();
                Database.announce(announcer, FlagWriter.CHANNEL);
            }
            await().until(() -> again(log) == 1);
        }
    }

    /** Announcements may have been missed, and so everything is read. */
    @Test
    void loadAfterAReconnectReadsEverything() throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (JdbcFlagSource source = JdbcFlagSource.connect(server.url(), "postgres", null, settings);
                Subscription watch = source.watch(told::incrementAndGet)) {
            store.set(KEY, "off", BY);
            await().until(() -> told.get() > 0);
            FlagSet before = source.load();
            // Behind the back of the history, as nobody should: only a full load can see it.
            server.execute("UPDATE " + schema + ".pratique_flag SET flag_value = 'on'");
            assertThat(source.reload(before)).isSameAs(before);

            int announced = told.get();
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'pratique-listen'");
            await().until(() -> told.get() > announced);

            FlagSet after = source.reload(before);
            assertThat(after.entries().get(KEY).value()).isEqualTo("on");
            assertThat(source.reload(after)).isSameAs(after);
        }
    }
}
