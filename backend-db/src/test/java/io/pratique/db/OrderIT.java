package io.pratique.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.HistoryMark;
import io.pratique.testkit.TcpProxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Numbers of changes are in the order of commits, so a reader who asks for what comes after a number misses nothing. */
@Tag("B-2")
@Tag("B-4")
@Timeout(60)
class OrderIT {

    private static final Attribution BY = Attribution.of("ada", "INC-4711");

    private final PostgresServer server = PostgresServer.shared();
    private final String schema = TestSchema.next();
    private final JdbcSettings settings = JdbcSettings.defaults().schema(schema);
    private JdbcFlagStore store;
    private JdbcFlagSource reader;

    @BeforeEach
    void open() throws SQLException {
        server.execute("CREATE SCHEMA " + schema);
        store = JdbcFlagStore.connect(server.url(), "postgres", null, settings);
        reader = JdbcFlagSource.connect(server.url(), "postgres", null, settings);
        store.set("cleanup", "on", BY);
    }

    @AfterEach
    void close() {
        reader.close();
        store.close();
    }

    private long waiting() throws SQLException {
        return server.count("SELECT count(*) FROM pg_stat_activity"
                + " WHERE application_name = 'pratique' AND wait_event_type = 'Lock'");
    }

    /** It took its number first and commits last; the one that came later has to wait for it. */
    @Test
    void slowWriterHidesNoChangeFromAPoll() throws Exception {
        FlagSet before = reader.load();
        try (Connection slow = server.connect()) {
            RawFlags flags = new RawFlags(slow, schema + ".");
            slow.setAutoCommit(false);
            flags.put(Map.of("outbox-processing", "off"));
            CompletableFuture<FlagRevision> quick =
                    CompletableFuture.supplyAsync(() -> store.set("voice-retry", "off", BY));
            await().until(() -> waiting() == 1);
            assertThat(reader.reload(before)).isSameAs(before);

            slow.commit();

            FlagRevision later = quick.join();
            FlagSet after = reader.reload(before);
            assertThat(after.entries()).containsOnlyKeys("cleanup", "outbox-processing", "voice-retry");
            assertThat(store.history("outbox-processing", 1).get(0).version()).isEqualTo(later.version() - 1);
            assertThat(after.historyMark().sequence()).isEqualTo(later.version());
        }
    }

    /** A row's lock is raced for at each commit, and of many one could lose every race. */
    @Test
    void writersAreLetInAsTheyCome() throws Exception {
        List<CompletableFuture<FlagRevision>> queue = new ArrayList<>();
        List<JdbcFlagStore> writers = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Connection first = server.connect()) {
            first.setAutoCommit(false);
            new RawFlags(first, schema + ".").put(Map.of("outbox-processing", "off"));
            for (int i = 1; i <= 6; i++) {
                JdbcFlagStore writer =
                        JdbcFlagStore.connect(server.url(), "postgres", null, settings.timeout(Duration.ofMinutes(1)));
                writers.add(writer);
                queue.add(CompletableFuture.supplyAsync(() -> writer.set("voice-retry", "off", BY), threads));
                int waiting = i;
                await().until(() -> waiting() == waiting);
            }
            assertThat(server.count("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype <> 'relation'"))
                    .as("locks of rows that are waited for")
                    .isZero();

            first.commit();

            assertThat(queue.stream().map(each -> each.join().version()).toList())
                    .isSorted();
        } finally {
            writers.forEach(JdbcFlagStore::close);
            threads.shutdown();
        }
    }

    /** Where a pool hands out serialisable transactions, waiting would end in an error. */
    @Test
    void writersWaitForEachOtherWhateverIsolationTheirConnectionsHave() throws Exception {
        server.execute("ALTER DATABASE postgres SET default_transaction_isolation = 'serializable'");
        try (Connection slow = server.connect();
                JdbcFlagStore strict = JdbcFlagStore.connect(server.url(), "postgres", null, settings)) {
            slow.setAutoCommit(false);
            new RawFlags(slow, schema + ".").put(Map.of("outbox-processing", "off"));
            CompletableFuture<FlagRevision> quick =
                    CompletableFuture.supplyAsync(() -> strict.set("voice-retry", "off", BY));
            await().until(() -> waiting() == 1);

            slow.commit();

            assertThat(quick.join().value()).isEqualTo("off");
        } finally {
            server.execute("ALTER DATABASE postgres RESET default_transaction_isolation");
        }
    }

    /** It has the lock when its network is gone, and nobody tells the server. */
    @Test
    void writerThatFreezesKeepsOthersFromWritingForAWhileOnly() throws Exception {
        try (TcpProxy network = TcpProxy.to(server.port());
                JdbcFlagStore patient = JdbcFlagStore.connect(
                        PostgresServer.url(network.port()),
                        "postgres",
                        null,
                        settings.timeout(Duration.ofSeconds(10)));
                Connection brake = server.connect()) {
            brake.setAutoCommit(false);
            brake.createStatement().execute("UPDATE " + schema + ".pratique_flag SET reason = 'touched'");
            CompletableFuture<FlagRevision> frozen =
                    CompletableFuture.supplyAsync(() -> patient.set("cleanup", "off", BY));
            await().until(() -> waiting() == 1);
            network.hang();
            brake.commit();

            await().ignoreExceptionsInstanceOf(FlagStoreException.class)
                    .until(() -> store.set("outbox-processing", "off", BY) != null);

            assertThat(store.history("cleanup", 2)).hasSize(1);
            network.close();
            assertThatThrownBy(frozen::join).hasCauseInstanceOf(FlagStoreException.class);
        }
    }

    /** The server goes on with it, and nobody hears how it ends. */
    @Test
    void commitWithoutAnAnswerIsToldAsSuch() throws Exception {
        server.execute(
                "CREATE FUNCTION " + schema + ".wait() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0"
                        + " AS 'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END'",
                "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON " + schema + ".pratique_flag"
                        + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION " + schema + ".wait()");
        try (Connection brake = server.connect();
                JdbcFlagStore hasty = JdbcFlagStore.connect(
                        server.url(), "postgres", null, settings.timeout(Duration.ofSeconds(1)))) {
            brake.createStatement().execute("SELECT pg_advisory_lock(4711)");

            assertThatThrownBy(() -> hasty.set("outbox-processing", "off", BY))
                    .hasMessageContaining("look into the flag's history whether the change was made");
        }
        await().until(() -> store.history("outbox-processing", 1).size() == 1);
    }

    /** So what it costs does not grow with the flags. */
    @Test
    void pollThatFindsNothingIsOneStatementWithoutARow() throws Exception {
        try (PostgresWire wire = PostgresWire.to(server);
                JdbcFlagSource polling = JdbcFlagSource.connect(wire.url(), "postgres", null, settings)) {
            FlagSet before = polling.load();
            int statements = wire.count(PostgresWire.COMMAND_COMPLETE);
            int rows = wire.count(PostgresWire.ROW);

            for (int i = 0; i < 20; i++) {
                assertThat(polling.reload(before)).isSameAs(before);
            }

            assertThat(wire.count(PostgresWire.COMMAND_COMPLETE) - statements).isEqualTo(20);
            assertThat(wire.count(PostgresWire.ROW) - rows).isZero();
        }
    }

    /** Where each table ends is of interest only if something has changed. */
    @Test
    void pollThatFindsNothingDoesNotLookWhereTheTablesEnd() throws Exception {
        HistoryMark mark = reader.load().historyMark();
        String poll = new Statements(schema)
                .poll
                .replaceFirst("\\?", String.valueOf(mark.sequence()))
                .replaceFirst("\\?", "'" + mark.id() + "'")
                .replaceFirst("\\?", "'" + mark.epoch() + "'");

        assertThat(endsLookedFor(poll.replaceFirst("\\?", "1"))).isEmpty();
        store.set("outbox-processing", "off", BY);
        assertThat(endsLookedFor(poll.replaceFirst("\\?", "1"))).hasSize(2);
    }

    /** Each is the first row of an index, from its end. */
    private List<String> endsLookedFor(String poll) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = server.connect();
                ResultSet plan = connection.createStatement().executeQuery("EXPLAIN (ANALYZE) " + poll)) {
            while (plan.next()) {
                if (plan.getString(1).contains("Backward") && !plan.getString(1).contains("never executed")) {
                    found.add(plan.getString(1));
                }
            }
        }
        return found;
    }

    @Test
    void pollThatFindsSomethingReadsThatAlone() throws Exception {
        try (PostgresWire wire = PostgresWire.to(server);
                JdbcFlagSource polling = JdbcFlagSource.connect(wire.url(), "postgres", null, settings)) {
            FlagSet before = polling.load();
            store.set("outbox-processing", "off", BY);
            int statements = wire.count(PostgresWire.COMMAND_COMPLETE);
            int rows = wire.count(PostgresWire.ROW);

            FlagSet after = polling.reload(before);

            assertThat(after.entries()).hasSize(2);
            assertThat(after.entries().get("cleanup")).isSameAs(before.entries().get("cleanup"));
            assertThat(wire.count(PostgresWire.COMMAND_COMPLETE) - statements).isEqualTo(1);
            assertThat(wire.count(PostgresWire.ROW) - rows).isEqualTo(1);
        }
    }
}
