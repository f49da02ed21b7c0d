package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.pratique.probes.AnswerTable.Case;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.testkit.TcpProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.sql.PooledConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGConnectionPoolDataSource;

/** On a real PostgreSQL behind a real pool, whose patience is half a minute. */
@Tag("P-1")
class JdbcProbeIT {

    /** Enough for a first connection on a busy machine. */
    private static final Duration TIMEOUT = Duration.ofSeconds(6);

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    private static <T extends AutoCloseable> T open(T resource) {
        OPEN.push(resource);
        return resource;
    }

    private static HikariDataSource pool(String url) {
        return open(Pools.hikari(url, Postgres.USER, 1));
    }

    private static JdbcProbe probe(HikariDataSource pool) {
        return JdbcProbe.of(pool).timeout(TIMEOUT);
    }

    private static HikariDataSource fullPool() throws SQLException {
        HikariDataSource pool = pool(Postgres.url());
        open(pool.getConnection());
        return pool;
    }

    private static TcpProxy network() throws Exception {
        return open(TcpProxy.to(Postgres.port()));
    }

    static Stream<Case> answers() {
        return Stream.of(
                row("valid connection", Outcome.UP, () -> probe(pool(Postgres.url()))),
                row("pool full, the last check or a real call since then succeeded", Outcome.SATURATED, () -> {
                    HikariDataSource pool = pool(Postgres.url());
                    JdbcProbe probe = probe(pool);
                    assertThat(probe.check().outcome()).isEqualTo(Outcome.UP);
                    open(pool.getConnection());
                    return probe;
                }),
                row("pool full, nothing else known", Outcome.DOWN, () -> probe(fullPool())),
                row(
                        "pool full, direct connection made",
                        Outcome.SATURATED,
                        () -> probe(fullPool()).direct(Postgres.url(), Postgres.USER, null)),
                row("pool full, direct connection refused", Outcome.DOWN, () -> {
                    TcpProxy network = network();
                    network.close();
                    return probe(fullPool()).direct(Postgres.url(network.port(), "postgres"), Postgres.USER, null);
                }),
                row("pool full, direct connection hangs", Outcome.DOWN, () -> {
                    TcpProxy network = network();
                    network.hang();
                    return probe(fullPool()).direct(Postgres.url(network.port(), "postgres"), Postgres.USER, null);
                }),
                row("connection made, server silent", Outcome.DOWN, () -> {
                    TcpProxy network = network();
                    Connection made = open(
                            DriverManager.getConnection(Postgres.url(network.port(), "postgres"), Postgres.USER, null));
                    network.hang();
                    return JdbcProbe.of(Pools.from(() -> made)).timeout(TIMEOUT);
                }),
                row("connection lost", Outcome.DOWN, () -> {
                    TcpProxy network = network();
                    Connection made = open(
                            DriverManager.getConnection(Postgres.url(network.port(), "postgres"), Postgres.USER, null));
                    network.refuse();
                    return JdbcProbe.of(Pools.from(() -> made)).timeout(TIMEOUT);
                }),
                row("refused, SQLState 08", Outcome.DOWN, () -> {
                    TcpProxy network = network();
                    network.close();
                    return direct(Postgres.url(network.port(), "postgres"), Postgres.USER);
                }),
                row("login refused, SQLState 28", Outcome.DOWN, () -> direct(Postgres.url(), "nobody")),
                row(
                        "no such database, SQLState 3D",
                        Outcome.DOWN,
                        () -> direct(Postgres.url(Postgres.port(), "nowhere"), Postgres.USER)),
                row("too many connections, SQLState 53300", Outcome.SATURATED, () -> {
                    String database = Postgres.newDatabase();
                    Postgres.execute(
                            Postgres.url(),
                            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'plain')"
                                    + " THEN CREATE ROLE plain LOGIN; END IF; END $$",
                            "ALTER DATABASE " + database + " CONNECTION LIMIT 1");
                    String url = Postgres.url(Postgres.port(), database);
                    open(DriverManager.getConnection(url, "plain", null));
                    return direct(url, "plain");
                }),
                row("read-only, with `writeCheck()`", Outcome.DOWN, () -> {
                    HikariDataSource pool = pool(Postgres.url() + "?options=-c%20default_transaction_read_only=on");
                    return probe(pool).writeCheck();
                }),
                row(
                        "takes writes, with `writeCheck()`",
                        Outcome.UP,
                        () -> probe(pool(Postgres.url())).writeCheck()),
                row("read-only, with `writeCheck(sql)`", Outcome.DOWN, JdbcProbeIT::readOnlyH2),
                row(
                        "`writeCheck(sql)` refused for another reason",
                        Outcome.BROKEN,
                        () -> probe(pool(Postgres.url())).writeCheck("INSERT INTO nowhere VALUES (1)")),
                row(
                        "anything else that is thrown, or null",
                        Outcome.BROKEN,
                        () -> JdbcProbe.of(Pools.from(() -> null)).timeout(TIMEOUT)));
    }

    private static Case row(String answer, Outcome outcome, Callable<Probe> scene) {
        return new Case("JdbcProbe", answer, outcome, scene);
    }

    /** A data source without a pool. */
    private static Probe direct(String url, String user) {
        return JdbcProbe.of(Pools.from(() -> DriverManager.getConnection(url, user, null)))
                .timeout(TIMEOUT);
    }

    private static Probe readOnlyH2() throws Exception {
        Path file = Files.createTempDirectory("h2").resolve("data");
        try (Connection connection = DriverManager.getConnection("jdbc:h2:" + file)) {
            connection.createStatement().execute("CREATE TABLE written(id INT)");
        }
        return JdbcProbe.of(Pools.from(() -> DriverManager.getConnection("jdbc:h2:" + file + ";ACCESS_MODE_DATA=r")))
                .timeout(TIMEOUT)
                .writeCheck("INSERT INTO written VALUES (1)");
    }

    @ParameterizedTest
    @MethodSource("answers")
    @Tag("R-3")
    void isTakenFor(Case each) throws Exception {
        each.verify();
    }

    @Test
    void isTakenForAsTheGuideSays() {
        AnswerTable.assertShown("JdbcProbe", answers().toList());
    }

    /** The driver's own pooled connection, which puts nothing right by itself as HikariCP does. */
    @Test
    void leavesTheConnectionOfThePoolAsItWas() throws Exception {
        PGConnectionPoolDataSource driver = new PGConnectionPoolDataSource();
        driver.setURL(Postgres.url());
        driver.setUser(Postgres.USER);
        driver.setDefaultAutoCommit(false);
        PooledConnection pooled = driver.getPooledConnection();
        open(pooled::close);
        pooled.getConnection().setNetworkTimeout(Runnable::run, 4321);

        assertThat(JdbcProbe.of(Pools.from(pooled::getConnection))
                        .timeout(TIMEOUT)
                        .writeCheck()
                        .check()
                        .outcome())
                .isEqualTo(Outcome.UP);

        assertThat(pooled.getConnection().getNetworkTimeout()).isEqualTo(4321);
    }

    @Test
    void givesBackToAFullPoolWhatComesTooLate() throws Exception {
        HikariDataSource pool = pool(Postgres.url());
        JdbcProbe hasty = JdbcProbe.of(pool).timeout(Duration.ofMillis(100));
        ProbeResult result;
        try (Connection busy = pool.getConnection()) {
            result = hasty.check();
        }

        assertThat(result.outcome()).isEqualTo(Outcome.DOWN);
        try (Connection free = pool.getConnection()) {
            assertThat(free.isValid(60)).isTrue();
        }
        // The probe's own thread still stood in line, perhaps behind this one, and gives back what it gets.
        HikariPoolMXBean line = pool.getHikariPoolMXBean();
        await().until(() -> line.getThreadsAwaitingConnection() == 0 && line.getActiveConnections() == 0);
    }
}
