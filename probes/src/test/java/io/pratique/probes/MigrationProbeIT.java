package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.probes.AnswerTable.Case;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** On PostgreSQL: the history of a real Flyway, and tables as Liquibase and Prisma document theirs. */
@Tag("P-4")
class MigrationProbeIT {

    private static final String LIQUIBASE = """
            CREATE TABLE databasechangelog (id VARCHAR(255) NOT NULL, author VARCHAR(255) NOT NULL,
                filename VARCHAR(255) NOT NULL, dateexecuted TIMESTAMP NOT NULL, orderexecuted INT NOT NULL,
                exectype VARCHAR(10) NOT NULL, md5sum VARCHAR(35), description VARCHAR(255), comments VARCHAR(255),
                tag VARCHAR(255), liquibase VARCHAR(20), contexts VARCHAR(255), labels VARCHAR(255),
                deployment_id VARCHAR(10))""";

    private static final String PRISMA = """
            CREATE TABLE "_prisma_migrations" (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL,
                finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
                started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)""";

    private static final AtomicInteger ROWS = new AtomicInteger();

    private static String newUrl() throws SQLException {
        return Postgres.url(Postgres.port(), Postgres.newDatabase());
    }

    private static DataSource over(String url) {
        return Pools.from(() -> DriverManager.getConnection(url, Postgres.USER, null));
    }

    /** Has Flyway run migrations, whose files are given as name and SQL in turn. On PostgreSQL a failure leaves no row. */
    private static MigrationProbe flyway(String... files) throws Exception {
        return flywayOn(newUrl(), files);
    }

    private static MigrationProbe flywayOn(String url, String... files) throws Exception {
        Path folder = Files.createTempDirectory("migrations");
        for (int i = 0; i < files.length; i += 2) {
            Files.writeString(folder.resolve(files[i]), files[i + 1]);
        }
        try {
            Flyway.configure()
                    .dataSource(url, Postgres.USER, "")
                    .locations("filesystem:" + folder)
                    .load()
                    .migrate();
        } catch (FlywayException failed) {
            // Some are meant to.
        }
        return MigrationProbe.flyway(over(url)).timeout(AnswerTable.PATIENCE);
    }

    private static MigrationProbe liquibase(String... idsAndTypes) throws SQLException {
        String url = newUrl();
        Postgres.execute(url, LIQUIBASE);
        for (int i = 0; i < idsAndTypes.length; i += 2) {
            Postgres.execute(
                    url,
                    "INSERT INTO databasechangelog(id, author, filename, dateexecuted, orderexecuted, exectype) VALUES ('"
                            + idsAndTypes[i] + "', 'ada', 'log.xml', now(), " + (i + 1) + ", '" + idsAndTypes[i + 1]
                            + "')");
        }
        return MigrationProbe.liquibase(over(url)).timeout(AnswerTable.PATIENCE);
    }

    /** Rows of a name, and the column of Prisma's that says how it ended, in turn. */
    private static MigrationProbe prisma(String... namesAndEnds) throws SQLException {
        String url = newUrl();
        Postgres.execute(url, PRISMA);
        for (int i = 0; i < namesAndEnds.length; i += 2) {
            String end = namesAndEnds[i + 1];
            Postgres.execute(
                    url,
                    "INSERT INTO \"_prisma_migrations\"(id, checksum, migration_name, started_at"
                            + (end.isEmpty() ? "" : ", " + end) + ") VALUES ('" + ROWS.incrementAndGet() + "', 'x', '"
                            + namesAndEnds[i] + "', timestamp '2026-01-01' + interval '" + i + " s'"
                            + (end.isEmpty() ? "" : ", now()") + ")");
        }
        return MigrationProbe.prisma(over(url)).timeout(AnswerTable.PATIENCE);
    }

    static Stream<Case> answers() {
        return Stream.of(
                row(
                        "minimum applied, no failure",
                        Outcome.UP,
                        () -> flyway("V1__a.sql", "SELECT 1").minimum("1")),
                row("no minimum asked for, no failure", Outcome.UP, () -> liquibase("1", "EXECUTED")),
                row(
                        "minimum not applied",
                        Outcome.DOWN,
                        () -> flyway("V1__a.sql", "SELECT 1").minimum("1.1")),
                row(
                        "a migration failed",
                        Outcome.DOWN,
                        () -> flywayOn(
                                        "jdbc:h2:mem:fails;DB_CLOSE_DELAY=-1",
                                        "V1__a.sql",
                                        "SELECT 1",
                                        "V2__b.sql",
                                        "SELEKT 1")
                                .minimum("1")),
                row("a migration has not finished (Prisma)", Outcome.DOWN, () -> prisma("20260101_a", "")),
                row(
                        "the minimum was rolled back or undone",
                        Outcome.DOWN,
                        () -> prisma("20260101_a", "rolled_back_at").minimum("20260101_a")),
                row(
                        "another one was rolled back",
                        Outcome.UP,
                        () -> prisma("20260101_a", "finished_at", "20260102_b", "rolled_back_at")
                                .minimum("20260101_a")),
                row(
                        "no history table",
                        Outcome.DOWN,
                        () -> MigrationProbe.prisma(over(newUrl())).timeout(AnswerTable.PATIENCE)),
                row(
                        "database away",
                        Outcome.DOWN,
                        () -> MigrationProbe.flyway(over("jdbc:postgresql://localhost:1/x"))
                                .timeout(AnswerTable.PATIENCE)),
                row("no connection from the pool in time", Outcome.BROKEN, () -> {
                    return MigrationProbe.flyway(Pools.from(() -> {
                        throw new SQLTransientConnectionException("timed out");
                    }));
                }),
                row("no right to read the table, and anything else", Outcome.BROKEN, () -> {
                    String url = newUrl();
                    Postgres.execute(url, "CREATE TABLE flyway_schema_history(strange INT)");
                    return MigrationProbe.flyway(over(url)).timeout(AnswerTable.PATIENCE);
                }));
    }

    private static Case row(String answer, Outcome outcome, Callable<Probe> scene) {
        return new Case("MigrationProbe", answer, outcome, scene);
    }

    @ParameterizedTest
    @MethodSource("answers")
    @Tag("R-3")
    void isTakenFor(Case each) throws Exception {
        each.verify();
    }

    @Test
    void isTakenForAsTheGuideSays() {
        AnswerTable.assertShown("MigrationProbe", answers().toList());
    }

    @Nested
    class Minimum {

        @ParameterizedTest
        @CsvSource({
            "10,   9,     true",
            "9,    10,    false",
            "1.10, 1.9,   true",
            "1.0,  1,     true",
            "1,    1.0.0, true",
            "1_2,  1.2,   true",
            "1.2,  1.2.1, false",
            "20260101120000, 20251231235959, true",
        })
        void ofFlywayIsComparedNumberByNumber(String applied, String minimum, boolean satisfied) throws Exception {
            assertThat(flyway("V" + applied + "__a.sql", "SELECT 1")
                            .minimum(minimum)
                            .check()
                            .outcome())
                    .isEqualTo(satisfied ? Outcome.UP : Outcome.DOWN);
        }

        @Test
        void ofFlywayMayBeOfAnyLength() {
            MigrationProbe probe = MigrationProbe.flyway(over("jdbc:h2:mem:long"));

            assertThat(probe.minimum("1" + ".1".repeat(20_000))).isNotNull();
        }

        @Test
        void ofFlywayIsReachedByABaselineAndNotByARepeatable() throws Exception {
            assertThat(flyway("B7__base.sql", "SELECT 1", "R__view.sql", "SELECT 1")
                            .minimum("7")
                            .check()
                            .outcome())
                    .isEqualTo(Outcome.UP);
            assertThat(flyway("R__9.sql", "SELECT 1").minimum("1").check().outcome())
                    .isEqualTo(Outcome.DOWN);
        }

        @Test
        void ofLiquibaseIsAnIdOrTheWholeNameOfAChangeSet() throws Exception {
            MigrationProbe probe = liquibase("1", "EXECUTED", "2", "MARK_RAN", "3", "RERAN", "4", "SKIPPED");
            for (String there : new String[] {"1", "2", "3", "log.xml::2::ada"}) {
                assertThat(probe.minimum(there).check().outcome()).as(there).isEqualTo(Outcome.UP);
            }
            for (String missing : new String[] {"4", "5", "log.xml::2::bob"}) {
                assertThat(probe.minimum(missing).check().outcome()).as(missing).isEqualTo(Outcome.DOWN);
            }
            assertThat(liquibase("1", "FAILED").check().detail()).isEqualTo("migration \"1\" failed");
        }

        @Test
        void ofPrismaIsThereOnceItWasRolledBackAndMended() throws Exception {
            assertThat(prisma("a", "rolled_back_at", "a", "finished_at")
                            .minimum("a")
                            .check()
                            .outcome())
                    .isEqualTo(Outcome.UP);
        }

        @Test
        void isAskedForUntilItIsReachedAndThenNeverAgain() throws Exception {
            String url = newUrl();
            AtomicInteger borrowed = new AtomicInteger();
            MigrationProbe probe = MigrationProbe.prisma(Pools.from(() -> {
                        borrowed.incrementAndGet();
                        return DriverManager.getConnection(url, Postgres.USER, null);
                    }))
                    .timeout(AnswerTable.PATIENCE)
                    .minimum("a");
            assertThat(probe.check().outcome()).isEqualTo(Outcome.DOWN);
            assertThat(probe.check().outcome()).isEqualTo(Outcome.DOWN);
            Postgres.execute(
                    url,
                    PRISMA,
                    "INSERT INTO \"_prisma_migrations\" VALUES ('1', 'x', now(), 'a', null, null, now(), 1)");

            assertThat(probe.check().outcome()).isEqualTo(Outcome.UP);
            assertThat(probe.check().outcome()).isEqualTo(Outcome.UP);

            assertThat(borrowed).hasValue(3);
        }

        @Test
        void isLookedForInTheGivenSchemaAndTable() throws Exception {
            String url = newUrl();
            Postgres.execute(url, "CREATE SCHEMA \"Ops\"");
            Flyway.configure()
                    .dataSource(url, Postgres.USER, "")
                    .schemas("Ops")
                    .table("history")
                    .baselineVersion("3")
                    .load()
                    .baseline();
            MigrationProbe probe = MigrationProbe.flyway(over(url))
                    .timeout(AnswerTable.PATIENCE)
                    .table("history")
                    .minimum("3");

            assertThat(probe.schema("Ops").check().outcome()).isEqualTo(Outcome.UP);
            assertThat(probe.check().detail()).isEqualTo("there is no table history: no migration has run");
        }
    }

    @Nested
    class OnAnotherDatabase {

        @Test
        void namesAreQuotedAsFlywayQuotesThem() throws Exception {
            String url = "jdbc:h2:mem:migrations;DB_CLOSE_DELAY=-1";
            DataSource h2 = Pools.from(() -> DriverManager.getConnection(url));
            MigrationProbe probe =
                    MigrationProbe.flyway(h2).timeout(AnswerTable.PATIENCE).minimum("3");
            assertThat(probe.check().outcome()).isEqualTo(Outcome.DOWN);

            Flyway.configure()
                    .dataSource(url, "", "")
                    .baselineVersion("3")
                    .load()
                    .baseline();

            assertThat(probe.check().outcome()).isEqualTo(Outcome.UP);
        }

        @Test
        void namesAreLeftAloneAsLiquibaseLeavesThem() throws Exception {
            String url = "jdbc:h2:mem:changelog;DB_CLOSE_DELAY=-1";
            DataSource h2 = Pools.from(() -> DriverManager.getConnection(url));
            h2.getConnection().createStatement().execute(LIQUIBASE);

            assertThat(MigrationProbe.liquibase(h2)
                            .timeout(AnswerTable.PATIENCE)
                            .check()
                            .outcome())
                    .isEqualTo(Outcome.UP);
        }
    }

    @Nested
    class Refused {

        @ParameterizedTest
        @CsvSource({"''", "' '", "a", "1.", "1..2", "V1", "1;2"})
        void isWhatIsNoVersion(String minimum) {
            assertThatThrownBy(() -> MigrationProbe.flyway(over("x")).minimum(minimum))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("The minimum of a MigrationProbe", "\"" + minimum + "\"", "42.1");
        }

        @Test
        void isWhatIsNoIdentifierAndNothingAtAll() {
            MigrationProbe probe = MigrationProbe.prisma(over("x"));
            assertThatThrownBy(() -> probe.schema("a\".b")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> probe.table("a b")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> probe.minimum(" ")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> MigrationProbe.liquibase(null)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
