package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.readiness.HealthReport;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.ProbeSettings;
import io.pratique.readiness.ReadinessGate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-7")
class ReportingDataSourceTest {

    private static final String H2 = "jdbc:h2:mem:reporting;DB_CLOSE_DELAY=-1";

    private SQLException refusal;
    private final DataSource pool = Pools.from(() -> {
        if (refusal != null) {
            throw refusal;
        }
        return DriverManager.getConnection(H2);
    });
    private final ReportingDataSource dataSource = ReportingDataSource.over(pool);
    private final FlagClient flags = FlagClient.builder().build();
    private ReadinessGate gate;

    @BeforeEach
    void waitForTheFirstCheck() {
        gate = ReadinessGate.builder()
                .flags(flags)
                .probe("database", JdbcProbe.of(dataSource).timeout(AnswerTable.PATIENCE), rare())
                .build();
        await().atMost(AnswerTable.PATIENCE).until(() -> check().outcome() == Outcome.UP);
        dataSource.reportTo(gate.dependency("database"));
    }

    private static ProbeSettings rare() {
        return ProbeSettings.defaults()
                .interval(Duration.ofHours(1))
                .failureThreshold(1)
                .successThreshold(1);
    }

    private HealthReport.Check check() {
        return gate.health().checks().get(0);
    }

    private long heard(Outcome outcome) {
        return check().counts().outcomes().getOrDefault(outcome, 0L);
    }

    @AfterEach
    void close() {
        gate.close();
        flags.close();
    }

    @Nested
    class Reports {

        @Test
        void aRefusedConnectionAsDown() {
            refusal = new SQLNonTransientConnectionException("away", "08001");

            assertThatThrownBy(dataSource::getConnection).isSameAs(refusal);
            assertThat(check().outcome()).isEqualTo(Outcome.DOWN);
            assertThatThrownBy(() -> dataSource.getConnection("ada", "geheim")).isSameAs(refusal);
        }

        @Test
        void anExecutedStatementAsUpAgainAndAConnectionAsNothing() throws SQLException {
            refusal = new SQLException("away", "08001");
            assertThatThrownBy(dataSource::getConnection).isSameAs(refusal);
            refusal = null;

            try (Connection connection = dataSource.getConnection();
                    PreparedStatement statement = connection.prepareStatement("SELECT 1")) {
                assertThat(check().outcome()).isEqualTo(Outcome.DOWN);

                assertThat(statement.executeQuery().next()).isTrue();

                assertThat(check().outcome()).isEqualTo(Outcome.UP);
            }
        }

        @Test
        void aStatementOnALostConnectionAsDown() throws SQLException {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                try (Statement other = DriverManager.getConnection(H2).createStatement()) {
                    other.execute("SHUTDOWN IMMEDIATELY");
                } catch (SQLException gone) {
                    // So it is meant.
                }

                assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);

                assertThat(check().outcome()).isEqualTo(Outcome.DOWN);
            }
        }

        @Test
        void aFaultOfTheStatementAsNothing() throws SQLException {
            long before = heard(Outcome.DOWN) + heard(Outcome.BROKEN);
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.execute("SELEKT 1")).isInstanceOf(SQLException.class);
            }

            assertThat(check().outcome()).isEqualTo(Outcome.UP);
            assertThat(heard(Outcome.DOWN) + heard(Outcome.BROKEN)).isEqualTo(before);
        }

        @Test
        void nothingBeforeItIsToldToWhom() throws SQLException {
            ReportingDataSource silent = ReportingDataSource.over(pool);
            refusal = new SQLException("away", "08001");

            assertThatThrownBy(silent::getConnection).isSameAs(refusal);

            assertThat(check().outcome()).isEqualTo(Outcome.UP);
        }

        @Test
        void noCallOfItsOwnProbe() throws Exception {
            refusal = new SQLException("away", "08001");

            assertThatThrownBy(JdbcProbe.of(dataSource)::check).isSameAs(refusal);

            assertThat(check().outcome()).isEqualTo(Outcome.UP);
        }

        @Test
        void toOneDependencyOnly() {
            assertThatThrownBy(() -> dataSource.reportTo(gate.dependency("database")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("\"database\" comes after \"database\"");
            assertThatThrownBy(() -> ReportingDataSource.over(pool).reportTo(null))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ReportingDataSource.over(null)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class PassesThrough {

        @Test
        void whatIsBelow() throws SQLException {
            assertThat(dataSource.isWrapperFor(Pools.Opens.class)).isTrue();
            assertThat(dataSource.unwrap(Pools.Opens.class)).isSameAs(pool);
            assertThat(dataSource.isWrapperFor(String.class)).isFalse();
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(connection.isWrapperFor(JdbcConnection.class)).isTrue();
                assertThat(connection.unwrap(JdbcConnection.class)).isInstanceOf(JdbcConnection.class);
                assertThat(statement.getConnection()).isSameAs(connection);
                assertThat(statement.isWrapperFor(Statement.class)).isTrue();
            }
        }

        @Test
        void everyKindOfStatement() throws SQLException {
            try (Connection connection = dataSource.getConnection()) {
                assertThat(connection.prepareCall("CALL 1").execute()).isTrue();
                assertThat(connection
                                .prepareStatement("SELECT 1")
                                .executeQuery()
                                .next())
                        .isTrue();
                assertThat(connection.createStatement().execute("SELECT 1")).isTrue();
            }
        }

        @Test
        void closingAndIdentity() throws SQLException {
            Connection connection = dataSource.getConnection();
            assertThat(Set.of(connection, dataSource.getConnection()))
                    .hasSize(2)
                    .contains(connection);
            assertThat(connection.toString()).startsWith("conn");

            connection.close();

            assertThat(connection.isClosed()).isTrue();
        }

        @Test
        void nullAndErrors() throws SQLException {
            assertThat(ReportingDataSource.over(Pools.from(() -> null)).getConnection())
                    .isNull();
            assertThatThrownBy(ReportingDataSource.over(Pools.from(() -> {
                        throw new StackOverflowError("at home");
                    }))::getConnection)
                    .isInstanceOf(StackOverflowError.class);
        }
    }
}
