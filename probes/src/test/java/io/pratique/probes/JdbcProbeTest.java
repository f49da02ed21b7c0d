package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On H2 in memory; what takes a real server is in JdbcProbeIT. */
@Tag("P-1")
class JdbcProbeTest {

    private static final String H2 = "jdbc:h2:mem:jdbc-probe;DB_CLOSE_DELAY=-1";

    private static DataSource h2() {
        return Pools.from(() -> DriverManager.getConnection(H2));
    }

    private static JdbcProbe patient(DataSource dataSource) {
        return JdbcProbe.of(dataSource).timeout(AnswerTable.PATIENCE);
    }

    @Nested
    class OneBorrow {

        private final AtomicInteger borrowed = new AtomicInteger();
        private final AtomicReference<Connection> last = new AtomicReference<>();
        private final DataSource counting = Pools.from(() -> {
            borrowed.incrementAndGet();
            last.set(DriverManager.getConnection(H2));
            return last.get();
        });

        @Test
        void isMadeForACheckAndGivenBackBeforeItEnds() throws Exception {
            JdbcProbe probe = patient(counting);

            assertThat(probe.check().outcome()).isEqualTo(Outcome.UP);

            assertThat(borrowed).hasValue(1);
            assertThat(last.get().isClosed()).isTrue();
        }

        @Test
        void isMadeForEachOfManyChecks() throws Exception {
            JdbcProbe probe = patient(counting);

            for (int i = 0; i < 50; i++) {
                assertThat(probe.check().outcome()).isEqualTo(Outcome.UP);
            }

            assertThat(borrowed).hasValue(50);
        }
    }

    @Nested
    class APoolThatDoesNotComeBack {

        private final CountDownLatch release = new CountDownLatch(1);
        private final AtomicInteger borrowers = new AtomicInteger();
        private final AtomicReference<Connection> late = new AtomicReference<>();

        /** Ignores interrupts. */
        private final DataSource hanging = Pools.from(() -> {
            borrowers.incrementAndGet();
            awaitStubbornly(release);
            late.set(DriverManager.getConnection(H2));
            return late.get();
        });

        private final JdbcProbe probe = JdbcProbe.of(hanging).timeout(Duration.ofMillis(200));

        @Test
        void isDownWithoutASignOfLife() throws Exception {
            assertThat(probe.check())
                    .hasToString(
                            "DOWN (no connection from the pool within 100 ms, and no answer since the last check)");
            release.countDown();
        }

        @Test
        @Tag("R-4")
        void keepsOneThreadHoweverOftenItIsChecked() throws Exception {
            for (int i = 0; i < 5; i++) {
                assertThat(probe.check().outcome()).isEqualTo(Outcome.DOWN);
            }

            assertThat(borrowers).hasValue(1);
            release.countDown();
        }

        @Test
        void hasALateConnectionTakenBackAndIsAskedAgain() throws Exception {
            probe.check();
            release.countDown();

            await().atMost(AnswerTable.PATIENCE)
                    .until(() -> late.get() != null && late.get().isClosed());
            await().atMost(AnswerTable.PATIENCE).until(() -> probe.check().outcome() == Outcome.UP);
            assertThat(borrowers.get()).isGreaterThan(1);
        }

        @Test
        @Tag("R-4")
        void doesNotKeepTheGateWhenThatInterrupts() throws Exception {
            JdbcProbe patient = JdbcProbe.of(hanging).timeout(Duration.ofHours(1));
            FutureTask<ProbeResult> check = new FutureTask<>(patient::check);
            Thread gate = new Thread(check);
            gate.start();
            await().atMost(AnswerTable.PATIENCE).until(() -> borrowers.get() == 1);

            gate.interrupt();

            await().atMost(AnswerTable.PATIENCE).until(check::isDone);
            assertThatThrownBy(check::get).hasCauseInstanceOf(InterruptedException.class);
            release.countDown();
            await().atMost(AnswerTable.PATIENCE)
                    .until(() -> late.get() != null && late.get().isClosed());
        }

        @Test
        void isInterruptedWhereItListens() throws Exception {
            CountDownLatch interrupted = new CountDownLatch(1);
            JdbcProbe polite = JdbcProbe.of(Pools.from(() -> {
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                        }
                        throw new SQLException("interrupted");
                    }))
                    .timeout(Duration.ofMillis(200));

            polite.check();

            await().atMost(AnswerTable.PATIENCE).until(() -> interrupted.getCount() == 0);
        }

        private static void awaitStubbornly(CountDownLatch latch) {
            while (true) {
                try {
                    latch.await();
                    return;
                } catch (InterruptedException ignored) {
                    // As some drivers do.
                }
            }
        }
    }

    @Nested
    class AFullPool {

        private boolean full;
        private final DataSource pool = Pools.from(() -> {
            if (full) {
                throw new SQLTransientConnectionException("pool - Connection is not available, request timed out");
            }
            return DriverManager.getConnection(H2);
        });

        @Test
        @Tag("R-3")
        void isSaturatedOnceAfterASuccessAndThenDown() throws Exception {
            JdbcProbe probe = patient(pool);
            probe.check();

            full = true;

            assertThat(probe.check().outcome()).isEqualTo(Outcome.SATURATED);
            assertThat(probe.check().outcome()).isEqualTo(Outcome.DOWN);
        }

        @Test
        @Tag("R-3")
        @Tag("R-7")
        void isSaturatedAsLongAsRealCallsSucceed() throws Exception {
            ReportingDataSource reporting = ReportingDataSource.over(pool);
            JdbcProbe probe = patient(reporting);
            try (Connection busy = reporting.getConnection()) {
                full = true;

                for (int i = 0; i < 4; i++) {
                    busy.createStatement().execute("SELECT 1");
                    assertThat(probe.check().outcome()).isEqualTo(Outcome.SATURATED);
                }
                assertThat(probe.check().outcome()).isEqualTo(Outcome.DOWN);
            }
        }

        @Test
        void isSaturatedAsLongAsTheDirectConnectionIsMade() throws Exception {
            JdbcProbe probe = patient(pool).direct(H2, null, null);
            full = true;

            for (int i = 0; i < 3; i++) {
                assertThat(probe.check().outcome()).isEqualTo(Outcome.SATURATED);
            }
        }
    }

    @Nested
    class Hostile {

        @Test
        @Tag("R-3")
        void dataSourceThatGivesNullIsBroken() {
            assertThat(AnswerTable.ask(JdbcProbe.of(Pools.from(() -> null))).outcome())
                    .isEqualTo(Outcome.BROKEN);
        }

        @Test
        @Tag("R-3")
        void dataSourceThatThrowsAnErrorIsBrokenAndCanBeAskedAgain() {
            JdbcProbe probe = JdbcProbe.of(Pools.from(() -> {
                throw new StackOverflowError("at home");
            }));

            assertThatThrownBy(probe::check).isInstanceOf(StackOverflowError.class);
            assertThatThrownBy(probe::check).isInstanceOf(StackOverflowError.class);
            assertThat(AnswerTable.ask(probe).outcome()).isEqualTo(Outcome.BROKEN);
        }
    }

    @Nested
    class Writing {

        @Test
        void isTakenBackAndLeavesTheConnectionAsItWas() throws Exception {
            try (Connection connection = DriverManager.getConnection(H2)) {
                connection.createStatement().execute("CREATE TABLE IF NOT EXISTS written(id INT)");

                assertThat(JdbcProbe.of(h2())
                                .writeCheck("INSERT INTO written VALUES (1)")
                                .check()
                                .outcome())
                        .isEqualTo(Outcome.UP);

                assertThat(connection
                                .createStatement()
                                .executeQuery("SELECT * FROM written")
                                .next())
                        .isFalse();
            }
        }

        @Test
        void withoutAStatementIsForPostgresAlone() {
            assertThatThrownBy(patient(h2()).writeCheck()::check)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "writeCheck() of a JdbcProbe knows PostgreSQL only, but this is \"H2\"; give writeCheck a"
                                    + " statement that writes");
        }

        @Test
        @Tag("R-3")
        void thatFailsForAnotherReasonIsBroken() {
            assertThat(AnswerTable.ask(patient(h2()).writeCheck("INSERT INTO nowhere VALUES (1)"))
                            .outcome())
                    .isEqualTo(Outcome.BROKEN);
        }
    }

    @Nested
    class Classification {

        @ParameterizedTest
        @Tag("R-3")
        @CsvSource({
            "08001,    0, DOWN, cannot be reached",
            "08004, 1040, SATURATED, at its limits",
            "57P01,    0, DOWN, shutting down",
            "28P01,    0, DOWN, refuses the login",
            "3D000,    0, DOWN, does not exist",
            "25006,    0, DOWN, read-only",
            "53300,    0, SATURATED, at its limits",
        })
        void goesBySqlStateAnywhereAlongTheCauses(String state, int code, Outcome outcome, String words) {
            SQLException said = new SQLException("secret text", state, code);
            Probe probe = JdbcProbe.of(h2());

            ProbeResult result = probe.classify(new IllegalStateException(new SQLException("outer", said)));

            assertThat(result.outcome()).isEqualTo(outcome);
            assertThat(result.detail()).contains(words, state).doesNotContain("secret");
        }

        @ParameterizedTest
        @Tag("R-3")
        @CsvSource({"23505", "42601", "57014", "40001", "''"})
        void saysNothingOfWhatIsNoEvidence(String state) {
            assertThat(JdbcProbe.of(h2()).classify(new SQLException("a", state)))
                    .isNull();
            assertThat(JdbcProbe.of(h2()).classify(new NullPointerException())).isNull();
        }

        @Test
        void endsOnACircleOfCauses() {
            SQLException one = new SQLException("one");
            one.initCause(new SQLException("two", one));

            assertThat(JdbcProbe.of(h2()).classify(one)).isNull();
        }
    }

    @Nested
    class Refused {

        @Test
        void isADirectUrlThatNoDriverTakesWithoutItsPassword() {
            assertThatThrownBy(() ->
                            JdbcProbe.of(h2()).direct("jdbc:nosuch://ada:geheim@host/db?password=geheim", null, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"jdbc:nosuch://host/db\"")
                    .hasMessageNotContaining("geheim");
            assertThatThrownBy(() -> JdbcProbe.of(h2()).direct("postgres://ada:geheim@host/db", null, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must begin with \"jdbc:\", but is \"postgres:\"")
                    .hasMessageNotContaining("geheim");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "jdbc:nosuch://ada:ge?heim@host/db",
                    "jdbc:nosuch://ada:ge/heim@host/db",
                    "jdbc:nosuch:thin:ada/ge:heim@host",
                    "jdbc:nosuch://host:50000/db:user=ada;password=ge;heim;",
                    "jdbc:nosuch://address=(host=h)(password=geheim)/db",
                    "jdbc:nosuch://ada:ge\nheim@host/db"
                })
        void isADirectUrlOfAnyFormWithoutItsPassword(String url) {
            assertThatThrownBy(() -> JdbcProbe.of(h2()).direct(url, null, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"jdbc:nosuch:")
                    .hasMessageNotContaining("ge")
                    .hasMessageNotContaining("heim");
        }

        @Test
        void isNothingAtAll() {
            assertThatThrownBy(() -> JdbcProbe.of(null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> JdbcProbe.of(h2()).writeCheck(" ")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> JdbcProbe.of(h2()).timeout(Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void isNeverShownAPassword() {
            assertThat(JdbcProbe.of(h2())
                            .direct(H2 + ";PASSWORD=geheim", "sa", "geheim")
                            .writeCheck())
                    .hasToString("JdbcProbe[timeout PT1.5S, direct jdbc:h2:mem:jdbc-probe, write check]");
        }
    }
}
